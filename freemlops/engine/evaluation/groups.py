"""One metric group by group, and which groups differ by more than chance."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from freemlops.domain.evaluation.groups import Fairness, GroupFigure, GroupReport, holm
from freemlops.domain.run import Task
from freemlops.domain.words import say
from freemlops.engine.evaluate import FEW, Judge
from freemlops.engine.evaluation.answers import Answers, Floats
from freemlops.engine.evaluation.chances import stray
from freemlops.engine.evaluation.columns import Grouping
from freemlops.engine.evaluation.figures import Scorer, undefined
from freemlops.engine.evaluation.metrics import value, values
from freemlops.engine.evaluation.resamples import AT_A_TIME
from freemlops.engine.evaluation.sample import Sample

MOST_ROWS = 5_000
SHUFFLES = 400
FEWEST = 20
"""A group of fewer rows is shown but never marked: too little is known of it."""
RESAMPLED_ROWS = 200
"""In a huge holdout, a small group is imitated by at least so many rows, and scaled."""


def by_group(
    answers: Answers, column: str, grouping: Grouping, metric: str, seed: int
) -> GroupReport:
    """The metric of each group with its 95% interval, marked by a permutation test and Holm."""
    meant = undefined(metric, answers) is None
    overall = value(metric, answers.y, answers.made) if meant else float("nan")
    null = _Null(answers, metric, seed)
    figures = [
        _figure(label, answers.take(np.flatnonzero(grouping.codes == code)), metric, seed)
        for code, label in enumerate(grouping.labels)
    ]
    chances = [
        null.chance(f.value - overall, f.count)
        if np.isfinite(overall)
        and f.value is not None
        and f.count >= FEWEST
        and f.count < answers.count
        else None
        for f in figures
    ]
    marks = holm(chances)
    groups = tuple(
        replace(f, p=p, apart=mark) for f, p, mark in zip(figures, chances, marks, strict=True)
    )
    return GroupReport(
        column,
        metric,
        overall if np.isfinite(overall) else None,
        groups,
        grouping.left_out,
        answers.count,
        _fairness(answers, grouping) if answers.task is Task.BINARY else None,
        grouping.truths,
    )


def _figure(label: str, own: Answers, metric: str, seed: int) -> GroupFigure:
    plain = GroupFigure(label, own.count, None)
    if own.task is Task.BINARY:
        plain = _with_rates(plain, own)
    if own.count < 2:
        return replace(plain, note=say("There is only one row in this group."))
    reason = undefined(metric, own)
    if reason is not None:
        return replace(plain, note=reason)
    if own.count < FEW:
        note = say("Only {rows} rows: it could be anything.", rows=own.count)
        return replace(plain, value=value(metric, own.y, own.made), note=note)
    figure = Scorer(Judge(own.task, own.y, seed, MOST_ROWS)).figures((metric,), own, None)[0]
    return replace(plain, value=figure.value, low=figure.low, high=figure.high, note=figure.note)


def _with_rates(plain: GroupFigure, own: Answers) -> GroupFigure:
    said, true = own.made.argmax(axis=1) == 1, own.y == 1
    return replace(
        plain,
        said_yes=float(said.mean()) if own.count else None,
        recall=float(said[true].mean()) if true.any() else None,
        false_alarms=float(said[~true].mean()) if (~true).any() else None,
    )


class _Null:
    """How far the metric of a group strays from that of all rows when the group says nothing.

    The rows of the group are drawn at random `SHUFFLES` times, and a Pearson type III curve is
    laid through the mean, spread and skewness of what comes out (Winkler et al. 2016): fewer draws
    do for small probabilities. Of a large holdout a part is drawn from, and the spread scaled by
    the usual √(1/n − 1/N).
    """

    def __init__(self, answers: Answers, metric: str, seed: int) -> None:
        self._random = np.random.default_rng(seed)
        self._metric = metric
        self._all = answers.count
        kept = min(answers.count, MOST_ROWS)
        self._rows = np.sort(self._random.choice(answers.count, kept, replace=False))
        self._y, self._made = answers.y[self._rows], answers.made[self._rows]
        self._middle = value(metric, self._y, self._made)
        self._known: dict[int, tuple[float, float]] = {}

    def chance(self, lead: float, count: int) -> float | None:
        """Of a difference as large as `lead`, to either side, in a group of `count` rows."""
        part = len(self._rows)
        drawn = round(count * part / self._all)
        drawn = min(max(drawn, min(count, RESAMPLED_ROWS)), part - 1)
        spread, skew = self._spread(drawn)
        scale = np.sqrt(max(1 / count - 1 / self._all, 0) / (1 / drawn - 1 / part))
        if not np.isfinite(spread) or spread * scale == 0:
            return None if lead else 1.0
        return stray(lead / (spread * scale), skew * float(scale))

    def _spread(self, drawn: int) -> tuple[float, float]:
        if drawn not in self._known:
            made = [
                values(self._metric, Sample(self._y, self._made, self._groups(drawn)))
                for _ in range(SHUFFLES // AT_A_TIME)
            ]
            strays = np.concatenate(made) - self._middle
            strays = strays[np.isfinite(strays)]
            if len(strays) < SHUFFLES / 2:
                self._known[drawn] = np.nan, 0.0
            else:
                self._known[drawn] = float(strays.std()), _skewness(strays)
        return self._known[drawn]

    def _groups(self, drawn: int) -> Floats:
        """[AT_A_TIME, rows]: 1 for `drawn` rows at random."""
        keys = self._random.random((AT_A_TIME, len(self._rows)))
        edge = np.partition(keys, drawn - 1, axis=1)[:, drawn - 1 : drawn]
        return (keys <= edge).astype(np.float64)


def _skewness(values: Floats) -> float:
    spread = values.std()
    return float(((values - values.mean()) ** 3).mean() / spread**3) if spread else 0.0


def _fairness(answers: Answers, grouping: Grouping) -> Fairness:
    """By fairlearn, over the groups that are shown.

    It is given each kind of row (group, truth, answer) once, weighed by how many there are: row by
    row it takes 20 s for a million.
    """
    from fairlearn.metrics import demographic_parity_ratio, equalized_odds_ratio

    shown = grouping.codes >= 0
    said = answers.made.argmax(axis=1)
    kinds = (grouping.codes * 4 + answers.y * 2 + said)[shown]
    counts = np.bincount(kinds, minlength=4 * len(grouping.labels)).reshape(-1, 2, 2)
    counts = counts[counts.any(axis=(1, 2))]
    if len(counts) < 2:
        return Fairness(None, None)
    group, truth, answer = np.nonzero(counts)
    weighed = {"sensitive_features": group, "sample_weight": counts[group, truth, answer]}
    parity = demographic_parity_ratio(truth, answer, **weighed)
    whole = counts.sum(axis=2).all()  # else a rate of a group divides by zero
    odds = equalized_odds_ratio(truth, answer, **weighed) if whole else None
    return Fairness(_number(parity), _number(odds))


def _number(found: float | None) -> float | None:
    return float(found) if found is not None and np.isfinite(found) else None
