"""Losses of predictions and what they say of the contenders: pure, on plain arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

SMALLEST = 1e-6


@dataclass(frozen=True)
class Result:
    """One contender on one set: `loss` is log loss or RMSE, None when it gave no predictions."""

    contender: str
    dataset: str
    seed: int
    loss: float | None
    constant: float
    asked_s: float
    used_s: float


def loss(task: str, y: Sequence[object], made: pl.DataFrame) -> float:
    """Log loss of the columns named by class, or RMSE of the column `value`."""
    if task == "regression":
        truth = np.asarray(y, float)
        return float(np.sqrt(np.mean((made["value"].to_numpy() - truth) ** 2)))
    columns = {name: i for i, name in enumerate(made.columns)}
    chances = np.clip(made.to_numpy().astype(float), SMALLEST, 1.0)
    chances /= chances.sum(axis=1, keepdims=True)
    places = [columns.get(str(v), -1) for v in y]
    picked = [chances[i, p] if p >= 0 else SMALLEST for i, p in enumerate(places)]
    return float(-np.log(picked).mean())


def constant_loss(task: str, train: Sequence[object], test: Sequence[object]) -> float:
    """The loss of always saying what the training rows say on average."""
    if task == "regression":
        mean = float(np.mean(np.asarray(train, float)))
        return float(np.sqrt(np.mean((np.asarray(test, float) - mean) ** 2)))
    names, counts = np.unique([str(v) for v in train], return_counts=True)
    share = dict(zip(names, counts / counts.sum(), strict=True))
    return float(-np.log([max(share.get(str(v), 0.0), SMALLEST) for v in test]).mean())


def normalised(results: Sequence[Result]) -> dict[tuple[str, str, int], float]:
    """0 is the constant, 1 the best contender of that set and seed; a failure counts 0."""
    best: dict[tuple[str, int], float] = {}
    for r in results:
        if r.loss is not None:
            key = (r.dataset, r.seed)
            best[key] = min(best.get(key, r.constant), r.loss)
    scores = {}
    for r in results:
        top = best.get((r.dataset, r.seed), r.constant)
        span = r.constant - top
        gain = 0.0 if r.loss is None else r.constant - r.loss
        scores[(r.contender, r.dataset, r.seed)] = max(-1.0, gain / span) if span > 0 else 0.0
    return scores


def ranks(results: Sequence[Result]) -> dict[str, list[float]]:
    """Of each contender, its rank on each set and seed; equal losses share the mean rank."""
    by_set: dict[tuple[str, int], list[Result]] = {}
    for r in results:
        by_set.setdefault((r.dataset, r.seed), []).append(r)
    made: dict[str, list[float]] = {}
    for group in by_set.values():
        losses = [np.inf if r.loss is None else r.loss for r in group]
        for r, value in zip(group, losses, strict=True):
            below = sum(v < value for v in losses)
            same = sum(v == value for v in losses)
            made.setdefault(r.contender, []).append(below + (same + 1) / 2)
    return made


def interval(values: Sequence[float], rounds: int = 2000) -> tuple[float, float]:
    """95% bootstrap interval of the mean over sets."""
    drawn = np.random.default_rng(0).choice(values, (rounds, len(values)))
    means: NDArray[np.float64] = drawn.mean(axis=1)
    return float(np.quantile(means, 0.025)), float(np.quantile(means, 0.975))


def table(results: Sequence[Result]) -> list[Mapping[str, object]]:
    """One line a contender, the best average rank first."""
    scores, placed = normalised(results), ranks(results)
    lines = []
    for name in sorted(placed, key=lambda n: float(np.mean(placed[n]))):
        own = [s for (c, _, _), s in scores.items() if c == name]
        used = [r.used_s / r.asked_s for r in results if r.contender == name]
        low, high = interval(own)
        lines.append(
            {
                "contender": name,
                "rank": round(float(np.mean(placed[name])), 2),
                "wins": sum(r == 1 for r in placed[name]),
                "score": round(float(np.mean(own)), 3),
                "low": round(low, 3),
                "high": round(high, 3),
                "used_median": round(float(np.median(used)), 2),
                "used_max": round(max(used), 2),
                "failures": sum(r.loss is None for r in results if r.contender == name),
                "runs": len(own),
            }
        )
    return lines
