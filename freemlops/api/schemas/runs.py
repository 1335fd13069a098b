"""What the run calls take and say."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec

from freemlops.domain.run import Candidate, Receipt, Run, Split, SplitKind, Task
from freemlops.domain.search import RunSummary
from freemlops.i18n import Translator
from freemlops.services.run_request import RunRequest


class SplitIn(msgspec.Struct, forbid_unknown_fields=True):
    kind: SplitKind
    column: str | None = None


class RunIn(msgspec.Struct, forbid_unknown_fields=True):
    """`budget_s`: seconds of wall clock, from the call to a usable model."""

    dataset: str
    target: str
    budget_s: float
    version: int | str | None = None
    task: Task | None = None
    metric: str | None = None
    split: SplitIn | None = None
    exclude: list[str] = []
    seed: Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)] | None = None
    max_trials: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] | None = None
    name: Annotated[str, msgspec.Meta(max_length=120)] = ""
    warm_start: bool = True

    def request(self) -> RunRequest:
        split = Split(self.split.kind, self.split.column) if self.split else Split()
        return RunRequest(
            dataset=self.dataset,
            target=self.target,
            budget_s=self.budget_s,
            version=None if self.version is None else int(self.version),
            task=self.task,
            metric=self.metric,
            split=split,
            exclude=tuple(self.exclude),
            seed=self.seed,
            max_trials=self.max_trials,
            name=self.name,
            warm_start=self.warm_start,
        )


class ContinueIn(msgspec.Struct, forbid_unknown_fields=True):
    """`budget_s`: seconds on top of what the run has used."""

    budget_s: float | None = None


class RunAccepted(msgspec.Struct):
    run: str
    status: str


class ScoreOut(msgspec.Struct):
    value: float
    low: float
    high: float


class CandidateOut(msgspec.Struct):
    """`folds`: scores of the run's metric on each fold; `latency_ms`: one row."""

    candidate: str
    family: str
    holdout: dict[str, ScoreOut]
    folds: list[float]
    fit_s: float
    latency_ms: float | None
    size_bytes: int | None
    tied_with_best: bool
    parity: float | None
    parity_rows: int
    members: dict[str, float]


class ReceiptOut(msgspec.Struct):
    asked_s: float
    used_s: float
    parts: dict[str, float]
    trials: int
    left_out: list[str]
    notes: list[str]


class SplitOut(msgspec.Struct):
    """`column` is the date of a time split, the group of a group split."""

    kind: str
    column: str | None


class RunOut(msgspec.Struct):
    run: str
    name: str
    status: str
    phase: str
    progress: float
    dataset: str
    dataset_name: str
    version: int
    target: str
    task: str
    metric: str
    budget_s: float
    split: SplitOut
    exclude: list[str]
    seed: int
    leaderboard: list[CandidateOut]
    best: str | None
    receipt: ReceiptOut | None
    plan: dict[str, Any]
    libraries: dict[str, str]
    error: str | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    notes: str
    tags: list[str]
    starred: bool
    best_family: str | None
    best_score: float | None
    baseline_score: float | None
    continued_at: datetime | None


class RunPage(msgspec.Struct):
    """`total` counts all runs that match, on all pages."""

    items: list[RunOut]
    cursor: str | None
    total: int


def candidate_out(candidate: Candidate) -> CandidateOut:
    return CandidateOut(
        candidate=candidate.id,
        family=candidate.family,
        holdout={n: ScoreOut(s.value, s.low, s.high) for n, s in candidate.holdout.items()},
        folds=list(candidate.folds),
        fit_s=candidate.fit_s,
        latency_ms=candidate.latency_ms,
        size_bytes=candidate.size_bytes,
        tied_with_best=candidate.tied_with_best,
        parity=candidate.parity,
        parity_rows=candidate.parity_rows,
        members=dict(candidate.members),
    )


def _receipt_out(receipt: Receipt, t: Translator) -> ReceiptOut:
    return ReceiptOut(
        asked_s=receipt.asked_s,
        used_s=receipt.used_s,
        parts=dict(receipt.parts),
        trials=receipt.trials,
        left_out=[t.text(m) for m in receipt.left_out],
        notes=[t.text(m) for m in receipt.notes],
    )


def run_out(
    run: Run, board: tuple[Candidate, ...], t: Translator, line: RunSummary | None = None
) -> RunOut:
    """The scores of the best and of guessing are those of `line`, or without one of the board."""
    spec, receipt = run.spec, run.receipt
    if line is not None:
        lead = (line.best_family, line.best_score, line.baseline_score)
    else:
        lead = _lead(run, board)
    return RunOut(
        run=run.id,
        name=spec.name,
        status=run.status.value,
        phase=run.phase.value,
        progress=run.progress,
        dataset=spec.dataset,
        dataset_name=run.dataset_name,
        version=spec.version,
        target=spec.target,
        task=spec.task.value,
        metric=spec.metric,
        budget_s=spec.budget_s,
        split=SplitOut(spec.split.kind.value, spec.split.column),
        exclude=list(spec.exclude),
        seed=spec.seed,
        leaderboard=[candidate_out(c) for c in board],
        best=run.best,
        receipt=_receipt_out(receipt, t) if receipt else None,
        plan=dict(run.plan),
        libraries=dict(run.libraries),
        error=t.text(run.error) if run.error else None,
        created_at=run.created_at,
        started_at=run.started_at,
        finished_at=run.finished_at,
        notes=run.notes,
        tags=list(run.tags),
        starred=run.starred,
        best_family=lead[0],
        best_score=lead[1],
        baseline_score=lead[2],
        continued_at=run.continued.at if run.continued else None,
    )


def _lead(run: Run, board: tuple[Candidate, ...]) -> tuple[str | None, float | None, float | None]:
    best = next((c for c in board if c.id == run.best), None)
    base = next((c for c in board if c.family == "constant"), None)
    mine, floor = (c.holdout.get(run.spec.metric) if c else None for c in (best, base))
    return (
        best.family if best else None,
        mine.value if mine else None,
        floor.value if floor else None,
    )
