"""Is the budget kept? `just bench budget [--runs 60] [--only NAME …] [--idle]`.

Sixty trainings through the API, of 50 rows to a million, while a process spins beside them:
seconds used over seconds asked, from the click to the run's end (the floor is 1), seconds to the
first scored model that is not the baseline, and the most memory of the training's process.
Finished runs are kept in `--home`, so a bench that was broken off goes on.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import psutil
import pyarrow as pa
import pyarrow.parquet as pq

from freemlops.client import Client
from tests.conftest import LiveServer

SIZES = {
    "50x5": 14, "300x10": 14, "2000x20": 12, "500x1000": 3, "10000x30": 6, "5000x300": 2,
    "50000x20": 3, "200000x15": 3, "1000000x10": 1, "1000000x30": 2,
}  # fmt: skip
"""Rows x columns, and how many of the sixty runs they have."""
BUDGETS = (15, 15, 30, 15, 15, 60, 15, 30, 15, 15)
TASKS = ("binary", "multiclass", "regression")
TARGETS = {task: f"target_{task}" for task in TASKS}
TOLD = 1.10


@dataclass(frozen=True, slots=True)
class Case:
    number: int
    size: str
    task: str
    seconds: int

    @property
    def name(self) -> str:
        return f"{self.number:02d} {self.size} {self.task} {self.seconds} s"


@dataclass(frozen=True, slots=True)
class Result:
    name: str
    size: str
    seconds: int
    status: str
    share: float
    first_s: float | None
    candidates: int
    trials: int
    peak_mb: int


def cases() -> list[Case]:
    """Always the same sixty, large and small in turn."""
    left, made = dict(SIZES), []
    while left:
        for size in list(left):
            number = len(made)
            seconds = BUDGETS[number % len(BUDGETS)]
            made.append(Case(number, size, TASKS[number % len(TASKS)], seconds))
            left[size] -= 1
            if not left[size]:
                del left[size]
    return made


def write_table(path: Path, rows: int, columns: int, seed: int) -> None:
    """Numbers with holes, texts of few and of many levels, dates; all three targets."""
    random = np.random.default_rng(seed)
    made: dict[str, pa.Array] = {}
    signal = np.zeros(rows)
    for place in range(columns):
        kind = place % 6
        if kind < 3:
            values = random.normal(size=rows) if kind else random.integers(0, 1000, rows) / 7
            signal += random.normal() * (values if kind else np.sin(values / 20))
            holes = random.random(rows) < (0.1 if kind == 1 else 0.0)
            made[f"number {place}"] = pa.array(values.astype(np.float64), mask=holes)
        elif kind == 5:
            days = random.integers(0, 3000, rows)
            signal += np.sin(days / 100) * 0.5
            made[f"date {place}"] = pa.array((days * 86400).astype("datetime64[s]"))
        else:
            levels = 12 if kind == 3 else min(20_000, max(3, rows // 10))
            codes = random.integers(0, levels, rows)
            signal += random.normal(size=levels)[codes] * 0.5
            made[f"text {place}"] = pa.array(np.array([f"level {k}" for k in range(levels)])[codes])
    signal = signal / (signal.std() or 1.0) + random.normal(size=rows) * 0.7
    made[TARGETS["binary"]] = pa.array(np.where(signal > np.quantile(signal, 0.6), "yes", "no"))
    parts = np.digitize(signal, np.quantile(signal, [0.3, 0.6, 0.8]))
    made[TARGETS["multiclass"]] = pa.array(np.array(["a", "b", "c", "d"])[parts])
    made[TARGETS["regression"]] = pa.array(signal * 100 + 20)
    pq.write_table(pa.table(made), path)


def spin() -> None:
    while True:
        pass


@contextmanager
def load(wanted: bool) -> Iterator[None]:
    beside = multiprocessing.Process(target=spin, daemon=True)
    if wanted:
        beside.start()
    try:
        yield
    finally:
        if wanted:
            beside.kill()


def dataset(client: Client, folder: Path, size: str) -> str:
    known = {d["name"]: d["dataset"] for d in client.call("GET", "/datasets")["items"]}
    if size in known:
        return str(known[size])
    path = folder / f"{size}.parquet"
    write_table(path, *(int(n) for n in size.split("x")), seed=len(size))
    made = client.upload(path, name=size)
    path.unlink()
    return str(made["dataset"])


def measure(client: Client, server: LiveServer, data: str, case: Case) -> Result:
    others = [t for task, t in TARGETS.items() if task != case.task]
    parent = psutil.Process(server.process.pid)
    clicked = time.monotonic()
    run = client.start(
        dataset=data, target=TARGETS[case.task], task=case.task, budget_s=case.seconds,
        exclude=others, warm_start=False,
    )  # fmt: skip
    first, peak, used = None, 0, 0.0
    while True:
        made = client.run(run)
        used = time.monotonic() - clicked
        if first is None and any(c["family"] != "constant" for c in made["leaderboard"]):
            first = used
        if made["status"] not in ("queued", "running"):
            break
        peak = max([peak, *_resident(parent)])
        time.sleep(0.1)
    return Result(
        case.name, case.size, case.seconds, made["status"], used / case.seconds, first,
        len(made["leaderboard"]), made["receipt"]["trials"] if made["receipt"] else 0, peak,
    )  # fmt: skip


def _resident(parent: psutil.Process) -> list[int]:
    """Megabytes of each of its children."""
    found = []
    for child in parent.children():
        try:
            found.append(int(child.memory_info().rss / 1e6))
        except psutil.Error:
            continue
    return found


def summary(results: list[Result], beside: bool) -> Iterator[str]:
    for size in SIZES:
        mine = [r for r in results if r.size == size]
        if mine:
            firsts = [r.first_s for r in mine if r.first_s is not None]
            yield (
                f"{size:>11}: {len(mine):2} runs, used/asked median "
                f"{statistics.median(r.share for r in mine):.3f} most "
                f"{max(r.share for r in mine):.3f}; first model median "
                f"{statistics.median(firsts):4.1f} s most {max(firsts):4.1f} s; at most "
                f"{max(r.peak_mb for r in mine)} MB"
            )
    kept = sum(r.share <= TOLD for r in results)
    failed = [r.name for r in results if r.status != "finished" or r.candidates < 2]
    firsts = [r.first_s for r in results if r.first_s is not None]
    yield (
        f"{len(results)} runs on {psutil.cpu_count()} cores"
        f"{' beside a spinning process' if beside else ''}: {kept} within {TOLD:.0%} "
        f"({kept / len(results):.1%}), worst {max(r.share for r in results):.3f}; first model "
        f"within 5 s in {sum(f <= 5 for f in firsts)}; without a model: {failed or 'none'}"
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=60)
    parser.add_argument("--only", nargs="*", default=[], help="sizes, such as 1000000x30")
    parser.add_argument("--idle", action="store_true", help="without the spinning process")
    parser.add_argument("--home", type=Path, default=Path("build/budget"))
    asked = parser.parse_args()
    asked.home.mkdir(parents=True, exist_ok=True)
    kept = asked.home / f"results{'-idle' if asked.idle else ''}.jsonl"
    results = [Result(**json.loads(line)) for line in kept.open()] if kept.exists() else []
    done = {r.name for r in results}
    wanted = [c for c in cases() if c.name not in done and (not asked.only or c.size in asked.only)]
    server = LiveServer(asked.home.resolve() / "server")
    try:
        with Client(server.url) as client:
            for case in wanted[: asked.runs]:
                data = dataset(client, asked.home, case.size)
                with load(not asked.idle):
                    made = measure(client, server, data, case)
                results.append(made)
                with kept.open("a") as file:
                    file.write(json.dumps(asdict(made)) + "\n")
                first = "none" if made.first_s is None else f"{made.first_s:.1f} s"
                print(
                    f"{made.name:<32} {made.status:<9} used/asked {made.share:.3f}  first model "
                    f"{first}  {made.candidates} candidates  {made.trials} trials  "
                    f"{made.peak_mb} MB",
                    flush=True,
                )
    finally:
        server.stop()
    for line in summary(results, not asked.idle):
        print(line)


if __name__ == "__main__":
    main()
