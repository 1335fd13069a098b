"""Why a model answers as it does: what drives it, how, and why this row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from freemlops.domain.run import Score

TESTED = "onnx-tested"
"""The format of a winner's graph from before it was trained again on all rows."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What the figures are of.

    `rows` were looked at. `held_out`: they are of the holdout, else any rows of the dataset
    version that have a target. `unseen`: the graph did not learn from them.
    """

    rows: int
    held_out: bool
    unseen: bool


@dataclass(frozen=True, slots=True)
class Effect:
    """How much worse the model gets when the values of `column` are dealt out anew.

    `by_metric` is the loss of the run's metric, `by_fit` that of log loss or RMSE; above 0 is
    worse. `matters`: the whole interval of one of them is above 0.
    """

    column: str
    by_metric: Score
    by_fit: Score

    @property
    def matters(self) -> bool:
        return self.by_metric.low > 0 or self.by_fit.low > 0


@dataclass(frozen=True, slots=True)
class Importance:
    """Every column, the one that matters most first."""

    metric: str
    fit: str
    effects: tuple[Effect, ...]
    repeats: int
    basis: Basis


@dataclass(frozen=True, slots=True)
class Dependence:
    """The model's answer as `column` takes each of `points` and all else stays.

    `points` are values as JSON has them, None for missing. `curve` is the mean of `rows` rows at
    each point, `lines` some of the rows, each with one answer a point. `edges` and `counts` say
    where the data is: bars between edges for numbers and dates (dates in seconds), else `counts`
    has one number a point. `of` is the class whose probability it is, None for a number.
    """

    column: str
    of: str | None
    points: tuple[Any, ...]
    curve: tuple[float, ...]
    lines: tuple[tuple[float, ...], ...]
    edges: tuple[float, ...]
    counts: tuple[int, ...]
    basis: Basis
    words: bool = False
    """The column holds sentences: `points` are words that are put before them, None for none."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one column's value adds to an answer. `error` is the standard error of `amount`."""

    column: str
    value: Any
    amount: float
    error: float


@dataclass(frozen=True, slots=True)
class Contributions:
    """`base` and the amounts of all `parts` add up to `made`, the answer for the row.

    The answer is the probability of the class `of`, or a number when `of` is None. `parts` are
    in the order of the model's columns. `row` is the place in the dataset version, if known.
    """

    of: str | None
    base: float
    made: float
    parts: tuple[Part, ...]
    row: int | None = None


@dataclass(frozen=True, slots=True)
class KnownRow:
    """A row of the data, the model's answer beside the truth. `chance` is None for a number."""

    row: int
    values: dict[str, Any]
    truth: str | float
    answer: str | float
    chance: float | None
