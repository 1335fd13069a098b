"""A long history: is it quick? `just bench history [--runs 100000] [--no-browser] [--no-mlflow]`.

Loads that many runs (20 metrics and 50 trials each) in bulk into the real tables of a temporary
home, and prints p50 and p95 of what pages and API ask the services for; then the seconds that a
person waits in Chromium, see `tests.bench.history_browser`.

Then the same work for MLflow's sqlite store and for ours, see `tests.bench.beside_mlflow`.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from freemlops.domain.ranking import rank
from freemlops.domain.run import RunStatus
from freemlops.domain.search import Annotation, RunFilter, RunSort
from freemlops.services.changes import Changes
from freemlops.services.experiments import ExperimentService
from freemlops.warehouse.warehouse import Warehouse
from tests.bench.beside_mlflow import beside
from tests.bench.big_history import loaded
from tests.bench.history_browser import look

TIMES = 40
COMPARED = 2_000


def timed(name: str, call: Callable[[], object], times: int = TIMES) -> None:
    took = []
    for _ in range(times):
        started = time.perf_counter()
        call()
        took.append((time.perf_counter() - started) * 1000)
    p50, p95 = statistics.median(took), sorted(took)[int(times * 0.95)]
    print(f"  {name:<40} p50 {p50:6.1f} ms  p95 {p95:6.1f} ms", flush=True)


def ask(home: Path, ids: list[str]) -> None:
    """The services' answers over the long history."""
    warehouse = Warehouse.open(home)
    service, runs, pick = ExperimentService(warehouse, Changes()), warehouse.runs, random.Random(1)
    filters = {
        "everything": RunFilter(),
        "one dataset": RunFilter(dataset="ds_3"),
        "two words": RunFilter(text="study 99"),
        "a word in a note": RunFilter(text=f"note {len(ids) // 40 * 20}"),
        "a tag": RunFilter(tags=("ação",)),
        "starred and finished": RunFilter(starred=True, statuses=(RunStatus.FINISHED,)),
        "a range of scores": RunFilter(least_score=0.9, most_score=0.95),
    }
    for name, filter in filters.items():
        timed(f"search: {name}", lambda filter=filter: service.search(filter))
        timed(f"facets: {name}", lambda filter=filter: service.facets(filter))
    for sort in RunSort:
        timed(f"search by {sort}", lambda sort=sort: service.search(sort=sort))
    cursor = None
    for _ in range(20):
        cursor = service.search(cursor=cursor).cursor or cursor
    timed("search: page 21", lambda: service.search(cursor=cursor))
    timed("leaderboard", lambda: rank(runs.candidates(pick.choice(ids)), "roc_auc"))
    timed("trials of a run", lambda: runs.trials(pick.choice(ids)))
    timed("compare 5 runs", lambda: service.compare(pick.sample(ids, 5)))
    timed("compare 20 runs", lambda: service.compare(pick.sample(ids, 20)))
    timed("star a run", lambda: service.annotate(pick.choice(ids), Annotation(starred=True)))
    warehouse.close()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=100_000)
    parser.add_argument("--no-browser", action="store_true")
    parser.add_argument("--no-mlflow", action="store_true")
    parser.add_argument("--mlflow-python", default=None, help="a Python that has mlflow")
    options = parser.parse_args()
    print(f"{psutil.cpu_count()} cores, load {psutil.getloadavg()[0]:.1f} at the start")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        ids, seconds = loaded(home, options.runs)
        size = sum(f.stat().st_size for f in home.iterdir() if f.is_file()) / 1024**2
        print(f"{options.runs} runs loaded in {seconds:.1f} s, {size:.0f} MB", flush=True)
        ask(home, ids)
        if not options.no_browser:
            look(home)
        if not options.no_mlflow:
            beside(Path(folder), COMPARED, options.mlflow_python)
            print(
                f"  for scale, the load in bulk above: {seconds / options.runs * 1e3:.2f} ms a run"
            )
    print(f"load {psutil.getloadavg()[0]:.1f} at the end")


if __name__ == "__main__":
    main()
