"""What a sample of a table tells about each column: quantiles, order, what lies far out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from freemlops.domain.dataset import Column, ColumnType
from freemlops.domain.profile import QUANTILES, Mixture, iso
from freemlops.engine.arrays import as_array

EXAMPLES = 5
FENCE = 10.0
LOG_FENCE = 5.0
FEWEST = 20
"""Values below which nothing is said about order, gaps and fences."""
GAP_DECADES = 1.3
GAP_SHARE = 0.05
FILLERS = (-1.0, 9.0, 99.0, 999.0, 9999.0, 99999.0, 999999.0, 9999999.0)
DATES = (ColumnType.DATE, ColumnType.DATETIME)


@dataclass(frozen=True, slots=True)
class Sampled:
    """One column of a sample; `fences` are where far out begins, for numbers that vary."""

    std: float | None = None
    quantiles: tuple[float | str, ...] = ()
    examples: tuple[str, ...] = ()
    rising: float | None = None
    fences: tuple[float, float] | None = None
    mixture: Mixture | None = None


def measure(sample: pa.Table, columns: Sequence[Column]) -> dict[str, Sampled]:
    """By name. `sample` holds rows in the order of the file."""
    return {c.name: _measured(sample.column(c.name), c) for c in columns}


def numbers(values: pa.ChunkedArray, type: ColumnType) -> NDArray[np.float64]:
    """The column as doubles, dates in seconds since 1970; NaN is missing."""
    if type in DATES:
        filled = pc.cast(pc.cast(values, pa.timestamp("us")), pa.int64())
        seconds = np.asarray(as_array(pc.cast(filled, pa.float64(), safe=False)), np.float64)
        return seconds / 1e6
    doubles = pc.cast(values, pa.float64(), safe=False)
    return np.asarray(as_array(doubles), np.float64)


def codes(values: pa.ChunkedArray) -> NDArray[np.int64]:
    """A number for each different value in the order of first appearance; missing is -1."""
    encoded = pc.dictionary_encode(values.combine_chunks())
    return np.asarray(as_array(pc.fill_null(encoded.indices, -1)), np.int64)


def _measured(values: pa.ChunkedArray, column: Column) -> Sampled:
    examples = _examples(values, column.type)
    if not column.type.is_number and column.type not in DATES:
        return Sampled(examples=examples)
    found = numbers(values, column.type)
    held = found[~np.isnan(found)]
    if not held.size:
        return Sampled(examples=examples)
    marks = _quantiles(held)
    rising = float(np.mean(held[1:] >= held[:-1])) if held.size >= FEWEST else None
    if column.type in DATES:
        texts = tuple(iso(float(q), column.type) for q in marks)
        return Sampled(quantiles=texts, examples=examples, rising=rising)
    return Sampled(
        std=_std(held),
        quantiles=tuple(float(q) for q in marks),
        examples=examples,
        rising=rising,
        fences=_fences(held),
        mixture=_mixture(held),
    )


def _quantiles(held: NDArray[np.float64]) -> NDArray[np.float64]:
    with np.errstate(over="ignore", invalid="ignore"):
        marks = np.quantile(held, QUANTILES)
    if not np.isfinite(marks).all():  # between values too far apart for a double
        marks = np.quantile(held, QUANTILES, method="lower")
    return np.asarray(marks, np.float64)


def _examples(values: pa.ChunkedArray, type: ColumnType) -> tuple[str, ...]:
    different = pc.unique(pc.drop_null(values.slice(0, 1000)))[:EXAMPLES]
    return tuple(_text(v, type) for v in different.to_pylist())


def _text(value: Any, type: ColumnType) -> str:
    if type in DATES:
        return str(value.isoformat())
    return str(value).lower() if isinstance(value, bool) else str(value)


def _std(held: NDArray[np.float64]) -> float | None:
    if held.size < 2:
        return None
    with np.errstate(over="ignore", invalid="ignore"):
        found = float(np.std(held, ddof=1))
    return found if np.isfinite(found) else None


def _fences(held: NDArray[np.float64]) -> tuple[float, float] | None:
    """Where far out begins; see `freemlops.domain.profile.Far`."""
    if held.size < FEWEST:
        return None
    with np.errstate(over="ignore", invalid="ignore"):
        low, high = _tukey(held, FENCE)
        if held.min() > 0:
            logs = _tukey(np.log10(held), LOG_FENCE)
            low, high = min(low, 10.0 ** logs[0]), max(high, 10.0 ** min(logs[1], 300.0))
    return (low, high) if np.isfinite(low) and np.isfinite(high) and low < high else None


def _tukey(held: NDArray[np.float64], width: float) -> tuple[float, float]:
    first, third = np.quantile(held, (0.25, 0.75))
    reach = width * (third - first)
    return float(first - reach), float(third + reach)


def _mixture(held: NDArray[np.float64]) -> Mixture | None:
    """A gap between two clouds of positive numbers, each narrower than the gap in decades."""
    positive = np.sort(held[held > 0])
    if positive.size < 5 * FEWEST or positive.size < 0.9 * held.size:
        return None
    logs = np.log10(positive)
    edge = max(1, int(GAP_SHARE * logs.size))
    steps = np.diff(logs[edge - 1 : logs.size - edge + 1])
    if not steps.size or steps.max() < GAP_DECADES:
        return None
    place = int(np.argmax(steps)) + edge
    gap = logs[place] - logs[place - 1]
    below, above = logs[:place], logs[place:]
    if len(np.unique(below)) < 10 or len(np.unique(above)) < 10:
        return None  # a few round values, such as fees of 10 and 1000, are no two units
    if max(np.ptp(below), np.ptp(above)) > gap:
        return None
    share = float(above.size / logs.size)
    return Mixture(float(positive[place - 1]), float(positive[place]), share)


def is_filler(end: float | str | None) -> bool:
    """Whether this end of a range is a number that people write for “unknown”."""
    return isinstance(end, (int, float)) and (end in FILLERS or -end in FILLERS)
