"""Who leads the board, and who is as good as the leader as far as the holdout can tell."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Mapping, Sequence

from freemlops.domain.metric import METRICS
from freemlops.domain.run import Candidate

CONFIDENCE = 0.965
"""Two models that differ by luck alone are then tied in 95 to 97% of holdouts of 60 to 2,000 rows,
by simulation; with 0.95, 300 resamples and the better one called the leader it was 92 to 95%."""
SURE = 0.975
"""So likely must a lead be real: a two-sided test at 95%, as the sign was not known before."""
MARGIN = 0.001
"""Leads under this share of the leader's score are no difference to anybody."""


def rank(
    candidates: Iterable[Candidate], metric: str, leader: str | None = None
) -> tuple[Candidate, ...]:
    """Best first by `metric` on the holdout; equal scores go to the smaller model.

    Not to the quicker: what the clock says differs from run to run, and the same seed must give
    the same board.

    `leader` comes before all: the run's best, chosen by the folds among those that the holdout
    cannot tell apart. Candidates without that metric, or with one that is no number, come last.
    """
    sign = -1.0 if METRICS[metric].higher_is_better else 1.0

    def key(candidate: Candidate) -> tuple[bool, float, float, str]:
        score = candidate.holdout.get(metric)
        value = sign * score.value if score is not None else math.inf
        return (
            candidate.id != leader,
            math.inf if math.isnan(value) else value,
            float(candidate.size_bytes) if candidate.size_bytes is not None else math.inf,
            candidate.id,
        )

    return tuple(sorted(candidates, key=key))


def tied(best: Sequence[float], other: Sequence[float], *, higher_is_better: bool) -> bool:
    """Whether a paired bootstrap cannot tell the two apart.

    `best[i]` and `other[i]` are the metric on the same i-th resample of the holdout. Tied when
    the lower end of Efron's percentile interval of the paired difference at `CONFIDENCE` is not
    above zero (its place among the resamples as in Davison & Hinkley 1997, 5.2), or when the lead
    is too small to matter: under a thousandth of the leader's own score. Two settings of one
    family often differ by a hair that is real and means nothing.
    """
    sign = 1.0 if higher_is_better else -1.0
    pairs = zip(best, other, strict=True)
    leads = sorted(sign * (b - o) for b, o in pairs if not (math.isnan(b) or math.isnan(o)))
    if not leads:
        return True
    place = int((1 - CONFIDENCE) / 2 * (len(leads) + 1)) - 1
    if leads[max(place, 0)] <= 0.0:
        return True
    return statistics.median(leads) <= MARGIN * abs(statistics.median(best))


def p_better(best: Sequence[float], other: Sequence[float], *, higher_is_better: bool) -> float:
    """The share of the same resamples in which `best` is ahead; a dead heat counts half."""
    sign = 1.0 if higher_is_better else -1.0
    pairs = zip(best, other, strict=True)
    leads = [sign * (b - o) for b, o in pairs if not (math.isnan(b) or math.isnan(o))]
    if not leads:
        return 0.5
    return (sum(d > 0 for d in leads) + sum(d == 0 for d in leads) / 2) / len(leads)


def ties(resamples: Mapping[str, Sequence[float]], best: str, metric: str) -> tuple[str, ...]:
    """The ids, other than `best`, whose lag behind it is within the noise; in given order."""
    higher = METRICS[metric].higher_is_better
    return tuple(
        name
        for name, values in resamples.items()
        if name != best and tied(resamples[best], values, higher_is_better=higher)
    )
