"""Makes probabilities bolder or shyer by one number (Guo, Pleiss, Sun, Weinberger 2017)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

SMALLEST = 1e-7
WIDEST = 1.2
"""The logarithm of the temperature is sought within this of 0."""
LEAST_GAIN = 0.002
"""The part of the loss that calibration must save, on rows that did not choose it."""


def tempered(made: NDArray[np.float64], temperature: float) -> NDArray[np.float64]:
    """Probabilities [rows, classes] raised to 1 / `temperature` and made to sum to 1 again."""
    if temperature == 1.0:
        return made
    raised = np.clip(made, SMALLEST, 1.0) ** (1.0 / temperature)
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def find_temperature(
    made: NDArray[np.float64], y: NDArray[Any], folds: Sequence[NDArray[np.intp]]
) -> float:
    """The temperature of out-of-fold predictions that lowers log loss; 1 when none surely does.

    `folds` are places in `y`: each fold is judged by the temperature that the others choose, and
    most folds and their mean must gain.
    """
    if len(folds) < 2:
        return 1.0
    gains, before = [], []
    for fold in folds:
        others = np.setdiff1d(np.arange(len(y)), fold)
        chosen = _fit(made[others], y[others])
        plain = _loss(made[fold], y[fold])
        gains.append(plain - _loss(tempered(made[fold], chosen), y[fold]))
        before.append(plain)
    sure = np.mean(gains) > LEAST_GAIN * np.mean(before) and np.mean(np.array(gains) > 0) > 0.5
    return _fit(made, y) if sure else 1.0


def _fit(made: NDArray[np.float64], y: NDArray[Any]) -> float:
    found = minimize_scalar(
        lambda log: _loss(tempered(made, float(np.exp(log))), y),
        bounds=(-WIDEST, WIDEST),
        method="bounded",
    )
    return round(float(np.exp(found.x)), 4)


def _loss(made: NDArray[np.float64], y: NDArray[Any]) -> float:
    own = made[np.arange(len(y)), y] / made.sum(axis=1)
    return float(-np.log(np.clip(own, SMALLEST, 1.0)).mean())
