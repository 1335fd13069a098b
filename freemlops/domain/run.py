"""Runs: one AutoML training of one target on one dataset version, and what came of it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from freemlops.domain.words import Message

_DIGITS: Final = "0123456789abcdefghjkmnpqrstvwxyz"


def new_run_id(at: datetime) -> str:
    """A fresh identifier that sorts by time, to the hour within its first eight characters.

    DuckDB keeps the least and greatest eight bytes of each block of rows: the history of a run
    is then found by looking into one or two blocks and not into all of them.
    """
    number, text = int(at.timestamp()) << 3, ""
    for _ in range(7):
        number, digit = divmod(number, 32)
        text = _DIGITS[digit] + text
    return f"run_{text}{secrets.token_hex(6)}"


class Task(StrEnum):
    BINARY = "binary"
    MULTICLASS = "multiclass"
    REGRESSION = "regression"

    @property
    def is_classification(self) -> bool:
        return self is not Task.REGRESSION


class RunStatus(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    FINISHED = "finished"
    STOPPED = "stopped"  # by a person, keeping the best so far
    CANCELLED = "cancelled"  # by a person, keeping nothing
    FAILED = "failed"
    INTERRUPTED = "interrupted"  # the server went away under it

    @property
    def is_over(self) -> bool:
        return self not in (RunStatus.QUEUED, RunStatus.RUNNING)


class Phase(StrEnum):
    """Where a running run is; also the keys of the receipt's parts."""

    WAITING = "waiting"
    READ = "read"
    FLOOR = "floor"
    SEARCH = "search"
    ENSEMBLE = "ensemble"
    ROWS = "rows"
    REFIT = "refit"
    EXPORT = "export"
    DONE = "done"


class SplitKind(StrEnum):
    RANDOM = "random"
    TIME = "time"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class Split:
    """How the holdout is cut. `column` is the date of a time split, the group of a group split."""

    kind: SplitKind = SplitKind.RANDOM
    column: str | None = None


@dataclass(frozen=True, slots=True)
class RunSpec:
    """What a person asked for. `budget_s` is wall clock from the click to a usable model."""

    dataset: str
    version: int
    target: str
    task: Task
    metric: str
    budget_s: float
    split: Split = Split()
    exclude: tuple[str, ...] = ()
    seed: int = 0
    max_trials: int | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of the budget, in seconds. `parts` is keyed by `Phase` value.

    `left_out` is what was planned and is not in the result; `notes` is what else to know.
    """

    asked_s: float
    used_s: float
    parts: Mapping[str, float] = field(default_factory=dict)
    trials: int = 0
    left_out: tuple[Message, ...] = ()
    notes: tuple[Message, ...] = ()

    def after(self, earlier: Receipt) -> Receipt:
        """The receipt of both parts of a run that went on; the words are those of the last."""
        parts = {
            name: round(earlier.parts.get(name, 0.0) + self.parts.get(name, 0.0), 3)
            for name in (*earlier.parts, *self.parts)
        }
        return replace(
            self,
            asked_s=earlier.asked_s + self.asked_s,
            used_s=round(earlier.used_s + self.used_s, 3),
            parts=parts,
            trials=max(earlier.trials, self.trials),
        )


@dataclass(frozen=True, slots=True)
class Continued:
    """The last time that a run was asked to go on: when, for how long, and what it had used."""

    at: datetime
    budget_s: float
    used_s: float


@dataclass(frozen=True, slots=True)
class Run:
    """A run as stored. `progress` is 0..1 of the budget; `best` is a candidate id.

    The budget of `spec` is all that was ever asked for; `continued` tells of its last part.
    """

    id: str
    spec: RunSpec
    dataset_name: str
    status: RunStatus
    phase: Phase
    progress: float
    created_at: datetime
    started_at: datetime | None = None
    finished_at: datetime | None = None
    best: str | None = None
    receipt: Receipt | None = None
    plan: Mapping[str, Any] = field(default_factory=dict)
    libraries: Mapping[str, str] = field(default_factory=dict)
    error: Message | None = None
    notes: str = ""
    tags: tuple[str, ...] = ()
    starred: bool = False
    continued: Continued | None = None

    @property
    def clock(self) -> tuple[datetime, float]:
        """When the clock of the present budget started, and that budget in seconds."""
        if self.continued is not None:
            return self.continued.at, self.continued.budget_s
        return self.created_at, self.spec.budget_s


@dataclass(frozen=True, slots=True)
class Trial:
    """One configuration tried in the search. `loss` is the folds' mean, lower is better."""

    number: int
    family: str
    loss: float
    fit_s: float
    at_s: float
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Score:
    """A holdout metric with its 95% bootstrap interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """A scored model on the leaderboard. `folds` are fold scores of the run's metric.

    `latency_ms` is for one row; `size_bytes` of the ONNX file. `parity` is the largest
    difference between the Python model and its ONNX export, None when not exported.
    """

    id: str
    run: str
    family: str
    holdout: Mapping[str, Score]
    folds: tuple[float, ...] = ()
    fit_s: float = 0.0
    latency_ms: float | None = None
    size_bytes: int | None = None
    tied_with_best: bool = False
    parity: float | None = None
    parity_rows: int = 0
    members: tuple[tuple[str, float], ...] = ()
    params: Mapping[str, Any] = field(default_factory=dict)


class EventKind(StrEnum):
    PLAN = "plan"
    TRIAL = "trial"
    CANDIDATE = "candidate"
    BEST = "best"
    MEMORY = "memory"
    LEARNING = "learning"
    PHASE = "phase"
    LOG = "log"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened in a run, in order. `at_s` counts from the start of the run.

    `data` holds only JSON values. By kind: plan: the plan. trial: the fields of `Trial`.
    candidate: those of `Candidate` and `artifacts` {format: {path, sha256, size}}, its answers on
    the holdout among them (see `domain.holdout`); sent again, without files, when its scores on
    the folds are known.
    best: {candidate}. learning: the fields of `domain.learning.LearningCurve`.
    memory: `artifacts` alone, what the search needs to go on.
    phase: {phase, progress}. log: a `Message` as JSON.
    done: {status, best, receipt, libraries, error?}.
    """

    kind: EventKind
    at_s: float
    data: Mapping[str, Any]
    seq: int = 0
