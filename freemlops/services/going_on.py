"""A run that is over and is given more time: whether that can be, and from where it goes on."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from freemlops.domain.errors import ConflictError
from freemlops.domain.goal import MIN_BUDGET_S
from freemlops.domain.job import MEMORY, SEARCH, Earlier
from freemlops.domain.run import Receipt, Run, RunStatus
from freemlops.domain.splits import SplitPlan
from freemlops.warehouse.warehouse import Warehouse


def why_not(run: Run) -> ConflictError | None:
    """Why the run can't go on; None when it can."""
    if not run.status.is_over:
        return ConflictError("This training is still going on.")
    if run.status is RunStatus.CANCELLED:
        return ConflictError("A cancelled training has kept nothing to go on from. Train again.")
    if run.status is RunStatus.FAILED:
        return ConflictError("This training failed and would fail again. Start a new one.")
    if run.spec.max_trials is not None:
        return ConflictError(
            "A training of a given number of trials is to be the same each time, so it can't go "
            "on. Start a new one with a larger number."
        )
    return None


def time_left(run: Run, used_s: float) -> float:
    """Seconds of an interrupted run's budget that it had not used, enough for a training."""
    return max(MIN_BUDGET_S, round(run.spec.budget_s - used_s, 1))


def used_by(warehouse: Warehouse, run: Run) -> float:
    """Seconds that the run has trained, by its receipt or, when interrupted, its last event."""
    last = warehouse.runs.last_event(run.id)
    at_s = last[1] if last else 0.0
    if run.receipt is None or run.status is RunStatus.INTERRUPTED:
        return at_s
    return run.receipt.used_s


def earlier_of(warehouse: Warehouse, run: Run) -> Earlier:
    """What the run has come to. Raises `ConflictError` for one from before this could be."""
    store = warehouse.runs
    last = store.last_event(run.id)
    candidates = store.candidates(run.id)
    memory = _memory(warehouse, run.id, [SEARCH, *(c.id for c in candidates)])
    if not {c.id for c in candidates} <= memory.keys():
        raise ConflictError(
            "This training was made by an older version of Free MLOps, which did not keep what "
            "it takes to go on. Start a new one."
        )
    trials = store.trials(run.id)
    return Earlier(
        receipt=_receipt(run, used_by(warehouse, run), max((t.number for t in trials), default=0)),
        split=_split(run) if candidates else None,
        events=last[0] if last else 0,
        candidates=candidates,
        best=run.best,
        trials=trials,
        memory=memory,
    )


def _receipt(run: Run, used_s: float, trials: int) -> Receipt:
    """That of the run, or of an interrupted one what can be told of it."""
    if run.receipt is not None and run.status is not RunStatus.INTERRUPTED:
        return run.receipt
    known = run.receipt or Receipt(0.0, 0.0)
    return Receipt(asked_s=used_s, used_s=used_s, parts=known.parts, trials=trials)


def _split(run: Run) -> SplitPlan:
    """As it was planned: the same rows must be held out, and the folds be the same."""
    return msgspec.convert(run.plan["split"], SplitPlan)


def _memory(warehouse: Warehouse, run: str, names: list[str]) -> Mapping[str, bytes]:
    made = {}
    for name in names:
        found = warehouse.runs.artifacts(run, name).get(MEMORY)
        if found is not None:
            made[name] = warehouse.artifacts.read(found.sha256)
    return made
