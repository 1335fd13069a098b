"""MLflow's sqlite store and our warehouse, the same work in the same run, both empty at first:
`just bench beside_mlflow [--runs 2000] [--mlflow-python PYTHON]`.

Logged first by one client, run after run, then by eight threads at once; each call is waited for
until it is on the disk. A run has 10 parameters, 5 metrics, 3 tags and the losses of 50 trials.
Then 30 searches of 50 by score, tag and target among all of them.

MLflow gets its quickest way: its client on the sqlite file without HTTP, a run as `create_run`,
one `log_batch` of everything, `set_terminated`. Ours is what the server does: `add`, then one
`record` of its plan, trials, model and end. Ours stores more for each trial (its parameters and
times, and the log of events), and counts all matches of a search; MLflow's page has all metrics
of its runs. MLflow is installed into an environment of its own by `uv run --script`, or name a
Python that has it.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

from freemlops.domain.run import (
    Event,
    EventKind,
    Phase,
    Run,
    RunSpec,
    RunStatus,
    Task,
    new_run_id,
)
from freemlops.domain.search import RunFilter, RunSort
from freemlops.services.changes import Changes
from freemlops.services.experiments import ExperimentService
from freemlops.warehouse.warehouse import Warehouse
from tests.bench.big_history import METRICS, TRIALS

RUNS = 2_000
THREADS = 8
SEARCHES = 30
PEER = Path(__file__).parent / "peers" / "mlflow_history.py"


def train(warehouse: Warehouse, number: int) -> None:
    """A run as the server writes it; the parameters are those of its model."""
    now, pick = datetime.now(UTC), random.Random(number)
    target, name = f"target {number % 7}", f"study {number}"
    spec = RunSpec("ds_1", 1, target, Task.BINARY, "roc_auc", 60.0, seed=number, name=name)
    tags = (f"team {'ab'[number % 2]}", "retrain", "me")
    start = (RunStatus.QUEUED, Phase.WAITING, 0.0, now)
    warehouse.runs.add(run := Run(new_run_id(now), spec, "clientes", *start, tags=tags))
    ending: dict[str, Any] = {"phase": Phase.DONE, "progress": 1.0, "finished_at": now}
    warehouse.runs.record(run.id, _events(pick), status=RunStatus.FINISHED, best="c1", **ending)


def _events(pick: random.Random) -> list[Event]:
    scores = {name: pick.uniform(0.5, 1) for name in METRICS}
    candidate = {
        "id": "c1",
        "family": "lightgbm",
        "holdout": {n: {"value": v, "low": v - 0.1, "high": v + 0.1} for n, v in scores.items()},
        "params": {f"p{n}": n / 7 for n in range(10)},
    }
    trial = {"family": "lightgbm", "fit_s": 0.5, "at_s": 2.5, "params": {"leaves": 31, "rate": 0.1}}
    data = [
        (EventKind.PLAN, {"holdout_rows": 100}),
        *((EventKind.TRIAL, {**trial, "number": n, "loss": pick.random()}) for n in range(TRIALS)),
        (EventKind.CANDIDATE, candidate),
        (EventKind.DONE, {"status": "finished", "best": "c1"}),
    ]
    return [Event(kind, 1.0, what, seq) for seq, (kind, what) in enumerate(data)]


def timed(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def ours(home: Path, runs: int) -> dict[str, float]:
    warehouse = Warehouse.open(home)
    service = ExperimentService(warehouse, Changes())
    one = [timed(lambda n=n: train(warehouse, n)) for n in range(runs)]
    with ThreadPoolExecutor(THREADS) as pool:
        work = lambda: list(pool.map(lambda n: train(warehouse, n), range(runs, 2 * runs)))  # noqa: E731
        eight = timed(work)
    filter = RunFilter(least_score=0.8, tags=("team a",), target="target 3")
    searched = [timed(lambda: service.search(filter, RunSort.SCORE)) for _ in range(SEARCHES)]
    found = len(service.search(filter, RunSort.SCORE).items)
    assert service.search().total == 2 * runs
    warehouse.close()
    return {
        "one_ms": sum(one) / runs * 1000,
        "one_median_ms": statistics.median(one) * 1000,
        "eight_ms": eight / runs * 1000,
        "search_ms": statistics.median(searched) * 1000,
        "search_p95_ms": sorted(searched)[int(SEARCHES * 0.95)] * 1000,
        "found": found,
    }


def mlflow(folder: Path, runs: int, python: str | None) -> dict[str, Any] | None:
    start = [python] if python else ["uv", "run", "--no-project", "--script"]
    command = [*start, str(PEER), str(folder / "mlflow.db"), str(runs), str(THREADS)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder)
    if done.returncode:
        print("  MLflow could not be run here:", done.stderr.strip().splitlines()[-1])
        return None
    answer: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return answer


def beside(folder: Path, runs: int, python: str | None) -> None:
    mine, theirs = ours(folder / "ours", runs), mlflow(folder, runs, python)
    for name, made in (("Free MLOps", mine), ("MLflow", theirs)):
        if made is not None:
            print(
                f"  {name:<12} log, ms a run: one client {made['one_ms']:6.2f} (median "
                f"{made['one_median_ms']:.2f}), {THREADS} threads {made['eight_ms']:6.2f}   "
                f"search p50 {made['search_ms']:6.2f} ms, p95 {made['search_p95_ms']:6.2f} ms, "
                f"{made['found']} found",
                flush=True,
            )
    if theirs is not None:
        print(f"  against MLflow {theirs['version']}, times as fast:")
        names = {
            "one_ms": "log, one client",
            "eight_ms": f"log, {THREADS} threads",
            "search_ms": "search",
        }
        for key, name in names.items():
            print(f"    {name:<20} {theirs[key] / mine[key]:5.1f}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--mlflow-python", default=None, help="a Python that has mlflow")
    options = parser.parse_args()
    print(f"{psutil.cpu_count()} cores, load {psutil.getloadavg()[0]:.1f} at the start")
    with tempfile.TemporaryDirectory() as folder:
        beside(Path(folder), options.runs, options.mlflow_python)
    print(f"load {psutil.getloadavg()[0]:.1f} at the end")


if __name__ == "__main__":
    main()
