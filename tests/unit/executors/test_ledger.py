"""What is known of a run whose process is gone."""

from __future__ import annotations

from dataclasses import replace

from freemlops.domain.run import Event, EventKind, RunStatus, Task
from freemlops.executors.ledger import Ledger
from tests.unit.engine.conftest import MakeJob, make_job, mixed_table  # noqa: F401


def candidate(name: str, auc: float) -> Event:
    score = {"value": auc, "low": auc - 0.1, "high": auc + 0.1}
    data = {"id": name, "family": name, "holdout": {"roc_auc": score}, "artifacts": {"onnx": "x"}}
    return Event(EventKind.CANDIDATE, 1.0, data)


def test_a_better_candidate_after_the_last_announcement_is_the_best(
    make_job: MakeJob,  # noqa: F811
) -> None:
    job = make_job(mixed_table(), Task.BINARY)
    job = replace(job, spec=replace(job.spec, metric="roc_auc"))
    ledger = Ledger(job)
    ledger.note(candidate("constant", 0.5))
    ledger.note(Event(EventKind.BEST, 1.1, {"candidate": "constant", "tied": ["linear"]}))
    ledger.note(candidate("linear", 0.8))
    done = ledger.done(RunStatus.FINISHED, None).data
    assert done["best"] == "linear"
    assert done["tied"] == []


def test_what_the_training_called_best_stays_so_whatever_is_first_by_the_holdout(
    make_job: MakeJob,  # noqa: F811
) -> None:
    """Among candidates that the holdout cannot tell apart, the folds have chosen."""
    job = make_job(mixed_table(), Task.BINARY)
    job = replace(job, spec=replace(job.spec, metric="roc_auc"))
    ledger = Ledger(job)
    ledger.note(candidate("linear", 0.81))
    ledger.note(candidate("ensemble", 0.8))
    ledger.note(Event(EventKind.BEST, 1.1, {"candidate": "ensemble", "tied": ["linear"]}))
    ledger.note(candidate("linear", 0.81))
    done = ledger.done(RunStatus.FINISHED, None).data
    assert done["best"] == "ensemble"
    assert done["tied"] == ["linear"]
