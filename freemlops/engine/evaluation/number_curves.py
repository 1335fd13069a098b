"""Curves of models that predict a number, out of their answers on the holdout."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from freemlops.domain.evaluation.curves import (
    MOST_POINTS,
    Calibration,
    CalibrationBin,
    Density,
    ErrorQuantiles,
    Histogram,
    ResidualsBy,
    Spread,
)
from freemlops.engine.evaluation.answers import Answers, Floats
from freemlops.engine.evaluation.columns import Grouping
from freemlops.engine.evaluation.resamples import student

CELLS = 32
"""Columns and lines of the grid: a page draws a thousand cells at most."""
RESIDUAL_BINS = 50
ANSWER_GROUPS = 10
LEAST_IN_GROUP = 5
LEAST_BINS = 10
TAIL = 0.005
"""A grid or histogram that ended with the farthest row would be empty: its last bins on either
side hold this share of the rows and whatever lies beyond."""


def predicted_true(answers: Answers) -> Density:
    """Truth along x, the answer along y."""
    return density(answers.y, answers.made[:, 0])


def residuals_predicted(answers: Answers) -> Density:
    """The answer along x, answer minus truth along y."""
    return density(answers.made[:, 0], answers.made[:, 0] - answers.y)


def density(x: Floats, y: Floats) -> Density:
    rows = len(x)
    if rows <= MOST_POINTS:
        return Density(_floats(x), _floats(y), (1,) * rows, (), (), rows, False)
    x_edges, y_edges = _edges(x, CELLS), _edges(y, CELLS)
    cell = _place(x, x_edges) * CELLS + _place(y, y_edges)
    counts = np.bincount(cell, minlength=CELLS * CELLS)
    full = np.flatnonzero(counts)
    middle_x, middle_y = ((e[1:] + e[:-1]) / 2 for e in (x_edges, y_edges))
    return Density(
        _floats(middle_x[full // CELLS]),
        _floats(middle_y[full % CELLS]),
        tuple(int(c) for c in counts[full]),
        _floats(x_edges),
        _floats(y_edges),
        rows,
        True,
    )


def residual_histogram(answers: Answers, edges: Floats | None = None) -> Histogram:
    """Between `edges`, by default its own; those beyond the ends go to the first and last bin."""
    missed = answers.made[:, 0] - answers.y
    if edges is None:
        edges = _edges(missed, RESIDUAL_BINS)
    counts = np.bincount(_place(missed, edges), minlength=len(edges) - 1)
    return Histogram(_floats(edges), ("",), (tuple(int(c) for c in counts),), answers.count)


def residual_histograms(several: Sequence[Answers]) -> tuple[Histogram, ...]:
    """Between the same edges, to be laid over one another: as lines, which are torn by chance
    where few rows fill many bins."""
    if not several:
        return ()
    fewest = min(a.count for a in several)
    bins = int(np.clip(1.5 * math.sqrt(fewest), LEAST_BINS, RESIDUAL_BINS))
    edges = _edges(np.concatenate([a.made[:, 0] - a.y for a in several]), bins)
    return tuple(residual_histogram(a, edges) for a in several)


def truth_by_answer(answers: Answers) -> Calibration:
    """Rows in groups of equal size by the answer, each with the mean truth and its 95% interval
    by Student's t; `error` is how far answer and truth of the groups lie apart on average."""
    said, truth = answers.made[:, 0], answers.y
    order = np.argsort(said, kind="stable")
    bins = []
    groups = max(1, min(ANSWER_GROUPS, len(order) // LEAST_IN_GROUP))
    for own in np.array_split(order, groups):
        mean = float(truth[own].mean())
        reach = 0.0
        if len(own) > 1:
            spread = float(truth[own].std(ddof=1))
            reach = student(len(own) - 1) * spread / math.sqrt(len(own))
        ends = float(said[own].min()), float(said[own].max())
        middle = float(said[own].mean())
        bins.append(CalibrationBin(*ends, len(own), middle, mean, mean - reach, mean + reach))
    off = sum(b.count * abs(b.said - b.happened) for b in bins) / max(len(order), 1)
    return Calibration("", tuple(bins), off, len(order))


def error_quantiles(answers: Answers) -> ErrorQuantiles:
    size = np.abs(answers.made[:, 0] - answers.y)
    count = min(101, len(size))
    shares = np.linspace(0, 1, count)
    return ErrorQuantiles(
        _floats(shares), _floats(np.quantile(size, shares)), len(size), count < len(size)
    )


def residuals_by(answers: Answers, column: str, grouping: Grouping) -> ResidualsBy:
    """Of the rows of each group."""
    missed = answers.made[:, 0] - answers.y
    groups = []
    for code, label in enumerate(grouping.labels):
        own = missed[grouping.codes == code]
        if len(own):
            low, median, high = np.quantile(own, [0.25, 0.5, 0.75])
            groups.append(
                Spread(label, len(own), float(own.mean()), float(low), float(median), float(high))
            )
    rows = int((grouping.codes >= 0).sum())
    return ResidualsBy(column, tuple(groups), rows, grouping.ranges, grouping.truths)


def _edges(values: Floats, bins: int) -> Floats:
    low, high = np.quantile(values, [TAIL, 1 - TAIL])
    if not high > low:
        low, high = float(values.min()), float(values.max())
    if not high > low:
        reach = max(abs(low) * 1e-3, 1e-9)
        low, high = low - reach, high + reach
    return np.linspace(low, high, bins + 1)


def _place(values: Floats, edges: Floats) -> NDArray[np.int64]:
    """The bin of each value; those beyond the ends go to the first and last."""
    width = (edges[-1] - edges[0]) / (len(edges) - 1)
    return np.clip((values - edges[0]) / width, 0, len(edges) - 2).astype(np.int64)


def _floats(values: Floats) -> tuple[float, ...]:
    return tuple(float(v) for v in values)
