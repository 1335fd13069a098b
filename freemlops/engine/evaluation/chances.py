"""Probabilities of the tests that the pages make, without the seconds that scipy.stats loads."""

from __future__ import annotations

import numpy as np
from scipy.special import gammainc, gammaincc, gammaln, ndtr, stdtr

from freemlops.engine.evaluation.answers import Floats

UPRIGHT = 1e-4
"""A distribution less skew than this is a normal one: the gamma function would lose its digits."""


def drawn(marked: int, rows: int, of_them: int, draws: int) -> float:
    """Of `marked` or more among `draws` rows, drawn from `rows` of which `of_them` are marked:
    the upper tail of the hypergeometric distribution."""
    lowest = max(marked, 0, draws - (rows - of_them))
    counts = np.arange(lowest, min(of_them, draws) + 1, dtype=np.float64)
    ways = _ways(of_them, counts) + _ways(rows - of_them, draws - counts) - _ways(rows, draws)
    return min(1.0, float(np.exp(ways).sum()))


def _ways(rows: float, draws: Floats | float) -> Floats:
    """The logarithm of the binomial coefficient."""
    made: Floats = gammaln(rows + 1) - gammaln(draws + 1) - gammaln(np.subtract(rows, draws) + 1)
    return made


def higher(own: Floats, others: Floats) -> float | None:
    """Of a mean so far above that of `others`, one-sided, by Welch's t; None when all are equal.
    Both hold two values or more."""
    a, b = own.var(ddof=1) / len(own), others.var(ddof=1) / len(others)
    if a + b == 0:
        return None
    freedom = (a + b) ** 2 / (a**2 / (len(own) - 1) + b**2 / (len(others) - 1))
    return float(stdtr(freedom, (others.mean() - own.mean()) / np.sqrt(a + b)))


def stray(at: float, skew: float) -> float:
    """Of a value as far out as `at`, to either side, where the mean is 0, the deviation 1 and the
    skewness `skew`: Pearson's type III."""
    if abs(skew) < UPRIGHT:
        return float(min(1.0, 2 * ndtr(-abs(at))))
    shape = 4 / skew**2
    reached = max(0.0, shape + at * 2 / skew)
    return float(min(1.0, 2 * min(gammainc(shape, reached), gammaincc(shape, reached))))
