"""A raw column of the holdout's rows as a few groups, or as numbers for a tree."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from freemlops.engine.arrays import as_array

MOST_GROUPS = 20
QUARTERS = 4
FEW_VALUES = 10
"""Whole numbers with no more different values than this are groups by themselves."""
MISSING = ""
"""The label of the rows without a value; pages write it in words."""


@dataclass(frozen=True, slots=True)
class Grouping:
    """`codes` are places in `labels` for each row; -1 for rows of less frequent values.

    `truths`: the labels are `true` and `false`, for want of words of the data's own.
    """

    labels: tuple[str, ...]
    codes: NDArray[np.int64]
    ranges: bool
    truths: bool = False

    @property
    def left_out(self) -> int:
        return int((self.codes < 0).sum())


def in_own_words(values: pa.ChunkedArray, words: tuple[str, str] | None) -> pa.ChunkedArray:
    """Truth values as the data writes them, `não` and `sim`; unchanged where it has no words."""
    if words is None or not pa.types.is_boolean(values.type):
        return values
    return pc.if_else(values, words[1], words[0])


def grouped(values: pa.ChunkedArray) -> Grouping:
    """Texts and truth values by value, the most frequent first; numbers and dates by quarters."""
    values = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    kind = values.type
    plain = pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_boolean(kind)
    few = pa.types.is_integer(kind) and pc.count_distinct(values).as_py() <= FEW_VALUES
    return _by_value(values) if plain or few else _by_quarter(values)


def _by_value(values: pa.Array) -> Grouping:
    coded = values.cast(pa.string()).dictionary_encode()
    names = [str(v) for v in coded.dictionary.to_pylist()]
    codes = as_array(coded.indices.fill_null(len(names))).astype(np.int64)
    counts = np.bincount(codes, minlength=len(names) + 1)
    order = [int(i) for i in np.argsort(-counts, kind="stable") if counts[i]][:MOST_GROUPS]
    lookup = np.full(len(counts), -1, np.int64)
    lookup[order] = np.arange(len(order))
    labels = tuple([*names, MISSING][i] for i in order)
    return Grouping(labels, lookup[codes], False, pa.types.is_boolean(values.type))


def _by_quarter(values: pa.Array) -> Grouping:
    there = ~np.asarray(as_array(values.is_null()), bool)
    numbers = as_numbers(values)
    there &= np.isfinite(numbers)
    if not there.any():
        return Grouping((MISSING,), np.zeros(len(numbers), np.int64), True)
    inner = np.unique(np.quantile(numbers[there], np.arange(1, QUARTERS) / QUARTERS))
    places = np.searchsorted(inner, numbers, side="left")
    labels: list[str] = []
    codes = np.full(len(numbers), -1, np.int64)
    for place in range(len(inner) + 1):
        own = there & (places == place)
        if own.any():
            codes[own] = len(labels)
            ends = numbers[own].min(), numbers[own].max()
            labels.append("…".join(dict.fromkeys(_label(values.type, float(e)) for e in ends)))
    if not there.all():
        codes[~there] = len(labels)
        labels.append(MISSING)
    return Grouping(tuple(labels), codes, True)


def _label(kind: pa.DataType, number: float) -> str:
    if pa.types.is_temporal(kind):
        return str(np.datetime64(int(number), "s").astype("datetime64[D]"))
    return f"{number:.6g}"


def as_numbers(values: pa.Array | pa.ChunkedArray) -> NDArray[np.float64]:
    """Numbers, truth values and dates (in seconds) as floats; NaN where missing."""
    kind = values.type
    if pa.types.is_temporal(kind):
        values = values.cast(pa.timestamp("s"), safe=False).cast(pa.int64())
    elif pa.types.is_boolean(kind):
        values = values.cast(pa.int8())
    wide = values.cast(pa.float64(), safe=False)
    return np.array(as_array(wide), np.float64)
