"""Greedy ensemble selection (Caruana, Niculescu-Mizil, Crew, Ksikes 2004)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

ROUNDS = 25
LEAST_WEIGHT = 0.04
LEAST_GAIN = 1e-4
"""A mixture must beat its best member by this part of the loss to be worth its size."""
SMALLEST = 1e-7


def mixture_loss(y: NDArray[Any], made: NDArray[np.float64], classes: int) -> float:
    """Log loss or root mean squared error: smooth enough to be followed greedily."""
    if classes:
        return float(-np.log(np.clip(made[np.arange(len(y)), y], SMALLEST, 1.0)).mean())
    return float(np.sqrt(np.mean((made[:, 0] - y) ** 2)))


def select(made: Sequence[NDArray[np.float32]], y: NDArray[Any], classes: int) -> list[float]:
    """Weights of the members, summing to 1; a single 1.0 when no mixture is clearly better.

    `made` are out-of-fold predictions, [rows, outputs] each, in the order of `y`.
    """
    pool = [m.astype(np.float64) for m in made]
    alone = [mixture_loss(y, p, classes) for p in pool]
    counts = np.zeros(len(pool))
    total = np.zeros_like(pool[0])
    best, best_counts = float("inf"), counts
    for size in range(1, ROUNDS + 1):
        losses = [mixture_loss(y, (total + p) / size, classes) for p in pool]
        place = int(np.argmin(losses))
        counts[place] += 1
        total += pool[place]
        if losses[place] < best - 1e-9:
            best, best_counts = losses[place], counts.copy()
    weights = best_counts / best_counts.sum()
    weights[weights < LEAST_WEIGHT] = 0.0
    weights /= weights.sum()
    if best > min(alone) * (1 - LEAST_GAIN):
        weights = np.zeros(len(pool))
        weights[int(np.argmin(alone))] = 1.0
    return [float(w) for w in weights]
