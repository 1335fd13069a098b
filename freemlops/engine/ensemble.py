"""Greedy ensemble selection (Caruana, Niculescu-Mizil, Crew, Ksikes 2004), bagged on few rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

ROUNDS = 25
BAGS = 8
BAG_SHARE = 0.7
FEW_ROWS = 5_000
"""With fewer rows the selection is repeated on parts of them, so that no chance find weighs."""
MOST_ROWS = 50_000
"""More rows choose no otherwise, and take longer."""
LEAST_WEIGHT = 0.04
LEAST_GAIN = 1e-4
"""A mixture must beat its best member by this part of the loss to be worth its size."""
SMALLEST = 1e-7
SEED = 0


def mixture_loss(y: NDArray[Any], made: NDArray[np.float64], classes: int) -> float:
    """Log loss or root mean squared error: smooth enough to be followed greedily."""
    if classes:
        return float(-np.log(np.clip(made[np.arange(len(y)), y], SMALLEST, 1.0)).mean())
    return float(np.sqrt(np.mean((made[:, 0] - y) ** 2)))


def mixture(made: Sequence[NDArray[np.float32]], weights: Sequence[float]) -> NDArray[np.float64]:
    """The weighted sum of predictions, [rows, outputs]."""
    parts = [w * m.astype(np.float64) for m, w in zip(made, weights, strict=True) if w > 0]
    return np.asarray(np.sum(parts, axis=0))


def select(made: Sequence[NDArray[np.float32]], y: NDArray[Any], classes: int) -> list[float]:
    """Weights of the members, summing to 1; a single 1.0 when no mixture is clearly better.

    `made` are out-of-fold predictions, [rows, outputs] each, in the order of `y`.
    """
    pool = [m.astype(np.float64) for m in made]
    weights = np.mean([_greedy(pool, y, rows, classes) for rows in _bags(len(y))], axis=0)
    weights[weights < LEAST_WEIGHT] = 0.0
    weights /= weights.sum()
    alone = [mixture_loss(y, p, classes) for p in pool]
    if mixture_loss(y, mixture(made, weights.tolist()), classes) > min(alone) * (1 - LEAST_GAIN):
        weights = np.zeros(len(pool))
        weights[int(np.argmin(alone))] = 1.0
    return [float(w) for w in weights]


def _bags(rows: int) -> list[NDArray[np.intp]]:
    random = np.random.default_rng(SEED)
    if rows > MOST_ROWS:
        return [np.sort(random.choice(rows, MOST_ROWS, replace=False))]
    if rows >= FEW_ROWS:
        return [np.arange(rows)]
    size = max(2, round(BAG_SHARE * rows))
    return [np.sort(random.choice(rows, size, replace=False)) for _ in range(BAGS)]


def _greedy(
    pool: Sequence[NDArray[np.float64]], y: NDArray[Any], rows: NDArray[np.intp], classes: int
) -> NDArray[np.float64]:
    own, goal = [p[rows] for p in pool], y[rows]
    counts = np.zeros(len(own))
    total = np.zeros_like(own[0])
    best, best_counts = float("inf"), counts
    for size in range(1, ROUNDS + 1):
        losses = [mixture_loss(goal, (total + p) / size, classes) for p in own]
        place = int(np.argmin(losses))
        counts[place] += 1
        total += own[place]
        if losses[place] < best - 1e-9:
            best, best_counts = losses[place], counts.copy()
    return np.asarray(best_counts / best_counts.sum())
