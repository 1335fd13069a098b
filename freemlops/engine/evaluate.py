"""Metrics on predictions, with bootstrap intervals: every resample is a weighting of the rows.

The same weightings serve every candidate of a run, so that differences are paired.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from freemlops.domain.metric import METRICS, metrics_for
from freemlops.domain.run import Score, Task
from freemlops.engine.evaluation.resamples import interval, mean_interval, parts, resampled

type Floats = NDArray[np.float64]
RESAMPLES = 300
MOST_ROWS = 10_000
"""The bootstrap looks at no more rows than this; the intervals of larger holdouts are scaled."""
SMALLEST = 1e-7
WORST = 1e300
"""The loss of predictions on which the metric is undefined or overflows."""
FEW = 10
"""With fewer rows of a class in the holdout, no difference between models can be told."""


def measure(metric: str, y: NDArray[Any], made: Floats, weights: Floats | None = None) -> Floats:
    """The metric under each weighting: `weights` [resamples, rows] gives [resamples].

    `made` is probabilities [rows, classes] or values [rows, 1]. NaN where it is undefined
    (ROC AUC of one class).
    """
    if weights is None:
        weights = np.ones((1, len(y)))
    return np.asarray(_MEASURES[metric](y, made, weights), np.float64)


def loss(metric: str, y: NDArray[Any], made: Floats) -> float:
    """`metric` turned so that lower is better and 0 perfect; the worst when it is undefined."""
    return to_loss(metric, float(measure(metric, y, made)[0]))


def to_loss(metric: str, value: float) -> float:
    """A score turned so that lower is better; the worst for one that is no number."""
    if not np.isfinite(value):
        return 1.0 if METRICS[metric].higher_is_better else WORST
    return 1.0 - value if METRICS[metric].higher_is_better else value


def to_score(metric: str, lost: float) -> float:
    """The inverse of `to_loss`."""
    return 1.0 - lost if METRICS[metric].higher_is_better else lost


@dataclass(frozen=True, slots=True)
class Mean:
    """A metric that is the mean of a value of each row, or its root."""

    values: Callable[[NDArray[Any], Floats], Floats]
    root: bool = False

    def interval(
        self, y: NDArray[Any], made: Floats, weights: NDArray[np.uint8]
    ) -> tuple[float, float] | None:
        """At 95%, see `mean_interval`."""
        found = mean_interval(self.values(y, made), weights)
        if found is None or not self.root:
            return found
        return float(np.sqrt(max(found[0], 0.0))), float(np.sqrt(found[1]))


def surprise(y: NDArray[Any], made: Floats) -> Floats:
    """Of each row: minus the logarithm of the probability that its class was given."""
    share = np.clip(made, SMALLEST, 1.0)
    return np.asarray(-np.log(share[np.arange(len(y)), y] / share.sum(axis=1)))


MEANS: dict[str, Mean] = {
    "log_loss": Mean(surprise),
    "rmse": Mean(lambda y, made: (made[:, 0] - y) ** 2, root=True),
    "mae": Mean(lambda y, made: np.abs(made[:, 0] - y)),
}


BY_CLASS = frozenset({"roc_auc", "balanced_accuracy", "f1"})
"""Metrics in which a rare class weighs as much as a common one."""


class Judge:
    """Scores candidates on one holdout, always with the same resamples.

    The same seed and truth make the same: what is told later of stored answers agrees with the
    board. `weights` are of `rows` of the holdout; `shrink` turns what they spread into what all
    rows would.
    """

    def __init__(self, task: Task, y: NDArray[Any], seed: int, most_rows: int = MOST_ROWS) -> None:
        self.task = task
        self.y = y
        random = np.random.default_rng(seed)
        count = min(len(y), most_rows)
        self.rows = np.sort(random.choice(len(y), count, replace=False))
        self.weights = resampled(self._strata(), random, RESAMPLES)
        self.shrink = float(np.sqrt(count / len(y))) if count else 1.0

    def _strata(self) -> NDArray[np.int64]:
        """Classes are resampled each by itself, so that none is missing from a resample."""
        kept = self.y[self.rows]
        return kept.astype(np.int64) if self.task.is_classification else np.zeros(len(kept), int)

    @property
    def rarest(self) -> int | None:
        """Rows of the rarest class that is in the holdout; None for numbers."""
        if not self.task.is_classification or not len(self.y):
            return None
        return int(np.unique(self.y, return_counts=True)[1].min())

    @property
    def is_blind(self) -> bool:
        """Too few rows of a class to tell models apart by them."""
        return self.rarest is not None and self.rarest < FEW

    def scores(self, made: Floats) -> dict[str, Score]:
        """Every metric of the task."""
        return self.judge(made)[0]

    def judge(self, made: Floats) -> tuple[dict[str, Score], dict[str, Floats]]:
        """Every metric of the task, and what it is on each resample."""
        spread = {m.name: self.resamples(m.name, made) for m in metrics_for(self.task)}
        return {name: self._score(name, made, values) for name, values in spread.items()}, spread

    def by(self, metric: str, made: Floats) -> tuple[Score, Floats]:
        """One metric, and what it is on each resample."""
        spread = self.resamples(metric, made)
        return self._score(metric, made, spread), spread

    def resamples(self, metric: str, made: Floats) -> Floats:
        """[RESAMPLES]: the metric on each, the same resamples for every candidate."""
        y, kept = self.y[self.rows], made[self.rows]
        return np.concatenate([measure(metric, y, kept, w) for w in parts(self.weights)])

    def _score(self, metric: str, made: Floats, spread: Floats) -> Score:
        value = float(measure(metric, self.y, made)[0])
        spread = spread[np.isfinite(spread)]
        if not np.isfinite(value) or not len(spread):
            return Score(np.nan, np.nan, np.nan)
        if self.is_blind and metric in BY_CLASS:
            return Score(value, 0.0, 1.0)
        y, kept = self.y[self.rows], made[self.rows]
        middle = float(measure(metric, y, kept)[0])
        ends = MEANS[metric].interval(y, kept, self.weights) if metric in MEANS else None
        low, high = ends or interval(spread, len(self.rows))
        return Score(
            value,
            min(value, value + (low - middle) * self.shrink),
            max(value, value + (high - middle) * self.shrink),
        )


def _mean(values: Floats, weights: Floats) -> Floats:
    return (weights @ values) / weights.sum(axis=1)


def _log_loss(y: NDArray[Any], made: Floats, weights: Floats) -> Floats:
    return _mean(surprise(y, made), weights)


def _accuracy(y: NDArray[Any], made: Floats, weights: Floats) -> Floats:
    return _mean((made.argmax(axis=1) == y).astype(np.float64), weights)


def _confusion(y: NDArray[Any], made: Floats, weights: Floats) -> Floats:
    """[resamples, true class, said class]"""
    classes = made.shape[1]
    cell = y * classes + made.argmax(axis=1)
    table = (
        np.stack([weights[:, cell == c].sum(axis=1) for c in range(classes * classes)], axis=1)
        if classes <= 4
        else np.stack([np.bincount(cell, row, minlength=classes * classes) for row in weights])
    )
    return table.reshape(len(weights), classes, classes)


def _balanced_accuracy(y: NDArray[Any], made: Floats, weights: Floats) -> Floats:
    table = _confusion(y, made, weights)
    there = table.sum(axis=2)
    right = np.einsum("rcc->rc", table)
    recall = np.divide(right, there, out=np.full_like(right, np.nan), where=there > 0)
    return np.asarray(np.nanmean(recall, axis=1))


def _f1(y: NDArray[Any], made: Floats, weights: Floats) -> Floats:
    table = _confusion(y, made, weights)
    right = np.einsum("rcc->rc", table)
    both = table.sum(axis=1) + table.sum(axis=2)
    each = np.divide(2 * right, both, out=np.full_like(right, np.nan), where=both > 0)
    return np.asarray(np.nanmean(each, axis=1))


def _roc_auc(y: NDArray[Any], made: Floats, weights: Floats) -> Floats:
    """Area by ranks; equal scores count half."""
    score = made[:, 1]
    _, tie = np.unique(score, return_inverse=True)
    order = np.argsort(tie, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(tie[order]) > 0])
    yes = np.add.reduceat((weights * (y == 1))[:, order], starts, axis=1)
    no = np.add.reduceat((weights * (y == 0))[:, order], starts, axis=1)
    below = np.cumsum(no, axis=1) - no
    area = (yes * (below + no / 2)).sum(axis=1)
    all_pairs = yes.sum(axis=1) * no.sum(axis=1)
    return np.divide(area, all_pairs, out=np.full_like(area, np.nan), where=all_pairs > 0)


def _rmse(y: NDArray[Any], made: Floats, weights: Floats) -> Floats:
    return np.sqrt(_mean((made[:, 0] - y) ** 2, weights))


def _mae(y: NDArray[Any], made: Floats, weights: Floats) -> Floats:
    return _mean(np.abs(made[:, 0] - y), weights)


def _r2(y: NDArray[Any], made: Floats, weights: Floats) -> Floats:
    middle = _mean(y, weights)
    spread = _mean((y - y.mean()) ** 2, weights) - (middle - y.mean()) ** 2
    missed = _mean((made[:, 0] - y) ** 2, weights)
    return 1.0 - np.divide(missed, spread, out=np.full_like(missed, np.nan), where=spread > 0)


_MEASURES: dict[str, Callable[[NDArray[Any], Floats, Floats], Floats]] = {
    "roc_auc": _roc_auc,
    "log_loss": _log_loss,
    "accuracy": _accuracy,
    "balanced_accuracy": _balanced_accuracy,
    "f1": _f1,
    "rmse": _rmse,
    "mae": _mae,
    "r2": _r2,
}
