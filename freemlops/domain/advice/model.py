"""An advice, and the facts that one is given on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from freemlops.domain.dataset import Column
from freemlops.domain.profile import ColumnProfile, TableProfile
from freemlops.domain.run import Task
from freemlops.domain.words import Message


class Severity(StrEnum):
    """`serious`: the models will be wrong or seem better than they are."""

    INFO = "info"
    WARNING = "warning"
    SERIOUS = "serious"

    @property
    def rank(self) -> int:
        return (Severity.SERIOUS, Severity.WARNING, Severity.INFO).index(self)


class ActionKind(StrEnum):
    EXCLUDE = "exclude"
    SPLIT_TIME = "split_time"
    SPLIT_GROUP = "split_group"


@dataclass(frozen=True, slots=True)
class Action:
    """What a run can do about it. `by_default`: the guided flow does it, and says so."""

    kind: ActionKind
    columns: tuple[str, ...]
    by_default: bool = False


@dataclass(frozen=True, slots=True)
class Advice:
    """`message` says what was seen and why it matters, `todo` what to do."""

    code: str
    severity: Severity
    columns: tuple[str, ...]
    message: Message
    todo: Message
    evidence: Mapping[str, float | int | str] = field(default_factory=dict)
    action: Action | None = None


@dataclass(frozen=True, slots=True)
class Power:
    """How well a column alone tells the target, in rows that it was not fitted on.

    `gain` is 0 for no better than always one answer and 1 for always right: the share of that
    answer's mistakes that is gone, or R² of the ranks of a number. `right` is the share of right
    answers, None for a number. `missing_gain` is the gain of knowing only whether there is a value.
    """

    column: str
    gain: float
    right: float | None = None
    missing_gain: float = 0.0


@dataclass(frozen=True, slots=True)
class TargetFacts:
    """`classes` are the values with their counts, most frequent first, a hundred and one at most;
    `contradictions` rows have a twin that differs in nothing but the target."""

    column: Column
    task: Task
    powers: tuple[Power, ...] = ()
    classes: tuple[tuple[str, int], ...] = ()
    contradictions: int | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """All that advice is given on. `today` is the day of the reader."""

    columns: Sequence[Column]
    profile: TableProfile
    today: date
    target: TargetFacts | None = None

    @property
    def rows(self) -> int:
        return self.profile.rows

    def features(self) -> list[tuple[Column, ColumnProfile]]:
        """Every column but the target, with its profile."""
        known = self.profile.by_name()
        target = self.target.column.name if self.target else None
        return [(c, known[c.name]) for c in self.columns if c.name != target and c.name in known]
