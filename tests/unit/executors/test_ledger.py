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


def test_the_best_is_the_first_of_the_board_whatever_was_announced_last(
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
