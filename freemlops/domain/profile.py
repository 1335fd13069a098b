"""What a column looks like at a glance: its range, its shape, its most frequent values."""

from __future__ import annotations

from dataclasses import dataclass

from freemlops.domain.dataset import ColumnType

TOP_VALUES = 10
HISTOGRAM_BINS = 20


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
class ColumnProfile:
    """Numbers and dates have `low`, `high` and `histogram`; text and booleans have `top`.

    `mean` is of numbers only. `top` holds at most ten, the most frequent first.
    """

    name: str
    type: ColumnType
    missing: int
    distinct: int
    low: float | str | None = None
    high: float | str | None = None
    mean: float | None = None
    histogram: tuple[Bin, ...] = ()
    top: tuple[TopValue, ...] = ()
