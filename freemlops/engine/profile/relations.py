"""Which columns move together, and which say the same in other words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from freemlops.domain.dataset import Column
from freemlops.domain.profile import Correlation
from freemlops.engine.profile.sample import codes, numbers

MOST_COLUMNS = 300
MOST_SHOWN = 200
LEAST_R = 0.3
LEAST_PAIRS = 10
"""Rows with both values below which a correlation is not told."""


def correlations(sample: pa.Table, columns: Sequence[Column]) -> tuple[Correlation, ...]:
    """Pearson's r of the first 300 columns of numbers, over the rows that have both values.

    All pairs at once through products of matrices: sums over the rows where both are there.
    """
    numeric = [c for c in columns if c.type.is_number and c.distinct > 1][:MOST_COLUMNS]
    if len(numeric) < 2 or sample.num_rows < LEAST_PAIRS:
        return ()
    values = np.column_stack([_standard(numbers(sample.column(c.name), c.type)) for c in numeric])
    r = _pairwise(values)
    rows, places = np.nonzero(np.triu(np.abs(r) >= LEAST_R, k=1))
    found = [
        Correlation(numeric[i].name, numeric[j].name, round(float(r[i, j]), 6))
        for i, j in zip(rows.tolist(), places.tolist(), strict=True)
    ]
    return tuple(sorted(found, key=lambda c: (-abs(c.r), c.first, c.second))[:MOST_SHOWN])


def _standard(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean zero, spread one, so that the sums neither overflow nor lose their digits."""
    with np.errstate(all="ignore"):
        scale = np.nanmax(np.abs(values)) if not np.isnan(values).all() else 1.0
        small = values / (scale or 1.0)
        spread = np.nanstd(small)
        made: NDArray[np.float64] = (small - np.nanmean(small)) / (spread or 1.0)
    return made


def _pairwise(values: NDArray[np.float64]) -> NDArray[np.float64]:
    there = ~np.isnan(values)
    filled, mask = np.where(there, values, 0.0), there.astype(np.float64)
    count = mask.T @ mask
    with np.errstate(all="ignore"):
        mean = (filled.T @ mask) / count  # [i, j]: the mean of i over the rows that also have j
        square = ((filled**2).T @ mask) / count - mean**2
        cross = (filled.T @ filled) / count - mean * mean.T
        r = cross / np.sqrt(square * square.T)
    r[(count < LEAST_PAIRS) | ~np.isfinite(r)] = 0.0
    made: NDArray[np.float64] = np.clip(r, -1.0, 1.0)
    return made


def twins(sample: pa.Table, columns: Sequence[Column]) -> tuple[tuple[str, ...], ...]:
    """Groups of columns in which two rows are equal in one exactly where they are in the others.

    The values may differ: “yes” and 1, a code and its name. Columns whose values hardly repeat
    are left aside, for there any two would fit.
    """
    groups: dict[bytes, list[str]] = {}
    for column in columns:
        if not column.distinct >= 2:
            continue
        found = codes(sample.column(column.name))
        different = int(found.max(initial=-1)) + 1
        if different < 2 or different > 0.5 * np.count_nonzero(found >= 0):
            continue
        groups.setdefault(found.astype(np.int32).tobytes(), []).append(column.name)
    return tuple(tuple(names) for names in groups.values() if len(names) > 1)
