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
from freemlops.domain.prose import FEWEST_TEXTS
from freemlops.engine.explain.feeds import Ask, Feed, Floats, ask_all, count, take
from freemlops.engine.preprocess.tokens import share_words, texts_of
from freemlops.engine.table import MISSING_TEXT, InputKind, input_kind

POINTS = 20
CATEGORIES = 12
WORDS = 60
"""Frequent words of texts that are tried; the most telling of them are shown."""
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
    words: bool = False
    """The points are words that are put before the texts, the most telling first; the first
    point is none."""


def dependence(ask: Ask, feed: Feed, name: str, type: ColumnType) -> Curves:
    """Ask about up to `ROWS` rows of `feed` at each point; density from all of them."""
    values = feed[name][:, 0]
    rows = take(feed, np.linspace(0, count(feed) - 1, min(ROWS, count(feed))).astype(np.intp))
    if input_kind(type) is InputKind.TEXT and _are_sentences(values):
        return _by_word(ask, rows, name, values)
    points, edges, counts = _grid(values, type)
    made = ask_all(ask, ({**rows, name: np.full_like(rows[name], p)} for p in points))
    return Curves(points, made.reshape(len(points), count(rows), -1), edges, counts)


def _are_sentences(values: NDArray[Any]) -> bool:
    different = sorted({str(v) for v in values} - {MISSING_TEXT})
    return len(different) > FEWEST_TEXTS and share_words(different)


def _by_word(ask: Ask, rows: Feed, name: str, values: NDArray[Any]) -> Curves:
    """Of the most frequent words those that move the answers most, each put before every text."""
    held = texts_of(str(v) for v in values)
    words = sorted(held, key=lambda w: (-held[w], w))[:WORDS]
    there = take(rows, np.flatnonzero(rows[name][:, 0] != MISSING_TEXT))
    texts = there[name]
    asked = [texts, *(np.array([[f"{w} {t}"] for t in texts[:, 0]], object) for w in words)]
    made = ask_all(ask, ({**there, name: t} for t in asked))
    made = made.reshape(len(asked), count(there), -1)
    moved = np.abs(made[1:].mean(axis=1) - made[0].mean(axis=0)).sum(axis=1)
    kept = np.argsort(-moved, kind="stable")[:CATEGORIES]
    points = np.array([MISSING_TEXT, *(words[i] for i in kept)], object)
    counts = np.array([0, *(held[words[i]] for i in kept)], np.int64)
    return Curves(points, made[[0, *(kept + 1)]], np.empty(0), counts, words=True)


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
