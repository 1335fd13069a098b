"""Is it as good for everybody: one metric, group by group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from freemlops.domain.words import Message

FAMILY_ERROR = 0.05


@dataclass(frozen=True, slots=True)
class GroupFigure:
    """`apart`: differs from all rows by more than chance. `p` is before the correction for
    looking at several groups; `note` says why a figure is missing. `said_yes`, `recall` and
    `false_alarms` are shares, for yes or no only."""

    label: str
    count: int
    value: float | None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    apart: bool = False
    said_yes: float | None = None
    recall: float | None = None
    false_alarms: float | None = None
    note: Message | None = None


@dataclass(frozen=True, slots=True)
class Fairness:
    """Least over greatest among the groups, 1 is equal; None where a group has no rows for it.

    `parity`: of the share of “yes” answers (demographic parity ratio). `odds`: the worse of that
    of recall and of false alarms (equalised odds ratio, Hardt et al. 2016). Under 0.8 is commonly
    looked into (the “four fifths rule”).
    """

    parity: float | None
    odds: float | None


@dataclass(frozen=True, slots=True)
class GroupReport:
    """`left_out` rows belong to groups beyond the most frequent. The label of rows without a value
    is empty; `truths`: the labels are `true` and `false`, for want of words of the data's own."""

    column: str
    metric: str
    overall: float | None
    groups: tuple[GroupFigure, ...]
    left_out: int
    rows: int
    fairness: Fairness | None = None
    truths: bool = False


def holm(chances: Sequence[float | None], level: float = FAMILY_ERROR) -> tuple[bool, ...]:
    """Which differences are larger than chance, although several were looked at.

    The chance that any of the marked is none stays under `level` (Holm 1979). None is no test.
    """
    tests = sorted((p, i) for i, p in enumerate(chances) if p is not None)
    marked = [False] * len(chances)
    for turn, (p, i) in enumerate(tests):
        if p > level / (len(tests) - turn):
            break
        marked[i] = True
    return tuple(marked)
