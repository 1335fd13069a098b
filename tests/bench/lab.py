"""What does a second machine bring to one run? `just bench lab [--seconds 30] [--sample churn]`.

The same run on a local Dask cluster of one worker and of two: trials, and the holdout score of
the best. The workers share this computer's cores, as machines of a lab would not.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import psutil

from freemlops.client import Client
from freemlops.engine.samples import SAMPLES
from tests.conftest import LiveServer
from tests.contract.conftest import running_cluster


def measure(folder: Path, workers: int, sample: str, target: str, seconds: float) -> str:
    with running_cluster(folder, workers) as cluster:
        time.sleep(5)  # the workers are on their way
        env = {"FREEMLOPS_EXECUTOR": cluster.address}
        server = LiveServer(folder / "home", env=env)
        try:
            with Client(server.url) as client:
                data = client.sample(sample)
                run = client.start(dataset=data["dataset"], target=target, budget_s=seconds)
                while (made := client.run(run))["status"] in ("queued", "running"):
                    time.sleep(0.2)
        finally:
            server.kill()
    assert made["status"] == "finished", made["error"]
    receipt = made["receipt"]
    helped = [n for n in receipt["notes"] if n.startswith("The machine")]
    metric = made["metric"]
    best = next(c for c in made["leaderboard"] if c["candidate"] == made["best"])
    return (
        f"{workers} workers: {receipt['trials']:4d} trials, {metric} "
        f"{best['holdout'][metric]['value']:.4f} ({best['family']}), "
        f"{receipt['used_s']:.1f} s of {seconds:.0f}. {' '.join(helped)}"
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--sample", default="churn")
    options = parser.parse_args()
    target = next(s.target for s in SAMPLES if s.key == options.sample)
    for workers in (1, 2):
        with tempfile.TemporaryDirectory() as folder:
            print(measure(Path(folder), workers, options.sample, target, options.seconds))
    print(f"All on the {psutil.cpu_count()} cores of this computer.")


if __name__ == "__main__":
    main()
