"""From which probability on a model says “yes”, and what that costs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from freemlops.domain.errors import InvalidError

HALF = 0.5
MOST_COST = 1e12


@dataclass(frozen=True, slots=True)
class Costs:
    """In any one unit, for each row. `hit` and `quiet` are what a right “yes” and a right “no”
    cost: below zero they bring something. Raises `InvalidError` for what is no number."""

    miss: float
    false_alarm: float
    hit: float = 0.0
    quiet: float = 0.0

    def __post_init__(self) -> None:
        for cost in (self.miss, self.false_alarm, self.hit, self.quiet):
            if not abs(cost) <= MOST_COST:
                raise InvalidError("A cost must be a number of at most a million million.")


class Rule(StrEnum):
    """By what a threshold is chosen."""

    F1 = "f1"
    YOUDEN = "youden"
    COST = "cost"


@dataclass(frozen=True, slots=True)
class AtThreshold:
    """What comes of saying “yes” from `threshold` on. Rates are None where they divide by zero."""

    threshold: float
    hits: int
    false_alarms: int
    misses: int
    quiet: int
    cost: float | None = None

    @property
    def rows(self) -> int:
        return self.hits + self.false_alarms + self.misses + self.quiet

    @property
    def precision(self) -> float | None:
        return _share(self.hits, self.hits + self.false_alarms)

    @property
    def recall(self) -> float | None:
        return _share(self.hits, self.hits + self.misses)

    @property
    def specificity(self) -> float | None:
        return _share(self.quiet, self.quiet + self.false_alarms)

    @property
    def accuracy(self) -> float | None:
        return _share(self.hits + self.quiet, self.rows)

    @property
    def said_yes(self) -> float | None:
        """The share of rows that it says “yes” to."""
        return _share(self.hits + self.false_alarms, self.rows)

    @property
    def f1(self) -> float | None:
        return _share(2 * self.hits, 2 * self.hits + self.false_alarms + self.misses)

    @property
    def youden(self) -> float | None:
        """Recall and specificity together, less one (Youden 1950)."""
        if self.recall is None or self.specificity is None:
            return None
        return self.recall + self.specificity - 1

    def priced(self, costs: Costs) -> float:
        """What all rows together cost."""
        return (
            costs.hit * self.hits
            + costs.false_alarm * self.false_alarms
            + costs.miss * self.misses
            + costs.quiet * self.quiet
        )


@dataclass(frozen=True, slots=True)
class Choice:
    """The best threshold by `rule`, beside 0.5 and always “no”. The two savings are only there
    with costs. The threshold was chosen on the same rows: expect a little less on new ones."""

    rule: Rule
    best: AtThreshold
    half: AtThreshold
    never: AtThreshold
    saves_over_half: float | None = None
    saves_over_never: float | None = None


@dataclass(frozen=True, slots=True)
class Thresholds:
    """`label` is the class that “yes” stands for; `asked` is the threshold that was asked for."""

    label: str
    asked: AtThreshold
    choices: tuple[Choice, ...]


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
