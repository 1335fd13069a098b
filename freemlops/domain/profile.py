"""What a table looks like: each column's range, shape and frequent values, and their relations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from freemlops.domain.dataset import ColumnType

TOP_VALUES: Final = 10
HISTOGRAM_BINS: Final = 20
QUANTILES: Final = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)


@dataclass(frozen=True, slots=True)
class Bin:
    """`count` values from `low` up to, but not including, `high`; the last bin includes it.

    Bounds of a date column are ISO text.
    """

    low: float | str
    high: float | str
    count: int


@dataclass(frozen=True, slots=True)
class TopValue:
    value: str | bool
    count: int


@dataclass(frozen=True, slots=True)
class Lengths:
    """Characters of the values of a text column; `spaced` values hold a blank between words."""

    least: int
    mean: float
    most: int
    spaced: int


@dataclass(frozen=True, slots=True)
class Far:
    """Values beyond the fences `low` and `high`; `extreme` is the one furthest out.

    The fences are ten interquartile ranges away from the quartiles (Tukey's far-out fence is
    three), and for columns above zero five of them on a logarithmic scale too, so that incomes
    and prices with their long tails are not taken for mistakes.
    """

    count: int
    low: float
    high: float
    extreme: float


@dataclass(frozen=True, slots=True)
class Filler:
    """A number such as 999 or -1 at the end of the range, far from all others: perhaps “none”."""

    value: float
    count: int


@dataclass(frozen=True, slots=True)
class Mixture:
    """Two clouds of numbers with nothing between `low` and `high`: perhaps two units.

    `above` is the share of values over the gap, 0..1.
    """

    low: float
    high: float
    above: float


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """Numbers and dates have `low`, `high` and `histogram`; text and booleans have `top`.

    `mean`, `std`, `zeros` and `negatives` are of numbers only. `top` holds at most ten, the most
    frequent first. `quantiles` stand at the levels of `QUANTILES`, dates as ISO text. `rising` is
    the share of neighbouring rows (0..1) in which a number or date does not go down. `std`,
    `quantiles`, `examples` and `rising` are of the sampled rows.
    """

    name: str
    type: ColumnType
    missing: int
    distinct: int
    low: float | str | None = None
    high: float | str | None = None
    mean: float | None = None
    std: float | None = None
    zeros: int = 0
    negatives: int = 0
    quantiles: tuple[float | str, ...] = ()
    histogram: tuple[Bin, ...] = ()
    top: tuple[TopValue, ...] = ()
    lengths: Lengths | None = None
    examples: tuple[str, ...] = ()
    rising: float | None = None
    far: Far | None = None
    filler: Filler | None = None
    mixture: Mixture | None = None


@dataclass(frozen=True, slots=True)
class Correlation:
    """Pearson's r of two columns of numbers, over the sampled rows in which both have a value."""

    first: str
    second: str
    r: float


@dataclass(frozen=True, slots=True)
class TableProfile:
    """`sampled_rows` is how many rows, evenly spread, quantiles and relations were computed on;
    all of them when it equals `rows`. Everything else was counted over all rows.

    `correlations` are the strongest, |r| from 0.3 up, strongest first. `twins` are groups of
    columns in which the same rows have the same values, whatever these are called.
    `duplicate_rows` repeat an earlier row; None where the table is too long to count them.
    """

    rows: int
    sampled_rows: int
    columns: tuple[ColumnProfile, ...]
    correlations: tuple[Correlation, ...] = ()
    twins: tuple[tuple[str, ...], ...] = ()
    duplicate_rows: int | None = None

    def by_name(self) -> dict[str, ColumnProfile]:
        return {c.name: c for c in self.columns}


def iso(seconds: float, type: ColumnType) -> str:
    """A moment in seconds since 1970 as ISO text, without the time for a date."""
    at = datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)
    return date.isoformat(at.date()) if type is ColumnType.DATE else at.isoformat()
