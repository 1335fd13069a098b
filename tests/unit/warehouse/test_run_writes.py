"""Several trainings that report at the same moment are written together, each as if alone."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest

from freemlops.domain.errors import NotFoundError
from freemlops.domain.run import Event, EventKind, Phase, Run, RunStatus
from freemlops.domain.search import RunFilter, RunSort
from freemlops.services.run_reading import RunReading
from freemlops.warehouse.warehouse import Warehouse


def candidate(name: str, score: float, family: str = "lightgbm", seq: int = 1) -> Event:
    data = {
        "id": name,
        "family": family,
        "holdout": {
            "roc_auc": {"value": score, "low": score - 0.1, "high": score + 0.1},
            "f1": {"value": 0.25, "low": 0.2, "high": 0.3},
        },
        "params": {"leaves": 31, "mixed": [1, "a", None]},
    }
    return Event(EventKind.CANDIDATE, 1.0, data, seq)


def trial(number: int, seq: int) -> Event:
    data = {"number": number, "family": "lightgbm", "loss": 0.5, "fit_s": 0.1, "at_s": 0.2}
    return Event(EventKind.TRIAL, 1.0, data, seq)


@contextmanager
def together(warehouse: Warehouse, calls: list[Callable[[], Any]]) -> Iterator[list[Future[Any]]]:
    """The calls, each on a thread of its own, all waiting for one transaction, in this order."""
    held, go = threading.Event(), threading.Event()
    blocker = warehouse.write_soon(lambda c: held.set() or go.wait(10))
    held.wait(10)
    queued = warehouse._database._writer._queue
    with ThreadPoolExecutor(len(calls)) as pool:
        futures = []
        for waiting, call in enumerate(calls):
            futures.append(pool.submit(call))
            while queued.qsize() <= waiting and not futures[-1].done():
                time.sleep(0.001)
        go.set()
        blocker.result(10)
        for future in futures:
            future.exception(10)
        yield futures


def learned(candidate: str, values: tuple[float, ...]) -> Event:
    points = [
        {
            "rows": 100 * 2**n,
            "score": {"value": v, "low": v - 0.1, "high": v + 0.1},
            "ahead": 0.9 if n else None,
        }
        for n, v in enumerate(values)
    ]
    data = {"candidate": candidate, "metric": "roc_auc", "points": points}
    return Event(EventKind.LEARNING, 2.0, data, 9)


def test_a_learning_curve_replaces_the_one_before(
    warehouse: Warehouse, a_run: Callable[..., Run]
) -> None:
    runs = warehouse.runs
    one, other = a_run("run_one"), a_run("run_other")
    for run in (one, other):
        runs.add(run)
        runs.add_events(run.id, [learned("a", (0.6, 0.7, 0.8))])
    runs.add_events(one.id, [learned("b", (0.65, 0.85))])
    made = runs.learning(one.id)
    assert made is not None
    assert (made.candidate, made.metric) == ("b", "roc_auc")
    assert [(p.rows, p.score.value, p.ahead) for p in made.points] == [
        (100, 0.65, None), (200, 0.85, 0.9),
    ]  # fmt: skip
    kept = runs.learning(other.id)
    assert kept is not None
    assert len(kept.points) == 3


def test_runs_of_many_threads_come_back_each_with_its_own(
    warehouse: Warehouse, a_run: Callable[..., Run]
) -> None:
    def train(i: int) -> None:
        run = f"run_{i:02d}"
        warehouse.runs.add(a_run(run))
        warehouse.runs.record(run, [trial(1, 1), trial(2, 2)], status=RunStatus.RUNNING)
        events = [candidate("c0", 0.5, "constant", 3), candidate("c1", 0.6 + i / 100, seq=4)]
        warehouse.runs.record(run, events)
        warehouse.runs.record(run, [], best="c1", status=RunStatus.FINISHED, phase=Phase.DONE)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(train, range(40)))
    found = warehouse.run_search.search(RunFilter(), RunSort.SCORE, 100).items
    assert [r.id for r in found] == [f"run_{i:02d}" for i in reversed(range(40))]
    for i, line in enumerate(reversed(found)):
        assert (line.best_family, line.best_score) == ("lightgbm", 0.6 + i / 100)
        assert line.baseline_score == 0.5
        assert [t.number for t in warehouse.runs.trials(line.id)] == [1, 2]
        board = warehouse.runs.candidates(line.id)
        assert [c.id for c in board] == ["c0", "c1"]
        assert board[1].params == {"leaves": 31, "mixed": [1, "a", None]}
        assert [e.seq for e in warehouse.runs.events(line.id)] == [1, 2, 3, 4]


def test_a_run_and_all_that_happened_to_it_in_one_group_is_whole(
    warehouse: Warehouse, a_run: Callable[..., Run]
) -> None:
    runs = warehouse.runs
    calls = [
        lambda: runs.add(a_run("run_1")),
        lambda: runs.record("run_1", [candidate("c1", 0.7)], best="c1"),
        lambda: runs.record("run_1", [candidate("c2", 0.9, "ensemble", 2)], best="c2"),
        lambda: runs.record("run_1", [candidate("c1", 0.8, "linear", 3)], progress=0.5),
        lambda: runs.update("run_1", progress=1.0, status=RunStatus.FINISHED),
    ]
    with together(warehouse, calls) as futures:
        assert [f.exception() for f in futures] == [None] * 5
    (line,) = warehouse.run_search.search(RunFilter(), RunSort.NEWEST).items
    assert (line.best, line.best_family, line.best_score) == ("c2", "ensemble", 0.9)
    run = runs.get("run_1")
    assert (run.progress, run.status) == (1.0, RunStatus.FINISHED)
    assert run.plan == {} and run.receipt is None
    board = [(c.id, c.family, c.holdout["roc_auc"].value) for c in runs.candidates("run_1")]
    assert board == [("c2", "ensemble", 0.9), ("c1", "linear", 0.8)]


def test_runs_that_begin_and_runs_that_end_share_a_transaction(
    warehouse: Warehouse, a_run: Callable[..., Run]
) -> None:
    runs = warehouse.runs
    for name in ("run_1", "run_2"):
        runs.add(a_run(name))
        runs.record(name, [candidate("c1", 0.5)], best="c1")
    calls = [
        lambda: runs.add(a_run("run_3")),
        lambda: runs.record("run_1", [candidate("c2", 0.7, "linear")], best="c2"),
        lambda: runs.add(a_run("run_4")),
        lambda: runs.record("run_2", [candidate("c2", 0.8, "linear")], best="c2"),
    ]
    before = warehouse._database._writer.commits
    with together(warehouse, calls) as futures:
        assert [f.exception() for f in futures] == [None] * 4
    assert warehouse._database._writer.commits == before + 2  # the one that was waited for, and all
    found = {r.id: r for r in warehouse.run_search.search(RunFilter(), RunSort.NEWEST).items}
    assert [found[f"run_{n}"].best_score for n in (1, 2, 3, 4)] == [0.7, 0.8, None, None]


def test_an_unknown_run_among_known_ones_is_refused_alone(
    warehouse: Warehouse, a_run: Callable[..., Run]
) -> None:
    runs = warehouse.runs
    for name in ("run_1", "run_2"):
        runs.add(a_run(name))
    calls = [
        lambda: runs.record("run_1", [trial(1, 1)], progress=0.25),
        lambda: runs.record("run_9", [trial(1, 1)], progress=0.5, best="c1"),
        lambda: runs.record("run_2", [trial(1, 1)], progress=0.75),
    ]
    with together(warehouse, calls) as futures:
        errors = [f.exception() for f in futures]
    assert errors[0] is None and errors[2] is None
    assert isinstance(errors[1], NotFoundError)
    assert "run_9" in str(errors[1])
    assert [runs.get(r).progress for r in ("run_1", "run_2")] == [0.25, 0.75]
    assert [len(runs.trials(r)) for r in ("run_1", "run_2", "run_9")] == [1, 1, 0]


def test_a_run_is_not_added_twice_and_the_first_stays(
    warehouse: Warehouse, a_run: Callable[..., Run]
) -> None:
    first, again = a_run("run_1"), a_run("run_1", dataset="ds_2")
    calls = [lambda: warehouse.runs.add(first), lambda: warehouse.runs.add(again)]
    with together(warehouse, calls) as futures:
        assert futures[0].exception() is None
        assert futures[1].exception() is not None
    assert warehouse.runs.get("run_1") == first


def test_a_run_without_a_best_shows_none(warehouse: Warehouse, a_run: Callable[..., Run]) -> None:
    warehouse.runs.add(a_run("run_1"))
    warehouse.runs.record("run_1", [candidate("c0", 0.5, "constant")], best="c0")
    warehouse.runs.record("run_1", [], best=None, status=RunStatus.FAILED)
    (line,) = warehouse.run_search.search(RunFilter(), RunSort.NEWEST).items
    assert (line.best, line.best_family, line.best_score) == (None, None, None)
    assert line.baseline_score == 0.5


def test_what_cannot_be_a_candidate_is_refused_before_anything_is_stored(
    warehouse: Warehouse, a_run: Callable[..., Run]
) -> None:
    warehouse.runs.add(a_run("run_1"))
    bad = Event(EventKind.CANDIDATE, 1.0, {"id": "c1", "family": "x", "holdout": "none"}, 1)
    with pytest.raises(ValueError, match="holdout"):
        warehouse.runs.record("run_1", [bad], progress=0.5)
    assert warehouse.runs.events("run_1") == ()
    assert warehouse.runs.get("run_1").progress == 0.0


def test_the_curve_of_an_earlier_winner_is_not_that_of_the_run(
    warehouse: Warehouse, a_run: Callable[..., Run]
) -> None:
    run, reading = a_run("run_one"), RunReading(warehouse)
    warehouse.runs.add(run)
    events = [candidate("a", 0.7), candidate("b", 0.8, seq=2), learned("a", (0.6, 0.7))]
    warehouse.runs.record(run.id, events, best="a")
    assert reading.learning(run.id) == warehouse.runs.learning(run.id)
    assert reading.learning(run.id) is not None
    warehouse.runs.update(run.id, best="b")
    assert reading.learning(run.id) is None
