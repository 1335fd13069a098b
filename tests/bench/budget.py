"""Is the budget kept? `just bench budget [--seconds 15] [--load]`.

Trains on every sample through the API, as a person would, and prints seconds used over seconds
asked, from the click to the run's end; the floor is 1. With `--load` a process spins beside.
"""

from __future__ import annotations

import argparse
import multiprocessing
import statistics
import tempfile
import time
from pathlib import Path

import psutil

from freemlops.client import Client
from tests.conftest import LiveServer


def spin() -> None:
    while True:
        pass


def measure(client: Client, key: str, target: str, seconds: float) -> tuple[float, float, int]:
    """(used/asked, seconds to the first scored model, candidates)."""
    data = client.sample(key)
    clicked = time.monotonic()
    run = client.start(dataset=data["dataset"], target=target, budget_s=seconds)
    first = 0.0
    while True:
        made = client.run(run)
        if made["leaderboard"] and not first:
            first = time.monotonic() - clicked
        if made["status"] not in ("queued", "running"):
            break
        time.sleep(0.1)
    assert made["status"] == "finished", made["error"]
    return (time.monotonic() - clicked) / seconds, first, len(made["leaderboard"])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--load", action="store_true")
    options = parser.parse_args()
    beside = multiprocessing.Process(target=spin, daemon=True)
    if options.load:
        beside.start()
    with tempfile.TemporaryDirectory() as folder:
        server = LiveServer(Path(folder) / "home")
        try:
            ratios, firsts = [], []
            with Client(server.url) as client:
                for sample in client.call("GET", "/samples"):
                    ratio, first, models = measure(
                        client, sample["sample"], sample["target"], options.seconds
                    )
                    ratios.append(ratio)
                    firsts.append(first)
                    print(
                        f"{sample['sample']:<16} {sample['rows']:>7} rows  used/asked {ratio:.3f}"
                        f"  first model {first:5.1f} s  {models} candidates",
                        flush=True,
                    )
        finally:
            server.kill()
    print(
        f"{len(ratios)} runs of {options.seconds:.0f} s on {psutil.cpu_count()} cores"
        f"{' beside a spinning process' if options.load else ''}: used/asked median "
        f"{statistics.median(ratios):.3f}, worst {max(ratios):.3f}; first model median "
        f"{statistics.median(firsts):.1f} s, worst {max(firsts):.1f} s"
    )


if __name__ == "__main__":
    main()
