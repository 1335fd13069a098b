"""Bootstrap resamples as weightings of the rows, and intervals out of them.

Paired and stratified (Efron & Tibshirani 1993, 8 and 16): every candidate is measured on the same
resamples, and each class is drawn as often as it has rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]
CONFIDENCE = 0.95
AT_A_TIME = 50
"""So many resamples are weighed together: with more, the arrays of large holdouts would take
hundreds of megabytes."""


def resampled(
    strata: NDArray[np.int64], random: np.random.Generator, count: int
) -> NDArray[np.uint8]:
    """[count, rows]: how often each row is drawn, every stratum as often as it has rows."""
    weights = np.zeros((count, len(strata)), np.uint8)
    order = np.argsort(strata, kind="stable")
    sizes = np.unique(strata, return_counts=True)[1]
    places = np.split(order, np.cumsum(sizes)[:-1]) if len(strata) else []
    for own in places:
        for row in weights:
            row[own] = np.bincount(random.integers(0, len(own), len(own)), minlength=len(own))
    return weights


def parts(weights: NDArray[np.uint8]) -> Iterator[Floats]:
    """The weightings as numbers to calculate with, a few at a time."""
    for start in range(0, len(weights), AT_A_TIME):
        yield weights[start : start + AT_A_TIME].astype(np.float64)


def interval(spread: Floats, rows: int) -> tuple[float, float]:
    """The 95% percentile interval of a statistic of `rows` rows, widened for few of them.

    The plain one is too narrow, as a resample varies by (n - 1) / n of what a sample does; the
    expanded one of Hesterberg (2015, “What teachers should know about the bootstrap”, 5.3) takes
    Student's quantile for the normal one.
    """
    tail = NormalDist().cdf(-_student(max(rows - 1, 1)) * np.sqrt(rows / max(rows - 1, 1)))
    low, high = np.percentile(spread, [100 * tail, 100 * (1 - tail)])
    return float(low), float(high)


def _student(freedom: int) -> float:
    """The 97.5% quantile of Student's t, by Cornish & Fisher; within 0.2% from 4 on."""
    z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / freedom + second / freedom**2 + third / freedom**3
