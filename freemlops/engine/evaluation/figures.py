"""All figures of a candidate, each with its interval, the baseline's, or the reason it has none."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from freemlops.domain.evaluation.figures import Figure
from freemlops.domain.evaluation.measures import NO_INTERVAL, RATES
from freemlops.domain.words import Message, say
from freemlops.engine.evaluate import FEW, Judge
from freemlops.engine.evaluation.answers import Answers, Floats
from freemlops.engine.evaluation.metrics import MEANS, values
from freemlops.engine.evaluation.resamples import corrected_interval, interval, parts
from freemlops.engine.evaluation.sample import Sample

MOST_PAIRS = 10
"""With more classes each against each takes too long…"""
MOST_RESAMPLED = {"roc_auc_ovr": 20, "roc_auc_ovo": 6}
"""…and with more than these there is no interval."""
BIASED = frozenset({"average_precision"})
"""Rows that are drawn twice tie with themselves, and that lifts it."""
FEWEST = 10
"""Fewer rows than this say nothing about how sure a figure is."""


class Scorer:
    """Measures candidates of one holdout; the same resamples for each (see `Judge`)."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge

    @property
    def sampled(self) -> int:
        return len(self._judge.rows)

    def figures(
        self, metrics: tuple[str, ...], answers: Answers, baseline: Answers | None
    ) -> tuple[Figure, ...]:
        """In the given order; `baseline` is what always one answer says on the same rows."""
        if answers.trouble is not None:
            return tuple(Figure(m, None, note=answers.trouble) for m in metrics)
        reasons = {m: undefined(m, answers) for m in metrics}
        defined = [m for m in metrics if reasons[m] is None]
        point = _at_once(defined, answers, None)
        wide = [m for m in defined if self._unsure(m, answers) is None]
        spread, middle = self._spread(wide, answers)
        base = self._base(metrics, baseline)
        made = []
        for m in metrics:
            if m not in point or not np.isfinite(point[m]):
                why = reasons[m] or say("It can't be calculated on these rows.")
                made.append(Figure(m, None, baseline=base.get(m), note=why))
                continue
            low, high = self._ends(m, point[m], spread.get(m), middle.get(m), answers)
            note = self._unsure(m, answers)
            made.append(Figure(m, point[m], low, high, base.get(m), note))
        return tuple(made)

    def resamples(self, metric: str, answers: Answers) -> Floats:
        """The metric on each resample, to be paired with that of another candidate."""
        return self._spread([metric], answers)[0][metric]

    def _base(self, metrics: tuple[str, ...], baseline: Answers | None) -> dict[str, float]:
        if baseline is None or baseline.trouble is not None:
            return {}
        defined = [m for m in metrics if undefined(m, baseline) is None]
        found = _at_once(defined, baseline, None)
        return {m: v for m, v in found.items() if np.isfinite(v)}

    def _spread(
        self, metrics: list[str], answers: Answers
    ) -> tuple[dict[str, Floats], dict[str, float]]:
        """Of each metric the resamples, and the value on the rows that are resampled."""
        rows = self._judge.rows
        y, made = answers.y[rows], answers.made[rows]
        found: dict[str, list[Floats]] = {m: [] for m in metrics}
        for weights in parts(self._judge.weights):
            sample = Sample(y, made, weights)
            for m in metrics:
                found[m].append(values(m, sample))
        return {m: np.concatenate(v) for m, v in found.items()}, _at_once(metrics, answers, rows)

    def _unsure(self, metric: str, answers: Answers) -> Message | None:
        """Why there is no interval."""
        if metric == "max_error":
            return say("No interval: a worse miss than the worst so far may always come.")
        if metric in NO_INTERVAL:
            return say("No interval: by chance alone it always comes out somewhat too large.")
        if answers.count < FEWEST:
            return say("Only {rows} rows were held out: it could be anything.", rows=answers.count)
        rarest = self._judge.rarest
        if rarest is not None and rarest < FEW and metric not in ("log_loss", "brier", "accuracy"):
            return say(
                "The rarest class has only {rows} rows that were held out: no interval can be "
                "given.",
                rows=rarest,
            )
        if len(answers.classes) > MOST_RESAMPLED.get(metric, len(answers.classes)):
            return say("No interval: there are too many classes.")
        return None

    def _ends(
        self,
        metric: str,
        point: float,
        spread: Floats | None,
        middle: float | None,
        answers: Answers,
    ) -> tuple[float | None, float | None]:
        if spread is None or middle is None:
            return None, None
        spread = spread[np.isfinite(spread)]
        if len(spread) < len(self._judge.weights) / 2:
            return None, None
        low, high = self._interval(metric, spread, middle, answers)
        low = min(point, point + (low - middle) * self._judge.shrink)
        high = max(point, point + (high - middle) * self._judge.shrink)
        if metric in RATES and low == high and point in (0.0, 1.0):
            return _all_or_nothing(point, _cases(metric, answers))
        return low, high

    def _interval(
        self, metric: str, spread: Floats, point: float, answers: Answers
    ) -> tuple[float, float]:
        if metric in MEANS:
            rows = self._judge.rows
            y, made = answers.y[rows], answers.made[rows]
            found = MEANS[metric].interval(y, made, self._judge.weights)
            if found is not None:
                return found
        if metric in BIASED:
            return corrected_interval(spread, point, self.sampled)
        return interval(spread, self.sampled)


def undefined(metric: str, answers: Answers) -> Message | None:
    """Why the metric has no meaning on these rows; None when it has one."""
    if answers.task.is_classification:
        return _undefined_classes(metric, answers)
    y, made = answers.y, answers.made[:, 0]
    if metric == "mape" and (zeros := int((y == 0).sum())):
        return say("The truth is 0 in {rows} rows, and nothing is a share of 0.", rows=zeros)
    if metric == "msle" and (y.min() <= -1 or made.min() <= -1):
        return say("There are values of -1 or less, which have no logarithm here.")
    if metric in ("r2", "explained_variance") and (len(y) < 2 or y.min() == y.max()):
        return say("The truth is the same in all rows that were held out.")
    return None


def _undefined_classes(metric: str, answers: Answers) -> Message | None:
    there = np.bincount(answers.y, minlength=len(answers.classes))
    absent = [c for c, n in zip(answers.classes, there, strict=True) if not n]
    ranks = ("roc_auc", "average_precision", "gini", "ks", "roc_auc_ovr", "roc_auc_ovo")
    if absent and metric in (*ranks, "mcc", "kappa"):
        return say("No row of “{label}” was held out.", label=absent[0])
    if metric == "recall" and not there[1]:
        return say("No row of “{label}” was held out.", label=answers.classes[1])
    if metric == "specificity" and not there[0]:
        return say("No row of “{label}” was held out.", label=answers.classes[0])
    if metric == "precision" and not (answers.made.argmax(axis=1) == 1).any():
        return say("It never answers “{label}”.", label=answers.classes[1])
    if metric == "roc_auc_ovo" and len(there) > MOST_PAIRS:
        return say("There are too many classes to compare each with each.")
    return None


def _at_once(
    metrics: list[str], answers: Answers, rows: NDArray[np.intp] | None
) -> dict[str, float]:
    y = answers.y if rows is None else answers.y[rows]
    made = answers.made if rows is None else answers.made[rows]
    sample = Sample(y, made, np.ones((1, len(y))))
    return {m: float(values(m, sample)[0]) for m in metrics}


def _cases(metric: str, answers: Answers) -> int:
    """Of how many rows a rate is the share."""
    if metric == "recall":
        return int((answers.y == 1).sum())
    if metric == "specificity":
        return int((answers.y == 0).sum())
    if metric == "precision":
        return int((answers.made.argmax(axis=1) == 1).sum())
    return answers.count


def _all_or_nothing(point: float, cases: int) -> tuple[float, float]:
    """Clopper & Pearson (1934) when all cases, or none, are right: resamples can't vary."""
    edge = 1 - 0.025 ** (1 / max(cases, 1))
    return (1 - edge, 1.0) if point == 1.0 else (0.0, edge)
