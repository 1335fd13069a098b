"""How well each column alone tells the target: what leaks does so almost perfectly.

A decision stump with many leaves, judged on the other half of the rows and back: what a column
with a value for each row learns by heart is worth nothing there.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from freemlops.domain.advice.model import Power
from freemlops.domain.dataset import Column
from freemlops.domain.run import Task
from freemlops.engine.arrays import as_array
from freemlops.engine.profile.sample import DATES, codes, numbers

MOST_CELLS = 20_000_000
FEWEST_ROWS = 40
MOST_BINS = 200
ROWS_A_BIN = 10
MOST_WORDS = 5000


def powers(
    sample: pa.Table, target: Column, task: Task, columns: Sequence[Column]
) -> tuple[Power, ...]:
    """One for each of `columns` that varies, in their order.

    Empty when fewer than 40 sampled rows have a target.
    """
    there = pc.is_valid(sample.column(target.name))
    rows = sample.filter(there)
    if rows.num_rows < FEWEST_ROWS:
        return ()
    wanted = max(1000, MOST_CELLS // max(1, len(columns)))
    if rows.num_rows > wanted:
        rows = rows.take(pa.array(np.linspace(0, rows.num_rows - 1, wanted).astype(np.int64)))
    judge = (
        _Classes(codes(rows.column(target.name)))
        if task.is_classification
        else _Ranks(numbers(rows.column(target.name), target.type))
    )
    return tuple(_power(rows, c, judge) for c in columns if c.name != target.name and c.distinct)


def _power(rows: pa.Table, column: Column, judge: _Classes | _Ranks) -> Power:
    values = rows.column(column.name)
    bins = _bins(values, column)
    gain, right = judge.gain(bins)
    missing = np.asarray(as_array(pc.is_null(values)), np.int64)
    alone = judge.gain(missing)[0] if 0 < missing.sum() < missing.size else 0.0
    return Power(column.name, gain, right, alone)


def _bins(values: pa.ChunkedArray, column: Column) -> NDArray[np.int64]:
    """A small number for each row: its value, or the range that it is in; 0 is missing."""
    if not column.type.is_number and column.type not in DATES:
        found = codes(values) + 1
        return np.where(found > MOST_WORDS, MOST_WORDS, found)
    held = numbers(values, column.type)
    known = held[~np.isnan(held)]
    different = np.unique(known)
    most = int(np.clip(known.size // ROWS_A_BIN, 10, MOST_BINS))
    if different.size > most:
        edges = np.unique(np.quantile(known, np.linspace(0, 1, most + 1)[1:-1]))
    else:
        edges = different[1:]
    made = np.searchsorted(edges, held, side="right") + 1
    return np.where(np.isnan(held), 0, made).astype(np.int64)


def _halves(rows: int) -> NDArray[np.bool_]:
    """A fixed, even and scattered half of the rows: neighbours may belong together."""
    mixed = (np.arange(rows, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(40)
    made: NDArray[np.bool_] = (mixed & np.uint64(1)).astype(bool)
    return made


class _Classes:
    """The most frequent class of each bin, right or wrong in the other half."""

    def __init__(self, classes: NDArray[np.int64]) -> None:
        self._classes = classes
        self._count = int(classes.max()) + 1
        self._half = _halves(classes.size)
        self._base = float(np.bincount(classes).max() / classes.size)

    def gain(self, bins: NDArray[np.int64]) -> tuple[float, float]:
        right = 0
        for part in (self._half, ~self._half):
            right += self._right(bins, part)
        share = right / self._classes.size
        return max(0.0, (share - self._base) / max(1.0 - self._base, 1e-12)), share

    def _right(self, bins: NDArray[np.int64], part: NDArray[np.bool_]) -> int:
        width = int(bins.max()) + 1
        places = bins[part] * self._count + self._classes[part]
        table = np.bincount(places, minlength=width * self._count).reshape(width, self._count)
        usual = int(np.bincount(self._classes[part]).argmax())
        answer = np.where(table.sum(1) > 0, table.argmax(1), usual)
        return int(np.count_nonzero(answer[bins[~part]] == self._classes[~part]))


class _Ranks:
    """The mean rank of the target in each bin, as R² in the other half."""

    def __init__(self, target: NDArray[np.float64]) -> None:
        order = np.unique(target, return_inverse=True, return_counts=True)
        ends = np.cumsum(order[2])
        self._ranks = (ends - (order[2] - 1) / 2.0)[order[1]] / target.size
        self._half = _halves(target.size)
        self._spread = float(np.sum((self._ranks - self._ranks.mean()) ** 2))

    def gain(self, bins: NDArray[np.int64]) -> tuple[float, None]:
        lost = 0.0
        for part in (self._half, ~self._half):
            width = int(bins.max()) + 1
            count = np.bincount(bins[part], minlength=width)
            total = np.bincount(bins[part], self._ranks[part], minlength=width)
            usual = float(self._ranks[part].mean())
            answer = np.where(count > 0, total / np.maximum(count, 1), usual)
            lost += float(np.sum((answer[bins[~part]] - self._ranks[~part]) ** 2))
        return max(0.0, 1.0 - lost / max(self._spread, 1e-12)), None
