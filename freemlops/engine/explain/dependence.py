"""How an answer moves with one column: partial dependence and its single lines.

Friedman (2001), "Greedy function approximation", section 8.2, and Goldstein et al. (2015),
"Peeking inside the black box" for one line a row (ICE).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from freemlops.domain.dataset import ColumnType
from freemlops.engine.explain.feeds import Ask, Feed, Floats, ask_all, count, take
from freemlops.engine.table import MISSING_TEXT, InputKind, input_kind

POINTS = 20
CATEGORIES = 12
BARS = 20
ROWS = 300
LINES = 30


@dataclass(frozen=True, slots=True)
class Curves:
    """`points` are values of the input, NaN or "" last when some are missing.

    `made` is [points, rows, outputs]; `edges` is empty for what has no order.
    """

    points: NDArray[Any]
    made: Floats
    edges: Floats
    counts: NDArray[np.int64]


def dependence(ask: Ask, feed: Feed, name: str, type: ColumnType) -> Curves:
    """Ask about up to `ROWS` rows of `feed` at each point; density from all of them."""
    values = feed[name][:, 0]
    points, edges, counts = _grid(values, type)
    rows = take(feed, np.linspace(0, count(feed) - 1, min(ROWS, count(feed))).astype(np.intp))
    step = count(rows)
    made = ask_all(ask, ({**rows, name: np.full_like(rows[name], p)} for p in points))
    return Curves(points, made.reshape(len(points), step, -1), edges, counts)


def _grid(values: NDArray[Any], type: ColumnType) -> tuple[NDArray[Any], Floats, NDArray[np.int64]]:
    if input_kind(type) is InputKind.TEXT:
        return _categories(values)
    there = values[np.isfinite(values)]
    gone = len(values) - len(there)
    different = np.unique(there)
    if type is ColumnType.BOOLEAN or not len(different):
        points = different
        counts = np.array([int((there == p).sum()) for p in points], np.int64)
        return _with_missing(points, counts, gone)
    if len(different) > POINTS:
        shares = np.linspace(0.01, 0.99, POINTS)
        different = np.unique(np.quantile(there, shares, method="nearest"))
    low, high = float(different[0]), float(different[-1])
    bars, edges = np.histogram(there, BARS, (low, high) if high > low else (low - 0.5, low + 0.5))
    points = np.append(different, np.nan).astype(values.dtype) if gone else different
    return points, edges.astype(np.float64), bars.astype(np.int64)


def _with_missing(
    points: NDArray[Any], counts: NDArray[np.int64], gone: int
) -> tuple[NDArray[Any], Floats, NDArray[np.int64]]:
    if gone:
        points, counts = np.append(points, np.nan).astype(points.dtype), np.append(counts, gone)
    return points, np.empty(0), counts


def _categories(values: NDArray[Any]) -> tuple[NDArray[Any], Floats, NDArray[np.int64]]:
    """The most frequent texts, most frequent first, then missing."""
    names, counts = np.unique(values.astype(str), return_counts=True)
    order = [i for i in np.argsort(-counts, kind="stable") if names[i] != MISSING_TEXT]
    order = order[:CATEGORIES] + [i for i, n in enumerate(names) if n == MISSING_TEXT]
    points = np.array([str(names[i]) for i in order], dtype=object)
    return points, np.empty(0), counts[order].astype(np.int64)
