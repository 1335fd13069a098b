"""A run that is given more time goes on from where it ended."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from freemlops.domain.job import MEMORY, SEARCH, Earlier, TrainJob
from freemlops.domain.run import Candidate, Event, EventKind, Receipt, Task, Trial
from freemlops.domain.splits import SplitPlan
from freemlops.engine.memory import (
    Part,
    Recalled,
    candidate_memory,
    recall_candidate,
    recall_search,
    search_memory,
)
from freemlops.engine.recall import sort_trials
from freemlops.engine.train import train
from freemlops.engine.trial import Tried

from .conftest import MakeJob, mixed_table

pytestmark = pytest.mark.filterwarnings("ignore")


def run(job: TrainJob, stop: Callable[[], str | None] = lambda: None) -> list[Event]:
    events: list[Event] = []
    train(job, events.append, stop)
    return events


def of_kind(events: list[Event], kind: EventKind) -> list[Event]:
    return [e for e in events if e.kind is kind]


def earlier_of(events: list[Event]) -> Earlier:
    """As the service makes it out of what it stored."""
    candidates: dict[str, Candidate] = {}
    memory: dict[str, bytes] = {}
    for event in events:
        data = dict(event.data)
        files = data.pop("artifacts", {})
        if event.kind is EventKind.CANDIDATE:
            candidates[data["id"]] = msgspec.convert({**data, "run": "run_1"}, Candidate)
        name = data.get("id") or data.get("candidate") or SEARCH
        if MEMORY in files:
            memory[name] = Path(files[MEMORY]["path"]).read_bytes()
    done = events[-1].data
    plan = of_kind(events, EventKind.PLAN)[0].data
    return Earlier(
        receipt=msgspec.convert(done["receipt"], Receipt),
        split=msgspec.convert(plan["split"], SplitPlan),
        events=len(events),
        candidates=tuple(candidates.values()),
        best=done["best"],
        trials=tuple(msgspec.convert(e.data, Trial) for e in of_kind(events, EventKind.TRIAL)),
        memory=memory,
    )


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[MakeJob, TrainJob, list[Event]]:
    """A run of a few seconds, and what it said."""
    make: Any = make_job_in(tmp_path_factory.mktemp("jobs"))
    job = make(mixed_table(), Task.BINARY, budget_s=7.0, max_trials=None)
    return make, job, run(job)


def make_job_in(folder: Path) -> Callable[..., TrainJob]:
    from . import conftest

    made: Callable[..., TrainJob] = conftest.make_job.__wrapped__(folder)  # type: ignore[attr-defined]
    return made


def test_a_run_that_goes_on_keeps_its_board_and_tries_nothing_twice(
    first: tuple[MakeJob, TrainJob, list[Event]],
) -> None:
    make, _, events = first
    earlier = earlier_of(events)
    assert {c.id for c in earlier.candidates} == earlier.memory.keys() - {SEARCH}
    job = make(mixed_table(), Task.BINARY, budget_s=9.0, max_trials=None, earlier=earlier)
    more = run(job)
    done = more[-1].data
    assert done["status"] == "finished", done
    plans = [of_kind(e, EventKind.PLAN)[0].data for e in (events, more)]
    assert plans[0]["split"] == plans[1]["split"]
    again = earlier_of(more)
    fresh = {c.id for c in again.candidates} - {c.id for c in earlier.candidates}
    board = {c.id: c for c in (*earlier.candidates, *again.candidates)}
    assert done["best"] in board
    # the same rule as ever, over more models: what leads is no worse on folds and holdout
    assert overall(board[done["best"]]) <= overall(board[events[-1].data["best"]]) + 1e-9
    assert not fresh & {"constant", "linear", "lightgbm", "random_forest"}, "the floor was there"
    tried = [key(t) for t in (*earlier.trials, *again.trials)]
    assert len(tried) == len(set(tried)), "something was tried again"
    numbers = [t.number for t in (*earlier.trials, *again.trials)]
    assert numbers == list(range(1, len(numbers) + 1))
    receipt = msgspec.convert(done["receipt"], Receipt)
    assert receipt.asked_s == pytest.approx(16.0)
    assert receipt.trials == len(numbers)
    assert receipt.used_s == pytest.approx(sum(receipt.parts.values()), abs=0.1)
    assert min(e.at_s for e in more) >= earlier.receipt.used_s


def overall(candidate: Candidate) -> float:
    """1 - AUC on folds and holdout, weighed by rows as the board does."""
    folds = candidate.folds or (candidate.holdout["roc_auc"].value,)
    return 1 - float(
        np.average([np.mean(folds), candidate.holdout["roc_auc"].value], weights=[4, 1])
    )


def key(trial: Trial) -> str:
    asked = {k: v for k, v in trial.params.items() if k != "n_estimators"}
    return f"{trial.family} {sorted(asked.items())}"


@pytest.mark.parametrize("asked", ["stop", "cancel"])
def test_asked_to_end_at_once_it_is_what_it_was(
    first: tuple[MakeJob, TrainJob, list[Event]], asked: str
) -> None:
    """Not even a cancel takes back what an earlier part of the run has brought."""
    make, _, events = first
    earlier = earlier_of(events)
    job = make(mixed_table(), Task.BINARY, budget_s=30.0, max_trials=None, earlier=earlier)
    done = run(job, lambda: asked)[-1].data
    assert done["status"] == "stopped"
    assert done["best"] == earlier.best
    assert done["tied"] == list(earlier.tied)


def test_a_failure_while_it_goes_on_leaves_what_there_was(
    first: tuple[MakeJob, TrainJob, list[Event]],
) -> None:
    make, job, events = first
    earlier = earlier_of(events)
    job = make(mixed_table(), Task.BINARY, budget_s=30.0, max_trials=None, earlier=earlier)
    job.data.write_bytes(b"no arrow file")
    done = run(job)[-1].data
    assert (done["status"], done["best"]) == ("finished", earlier.best)
    assert done["receipt"]["left_out"]


def test_a_damaged_memory_ends_in_words_and_keeps_the_board(
    first: tuple[MakeJob, TrainJob, list[Event]],
) -> None:
    make, _, events = first
    earlier = earlier_of(events)
    broken = replace(earlier, memory={**earlier.memory, str(earlier.best): b"PK\x03\x04 no"})
    job = make(mixed_table(), Task.BINARY, budget_s=20.0, max_trials=None, earlier=broken)
    done = run(job)[-1].data
    assert (done["status"], done["best"]) == ("finished", earlier.best)


def test_a_numbered_run_keeps_nothing_to_go_on_from(make_job: MakeJob) -> None:
    """Its files must be the same bits each time, and it ends for good."""
    events = run(make_job(mixed_table(120), Task.BINARY, max_trials=2))
    files = [e.data["artifacts"] for e in events if "artifacts" in e.data]
    assert files and not any(MEMORY in f for f in files)


def tried(family: str, loss: float, **params: Any) -> Tried:
    made = np.full((6, 2), 0.5, np.float32)
    return Tried(family, params, (loss, loss), (1 - loss, math.nan), made, 0.25)


def test_memory_survives_its_file() -> None:
    one = tried("lightgbm", 0.2, num_leaves=np.int64(31), rate=0.1)
    back = recall_search(search_memory([one]))[0]
    assert (back.family, back.params) == ("lightgbm", {"num_leaves": 31, "rate": 0.1})
    assert back.losses == one.losses
    assert math.isnan(back.scores[1])
    assert np.array_equal(back.out_of_fold, one.out_of_fold)
    parts = (Part("linear", {"c": 1.5}, 0.25, 0.1), Part("xgboost", {}, 0.75, 2.0))
    kept = Recalled(parts, 0.5, 1.25, True, 300, np.array([[0.1, 0.9]]))
    found = recall_candidate(candidate_memory(kept))
    assert found.parts == parts
    assert (found.export_s, found.temperature, found.whole) == (0.5, 1.25, True)
    assert found.rows == 300
    assert np.array_equal(found.made, kept.made)


def test_memory_of_another_kind_is_refused() -> None:
    """No pickle in it is ever opened."""
    import io

    out = io.BytesIO()
    np.savez(out, head=np.array([{"a": 1}], dtype=object))
    for content in (b"", b"nothing", out.getvalue(), search_memory([])):
        with pytest.raises((ValueError, EOFError, OSError, KeyError)):
            recall_candidate(content)


def test_trials_whose_predictions_were_lost_are_made_again_first() -> None:
    """The process was killed after better trials than those in its last checkpoint."""
    trials = [
        Trial(1, "lightgbm", 0.30, 1.0, 1.0, {"n": 1}),
        Trial(2, "lightgbm", 0.10, 1.0, 2.0, {"n": 2}),
        Trial(3, "xgboost", 0.40, 1.0, 3.0, {"n": 3}),
        Trial(4, "lightgbm", math.nan, 1.0, 4.0, {"n": 4}),
    ]
    found = sort_trials([tried("lightgbm", 0.30, n=1)], trials)
    assert found.starts == {"lightgbm": [{"n": 2}], "xgboost": [{"n": 3}]}
    assert {r.params["n"] for r in found.rest} == {1, 4}


def test_receipts_add_up() -> None:
    before = Receipt(60.0, 57.0, {"search": 50.0, "refit": 7.0}, 12)
    after = Receipt(30.0, 29.0, {"search": 20.0, "read": 9.0}, 20).after(before)
    assert (after.asked_s, after.used_s, after.trials) == (90.0, 86.0, 20)
    assert after.parts == {"search": 70.0, "refit": 7.0, "read": 9.0}
