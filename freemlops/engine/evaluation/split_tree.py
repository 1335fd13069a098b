"""A regression tree of a few levels, grown by numpy alone: what shows where a model fails must not
wait for scikit-learn to load."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from freemlops.engine.evaluation.answers import Floats

SLIGHT = 1e-9
"""A split that explains less than this share of the squares is rounding."""


@dataclass(frozen=True, slots=True)
class Split:
    """Rows with `x[:, feature] <= threshold` go to `low`, the others to `high`. None is a leaf."""

    feature: int
    threshold: float
    low: Split | None
    high: Split | None


def grow(x: Floats, y: Floats, depth: int, least: int) -> Split | None:
    """The tree of at most `depth` levels whose leaves hold `least` rows or more.

    `x` of shape (rows, features) and `y` of shape (rows,) are finite. Each split is the one that
    leaves the smallest squared error (CART: Breiman, Friedman, Olshen & Stone 1984), the first
    feature of equals.
    """
    best = _best(x, y, least) if depth > 0 else None
    if best is None:
        return None
    feature, threshold = best
    low = x[:, feature] <= threshold
    return Split(
        feature,
        threshold,
        grow(x[low], y[low], depth - 1, least),
        grow(x[~low], y[~low], depth - 1, least),
    )


def _best(x: Floats, y: Floats, least: int) -> tuple[int, float] | None:
    if len(y) < 2 * least or y.min() == y.max():
        return None
    centred = y - y.mean()
    found, most = None, SLIGHT * float(np.square(centred).sum())
    below = np.arange(least, len(y) - least + 1)  # rows on the low side of each cut
    for feature in range(x.shape[1]):
        order = np.argsort(x[:, feature], kind="stable")
        values = x[order, feature]
        sums = np.cumsum(centred[order])[below - 1]
        gain = np.square(sums) * (1 / below + 1 / (len(y) - below))
        gain[values[below - 1] == values[below]] = 0.0
        at = int(gain.argmax())
        if gain[at] > most:
            most = float(gain[at])
            cut = below[at]
            found = feature, float((values[cut - 1] + values[cut]) / 2)
    return found
