"""Curves of models that tell classes, out of their answers on the holdout."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from freemlops.domain.evaluation.curves import (
    ByClass,
    Calibration,
    CalibrationBin,
    ClassQuality,
    Confusion,
    CostCurve,
    Gain,
    Histogram,
    OneVersusRest,
    PrecisionRecall,
    Roc,
)
from freemlops.domain.evaluation.threshold import HALF, Costs, Rule
from freemlops.engine.evaluation.answers import Answers, Floats
from freemlops.engine.evaluation.ladder import NEVER, Ladder, choose, climb, thinned

MOST_CURVES = 10
CURVE_POINTS = 50
"""Of each class against the rest: there may be ten of them."""
SCORE_BINS = 40
CALIBRATION_BINS = 10


def roc(ladder: Ladder, label: str, most: int = 500) -> Roc:
    alarms = np.r_[0, ladder.alarms] / max(ladder.no, 1)
    found = np.r_[0, ladder.hits] / max(ladder.yes, 1)
    kept = thinned(alarms, found, most)
    return Roc(
        label,
        _floats(alarms[kept]),
        _floats(found[kept]),
        _floats(np.r_[NEVER, ladder.scores][kept]),
        ladder.area,
        ladder.rows,
        len(kept) < len(alarms),
    )


def precision_recall(ladder: Ladder, label: str) -> PrecisionRecall:
    recall = ladder.hits / max(ladder.yes, 1)
    precision = ladder.hits / (ladder.hits + ladder.alarms)
    kept = thinned(recall, precision)
    return PrecisionRecall(
        label,
        _floats(recall[kept]),
        _floats(precision[kept]),
        _floats(ladder.scores[kept]),
        ladder.average_precision,
        ladder.yes / max(ladder.rows, 1),
        ladder.rows,
        len(kept) < len(recall),
    )


def gain(ladder: Ladder, label: str) -> Gain:
    looked = np.r_[0, ladder.hits + ladder.alarms] / max(ladder.rows, 1)
    found = np.r_[0, ladder.hits] / max(ladder.yes, 1)
    kept = thinned(looked, found)
    lift = np.divide(found, looked, out=np.ones_like(found), where=looked > 0)
    lift[0] = lift[1]
    return Gain(
        label,
        _floats(looked[kept]),
        _floats(found[kept]),
        _floats(lift[kept]),
        ladder.rows,
        len(kept) < len(looked),
    )


def cost(ladder: Ladder, costs: Costs) -> CostCurve:
    """What all rows cost at each threshold."""
    every = ladder.costs(costs)
    kept = thinned(ladder.scores, every)
    chosen = choose(ladder, Rule.COST, costs)
    return CostCurve(
        _floats(ladder.scores[kept]),
        _floats(every[kept]),
        chosen.best.threshold,
        ladder.at(HALF).priced(costs),
        ladder.at(NEVER).priced(costs),
        float(every[-1]),
        ladder.rows,
        len(kept) < len(every),
    )


def scores_by_class(answers: Answers) -> Histogram:
    """Of the probability of “yes”, for rows that are “no” and rows that are “yes” in truth."""
    edges = np.linspace(0, 1, SCORE_BINS + 1)
    sure = answers.made[:, 1]
    counts = [np.histogram(sure[answers.y == c], edges)[0] for c in (0, 1)]
    return Histogram(
        _floats(edges), answers.classes, tuple(_ints(c) for c in counts), answers.count
    )


def calibration(answers: Answers) -> Calibration:
    """Bins of equal width; those without a row are left out."""
    two = len(answers.classes) == 2
    sure = answers.made[:, 1] if two else answers.made.max(axis=1)
    true = answers.y == 1 if two else answers.made.argmax(axis=1) == answers.y
    places = np.minimum((sure * CALIBRATION_BINS).astype(int), CALIBRATION_BINS - 1)
    count = np.bincount(places, minlength=CALIBRATION_BINS)
    said = np.bincount(places, sure, CALIBRATION_BINS)
    happened = np.bincount(places, true, CALIBRATION_BINS)
    bins = []
    for i in (int(c) for c in np.flatnonzero(count)):
        low, high = wilson(int(happened[i]), int(count[i]))
        share = float(happened[i] / count[i])
        ends = i / CALIBRATION_BINS, (i + 1) / CALIBRATION_BINS
        bins.append(
            CalibrationBin(*ends, int(count[i]), float(said[i] / count[i]), share, low, high)
        )
    error = float(np.abs(said - happened).sum() / max(answers.count, 1))
    return Calibration(answers.classes[1] if two else "", tuple(bins), error, answers.count)


def confusion(answers: Answers, threshold: float | None) -> Confusion:
    """`threshold` for two classes only; without one the likeliest class is the answer."""
    classes = len(answers.classes)
    if threshold is not None and classes == 2:
        said = (answers.made[:, 1] >= threshold).astype(np.int64)
    else:
        said, threshold = answers.made.argmax(axis=1), None
    table = np.bincount(answers.y * classes + said, minlength=classes * classes)
    counts = tuple(_ints(row) for row in table.reshape(classes, classes))
    return Confusion(answers.classes, counts, answers.count, threshold)


def by_class(answers: Answers) -> ByClass:
    table = np.array(confusion(answers, None).counts)
    found = []
    for c, label in enumerate(answers.classes):
        right, there, said = int(table[c, c]), int(table[c].sum()), int(table[:, c].sum())
        quality = ClassQuality(
            label,
            there,
            said,
            right / said if said else None,
            right / there if there else None,
            2 * right / (there + said) if there + said else None,
        )
        found.append(quality)
    return ByClass(tuple(found), answers.count)


def one_versus_rest(answers: Answers) -> OneVersusRest:
    """The most frequent classes; one without rows has no curve."""
    there = np.bincount(answers.y, minlength=len(answers.classes))
    order = np.argsort(-there, kind="stable")
    chosen = [int(c) for c in order if 0 < there[c] < answers.count][:MOST_CURVES]
    curves = tuple(
        roc(climb(answers.made[:, c], answers.y == c), answers.classes[c], CURVE_POINTS)
        for c in chosen
    )
    left = len(answers.classes) - len(curves)
    return OneVersusRest(curves, left, answers.count, any(c.binned for c in curves))


def wilson(right: int, count: int) -> tuple[float, float]:
    """The 95% interval of a share (Wilson 1927); right for few rows and for 0 and 1 too."""
    z = NormalDist().inv_cdf(0.975)
    share, spread = right / count, z * z / count
    middle = (share + spread / 2) / (1 + spread)
    reach = z / (1 + spread) * float(np.sqrt(share * (1 - share) / count + spread / count / 4))
    return max(0.0, middle - reach), min(1.0, middle + reach)


def _floats(values: Floats) -> tuple[float, ...]:
    return tuple(float(v) for v in values)


def _ints(values: NDArray[np.int64]) -> tuple[int, ...]:
    return tuple(int(v) for v in values)
