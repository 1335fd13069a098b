"""kill -9 while several trainings report: what was said to be stored is there, whole."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from freemlops.domain.run import Event, EventKind, Phase, Run, RunSpec, RunStatus, Task
from freemlops.domain.search import RunFilter, RunSort
from freemlops.warehouse.warehouse import Warehouse

ATTEMPTS = 10
THREADS = 8
TRIALS = 5
WORK = """
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from freemlops.warehouse.warehouse import Warehouse
from tests.faults.test_runs_killed import THREADS, train
w = Warehouse.open(Path(sys.argv[1]))
print("go", flush=True)
def go(thread):
    for n in range(10_000):
        train(w, f"run_{thread}_{n}")
        sys.stdout.write(f"run_{thread}_{n}\\n"); sys.stdout.flush()
with ThreadPoolExecutor(THREADS) as pool:
    list(pool.map(go, range(THREADS)))
"""


def train(warehouse: Warehouse, name: str) -> None:
    spec = RunSpec("ds_1", 1, "y", Task.BINARY, "roc_auc", 1.0, name=name)
    now = datetime.now(UTC)
    warehouse.runs.add(Run(name, spec, "d", RunStatus.QUEUED, Phase.WAITING, 0.0, now))
    trial = {"family": "linear", "loss": 0.5, "fit_s": 0.1, "at_s": 0.1}
    warehouse.runs.record(
        name,
        [Event(EventKind.TRIAL, 1.0, {**trial, "number": n}, n) for n in range(1, TRIALS + 1)],
        status=RunStatus.RUNNING,
    )
    holdout = {"roc_auc": {"value": 0.75, "low": 0.7, "high": 0.8}}
    data = {"id": "c1", "family": "linear", "holdout": holdout}
    event = Event(EventKind.CANDIDATE, 1.0, data, TRIALS + 1)
    warehouse.runs.record(name, [event], status=RunStatus.FINISHED, best="c1")


@pytest.mark.parametrize("attempt", range(ATTEMPTS))
def test_what_eight_trainings_were_told_is_stored_survives_a_kill(
    tmp_path: Path, attempt: int
) -> None:
    home = tmp_path / "home"
    with subprocess.Popen(
        [sys.executable, "-c", WORK, str(home)],
        stdout=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": str(Path(__file__).parents[2])},
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "go\n"
        time.sleep(random.Random(attempt).uniform(0.05, 1.0))
        child.send_signal(signal.SIGKILL)
        told = [line.strip() for line in child.stdout if line.endswith("\n")]
    warehouse = Warehouse.open(home)
    lines, cursor = [], None
    while True:
        page = warehouse.run_search.search(RunFilter(), RunSort.NEWEST, 200, cursor)
        lines += page.items
        if (cursor := page.cursor) is None:
            break
    found = {line.id: line for line in lines}
    assert {r for r, line in found.items() if line.status is RunStatus.FINISHED} >= set(told)
    for name, line in found.items():
        finished = line.status is RunStatus.FINISHED
        trials, board = warehouse.runs.trials(name), warehouse.runs.candidates(name)
        assert len(trials) == (0 if line.status is RunStatus.QUEUED else TRIALS)
        assert [c.id for c in board] == (["c1"] if finished else [])
        assert line.best_score == (0.75 if finished else None)
        assert len(warehouse.runs.events(name)) == len(trials) + len(board)
    warehouse.close()
