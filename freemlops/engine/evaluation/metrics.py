"""Every metric of `domain.evaluation.measures` under weightings; values as in scikit-learn.

Those that a run can be trained by stay in `engine.evaluate`. NaN where one is undefined.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from freemlops.domain.metric import METRICS
from freemlops.engine.evaluate import MEANS as TRAINED
from freemlops.engine.evaluate import Mean, measure
from freemlops.engine.evaluation.sample import Floats, Sample, ranked, ratio

BINS = 10
"""Of the calibration error, equally wide (Naeini et al. 2015)."""


def values(metric: str, sample: Sample) -> Floats:
    """[resamples]"""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if metric in METRICS:
            return measure(metric, sample.y, sample.made, sample.weights)
        if metric in MEANS:
            return sample.mean(MEANS[metric].values(sample.y, sample.made))
        return np.asarray(_METRICS[metric](sample), np.float64)


def value(metric: str, y: NDArray[Any], made: Floats) -> float:
    """Of all rows, each counting once."""
    return float(values(metric, Sample(y, made, np.ones((1, len(y)))))[0])


def _precision(s: Sample) -> Floats:
    return ratio(s.right[:, 1], s.called[:, 1])


def _recall(s: Sample) -> Floats:
    return ratio(s.right[:, 1], s.there[:, 1])


def _specificity(s: Sample) -> Floats:
    return ratio(s.right[:, 0], s.there[:, 0])


def _f1_yes(s: Sample) -> Floats:
    return s.f1[:, 1]


def _f1_weighted(s: Sample) -> Floats:
    return np.asarray(np.nansum(s.there * s.f1, axis=1) / s.total)


def _macro(part: Floats, whole: Floats, seen: Floats) -> Floats:
    """Averaged over the classes in truth or answers; one that divides by zero counts 0."""
    each = np.nan_to_num(ratio(part, whole))
    return np.asarray((each * (seen > 0)).sum(axis=1) / (seen > 0).sum(axis=1))


def _precision_macro(s: Sample) -> Floats:
    return _macro(s.right, s.called, s.there + s.called)


def _recall_macro(s: Sample) -> Floats:
    return _macro(s.right, s.there, s.there + s.called)


def _mcc(s: Sample) -> Floats:
    """Gorodkin (2004); 0 when truth or answers are of one class."""
    together = s.right.sum(axis=1) * s.total - (s.there * s.called).sum(axis=1)
    spread = (s.total**2 - (s.called**2).sum(axis=1)) * (s.total**2 - (s.there**2).sum(axis=1))
    return np.nan_to_num(ratio(together, np.sqrt(np.maximum(spread, 0.0))))


def _kappa(s: Sample) -> Floats:
    luck = (s.there * s.called).sum(axis=1) / s.total**2
    return ratio(s.right.sum(axis=1) / s.total - luck, 1.0 - luck)


def _average_precision(s: Sample) -> Floats:
    yes, no = s.ranks
    hits = yes.cumsum(axis=1)
    precision = ratio(hits, hits + no.cumsum(axis=1))
    return ratio(np.nansum(yes * precision, axis=1), yes.sum(axis=1))


def _ks(s: Sample) -> Floats:
    yes, no = s.ranks
    found = ratio(yes.cumsum(axis=1), yes.sum(axis=1, keepdims=True) + 0 * yes)
    alarms = ratio(no.cumsum(axis=1), no.sum(axis=1, keepdims=True) + 0 * no)
    return np.asarray(np.abs(found - alarms).max(axis=1))


def _gini(s: Sample) -> Floats:
    return 2 * _area(*s.ranks) - 1


def _area(yes: Floats, no: Floats) -> Floats:
    """Of the ROC curve, from counts at falling scores; equal scores count half."""
    before = no.cumsum(axis=1) - no / 2
    below = no.sum(axis=1, keepdims=True) - before
    return ratio((yes * below).sum(axis=1), yes.sum(axis=1) * no.sum(axis=1))


def _roc_auc_ovr(s: Sample) -> Floats:
    areas = [_area(*ranked(s.made[:, c], s.y == c, s.weights)) for c in range(s.made.shape[1])]
    return np.asarray(np.mean(areas, axis=0))


def _roc_auc_ovo(s: Sample) -> Floats:
    """Hand & Till (2001)."""
    areas = []
    for a, b in combinations(range(s.made.shape[1]), 2):
        pair = np.flatnonzero((s.y == a) | (s.y == b))
        made, y, weights = s.made[pair], s.y[pair], s.weights[:, pair]
        areas += [_area(*ranked(made[:, c], y == c, weights)) for c in (a, b)]
    return np.asarray(np.mean(areas, axis=0))


def _misjudged(y: NDArray[Any], made: Floats) -> Floats:
    """Squared distance of the probabilities from the truth; for two classes that of one."""
    if made.shape[1] == 2:
        return np.asarray((made[:, 1] - y) ** 2)
    return np.asarray((made**2).sum(axis=1) - 2 * made[np.arange(len(y)), y] + 1)


def _ece(s: Sample) -> Floats:
    """Of “yes” for two classes, else of the likeliest class."""
    if s.made.shape[1] == 2:
        sure, true = s.made[:, 1], (s.y == 1).astype(float)
    else:
        sure, true = s.made.max(axis=1), (s.said == s.y).astype(float)
    places = np.minimum((sure * BINS).astype(int), BINS - 1)
    inside = places[:, None] == np.arange(BINS)
    return np.asarray(np.abs(s.weights @ (inside * (sure - true)[:, None])).sum(axis=1) / s.total)


def _top_2(s: Sample) -> Floats:
    """Of equal probabilities the later class counts as likelier, as in scikit-learn."""
    likeliest = np.argsort(s.made, axis=1, kind="stable")[:, -2:]
    return s.mean((likeliest == s.y[:, None]).any(axis=1).astype(float))


def _median_ae(s: Sample) -> Floats:
    size = np.abs(s.missed)
    order = np.argsort(size)
    reached = s.weights[:, order].cumsum(axis=1)
    half = s.total[:, None] / 2
    lower, upper = (reached < half).sum(axis=1), (reached <= half).sum(axis=1)
    last = len(size) - 1
    return (size[order][np.minimum(lower, last)] + size[order][np.minimum(upper, last)]) / 2


def _max_error(s: Sample) -> Floats:
    return np.asarray(np.where(s.weights > 0, np.abs(s.missed), 0).max(axis=1))


def _explained_variance(s: Sample) -> Floats:
    return 1.0 - ratio(_variance(s, s.missed), _variance(s, s.y))


def _variance(s: Sample, of: Floats) -> Floats:
    middle = of.mean()
    return s.mean((of - middle) ** 2) - s.mean(of - middle) ** 2


def _share_missed(y: NDArray[Any], made: Floats) -> Floats:
    return np.where(y == 0, np.nan, np.abs(made[:, 0] - y) / np.abs(y))


def _times_missed(y: NDArray[Any], made: Floats) -> Floats:
    if y.min() <= -1 or made.min() <= -1:
        return np.full(len(y), np.nan)
    return np.asarray((np.log1p(made[:, 0]) - np.log1p(y)) ** 2)


def _pinball(share: float) -> Mean:
    def values(y: NDArray[Any], made: Floats) -> Floats:
        missed = made[:, 0] - y
        return np.where(missed < 0, -share * missed, (1 - share) * missed)

    return Mean(values)


MEANS: dict[str, Mean] = TRAINED | {
    "brier": Mean(_misjudged),
    "mape": Mean(_share_missed),
    "msle": Mean(_times_missed),
    "pinball_10": _pinball(0.1),
    "pinball_90": _pinball(0.9),
}

_METRICS: dict[str, Callable[[Sample], Floats]] = {
    "average_precision": _average_precision,
    "precision": _precision,
    "recall": _recall,
    "specificity": _specificity,
    "f1_yes": _f1_yes,
    "mcc": _mcc,
    "kappa": _kappa,
    "gini": _gini,
    "ks": _ks,
    "ece": _ece,
    "f1_weighted": _f1_weighted,
    "precision_macro": _precision_macro,
    "recall_macro": _recall_macro,
    "top_2": _top_2,
    "roc_auc_ovr": _roc_auc_ovr,
    "roc_auc_ovo": _roc_auc_ovo,
    "median_ae": _median_ae,
    "max_error": _max_error,
    "explained_variance": _explained_variance,
}
