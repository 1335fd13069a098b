"""Telling two candidates apart by their scores on the same folds, where no holdout can."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def corrected_t(
    best: Sequence[float], other: Sequence[float], folds: int, *, higher_is_better: bool
) -> float | None:
    """The probability that `best` is really better, by scores on the same folds, in their order.

    Nadeau & Bengio (2003), “Inference for the generalization error”: the folds share most of their
    training rows, so the variance of the mean is not s²/J but (1/J + n2/n1) s², with n2/n1 the
    rows of a fold over those it was trained on: 1 / (folds - 1). None with fewer than two folds.
    """
    from scipy.special import stdtr  # a second, that no start of the server waits for

    pairs = [(b, o) for b, o in zip(best, other, strict=False) if np.isfinite(b - o)]
    if len(pairs) < 2 or folds < 2 or len(best) != len(other):
        return None
    sign = 1.0 if higher_is_better else -1.0
    leads = np.array([sign * (b - o) for b, o in pairs])
    spread = float(leads.var(ddof=1))
    if spread == 0:
        return 0.5 if leads[0] == 0 else float(leads[0] > 0)
    t = leads.mean() / np.sqrt((1 / len(leads) + 1 / (folds - 1)) * spread)
    return float(stdtr(len(leads) - 1, t))
