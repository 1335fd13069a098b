"""What the plots show, as plain numbers: at most some 500 points, whatever the number of rows.

`rows` is how many rows are behind it. `binned` is true when points stand for several rows or
thresholds each, so that a page can say so.
"""

from __future__ import annotations

from dataclasses import dataclass

type Floats = tuple[float, ...]
MOST_POINTS = 500


@dataclass(frozen=True, slots=True)
class Roc:
    """From (0, 0) to (1, 1): shares of “no” called “yes”, of “yes” found. `label` is that class."""

    label: str
    false_alarms: Floats
    found: Floats
    thresholds: Floats
    area: float
    rows: int
    binned: bool


@dataclass(frozen=True, slots=True)
class PrecisionRecall:
    """`share` of “yes” among all rows is the precision of guessing."""

    label: str
    recall: Floats
    precision: Floats
    thresholds: Floats
    average: float
    share: float
    rows: int
    binned: bool


@dataclass(frozen=True, slots=True)
class Gain:
    """Looking at the share `looked` of rows with the highest scores finds the share `found` of
    “yes”: `lift` times as many as looking at random."""

    label: str
    looked: Floats
    found: Floats
    lift: Floats
    rows: int
    binned: bool


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """Rows with a probability from `low` to `high`: `said` on average, `happened` in truth with
    its 95% interval by Wilson (1927). Or rows with such an answer that is a number."""

    low: float
    high: float
    count: int
    said: float
    happened: float
    happened_low: float
    happened_high: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """`label` is “yes”; empty for several classes, where it is about the likeliest one, and for
    numbers."""

    label: str
    bins: tuple[CalibrationBin, ...]
    error: float
    rows: int
    binned: bool = True


@dataclass(frozen=True, slots=True)
class Confusion:
    """`counts[true][said]`; `threshold` only where “yes” and “no” are the classes."""

    classes: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    rows: int
    threshold: float | None = None
    binned: bool = False


@dataclass(frozen=True, slots=True)
class Histogram:
    """`counts[i][j]`: rows of `series[i]` between `edges[j]` and `edges[j + 1]`."""

    edges: Floats
    series: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    rows: int
    binned: bool = True


@dataclass(frozen=True, slots=True)
class ClassQuality:
    """`count` rows are of this class, `said` were called so; None where that is none."""

    label: str
    count: int
    said: int
    precision: float | None
    recall: float | None
    f1: float | None


@dataclass(frozen=True, slots=True)
class ByClass:
    classes: tuple[ClassQuality, ...]
    rows: int
    binned: bool = False


@dataclass(frozen=True, slots=True)
class OneVersusRest:
    """The most frequent classes first; `left_out` classes more have no curve."""

    curves: tuple[Roc, ...]
    left_out: int
    rows: int
    binned: bool


@dataclass(frozen=True, slots=True)
class Density:
    """Counts on a grid: `counts[i]` rows lie in column `x[i]` and line `y[i]` of the edges.

    Few rows come as they are: then `x` and `y` are the points and there are no edges.
    """

    x: Floats
    y: Floats
    counts: tuple[int, ...]
    x_edges: Floats
    y_edges: Floats
    rows: int
    binned: bool


@dataclass(frozen=True, slots=True)
class Spread:
    """Residuals (answer minus truth) of one group of rows."""

    label: str
    count: int
    mean: float
    low: float
    median: float
    high: float


@dataclass(frozen=True, slots=True)
class ResidualsBy:
    """Quarters and mean of the residuals for the values of a column, or ranges of them. For
    `truths` see `GroupReport`."""

    column: str
    groups: tuple[Spread, ...]
    rows: int
    binned: bool
    truths: bool = False


@dataclass(frozen=True, slots=True)
class ErrorQuantiles:
    """The share `shares[i]` of rows misses the truth by at most `errors[i]`."""

    shares: Floats
    errors: Floats
    rows: int
    binned: bool


@dataclass(frozen=True, slots=True)
class CostCurve:
    """Cost of all rows together at each threshold; `never` is that of saying “no” always."""

    thresholds: Floats
    costs: Floats
    best: float
    at_half: float
    never: float
    always: float
    rows: int
    binned: bool


type Curve = (
    Roc | PrecisionRecall | Gain | Calibration | Confusion | Histogram | ByClass
    | OneVersusRest | Density | ResidualsBy | ErrorQuantiles | CostCurve
)  # fmt: skip
