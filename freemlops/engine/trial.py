"""One trial: the same settings on every fold, and what the folds say of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from freemlops.engine.evaluate import SMALLEST, loss, to_score
from freemlops.engine.families import Adapted, Guard, Shape, Watched
from freemlops.engine.families.base import outputs

SURE = 3.0
"""A trial is left when it is this many standard errors behind its family's best…"""
BEHIND = 0.03
"""…by at least this part of what that one loses."""


@dataclass(frozen=True, slots=True)
class FoldMatrices:
    """One fold as the learners see it; `rows` are the validation rows' places."""

    x: NDArray[np.float32]
    y: NDArray[Any]
    x_valid: NDArray[np.float32]
    y_valid: NDArray[Any]
    rows: NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Tried:
    """A finished trial, equal to none but itself.

    `scores` are the metric itself on each fold, lower `losses` are better. `out_of_fold` holds
    the predictions of the validation rows, fold by fold. `fit_s` is what one fold took.
    """

    family: str
    params: dict[str, Any]
    losses: tuple[float, ...]
    scores: tuple[float, ...]
    out_of_fold: NDArray[np.float32]
    fit_s: float
    cut: bool = False
    """Time ended the growth of a fold's model."""

    @property
    def loss(self) -> float:
        return float(np.mean(self.losses))


@dataclass(frozen=True, slots=True)
class Outclassed:
    """A trial that was left after some folds; `loss` is what the others would have brought."""

    family: str
    params: dict[str, Any]
    loss: float
    fit_s: float


@dataclass(frozen=True, slots=True)
class Trials:
    """Makes trials of one run: all on the same folds, by the same metric."""

    folds: Sequence[FoldMatrices]
    shape: Shape
    metric: str
    check: Callable[[], None]

    def run(
        self,
        family: Adapted,
        params: Mapping[str, Any],
        leader: Tried | None,
        seconds: float = float("inf"),
    ) -> Tried | Outclassed:
        """Try `params` until it is clear that they lose against `leader`.

        Models that grow in rounds end early after `seconds`.

        Raises whatever the library raises, and what `check` raises.
        """
        begun = time.monotonic()
        each = seconds / len(self.folds)
        watched: list[Watched] = []
        made: list[NDArray[np.float64]] = []
        losses: list[float] = []
        for place, fold in enumerate(self.folds):
            if family.is_staged:
                grown = self._watch(family, params, fold, each)
                watched.append(grown)
                rounds = int(np.argmin(grown.curve)) + 1
                made.append(self._at(family, grown, fold, rounds))
            else:
                made.append(self._plain(family, params, fold, each))
            losses.append(loss(self.metric, fold.y_valid, made[-1]))
            if leader is not None and self._lost(made, leader):
                took = (time.monotonic() - begun) / (place + 1)
                lag = float(np.mean(np.subtract(losses, leader.losses[: place + 1])))
                return Outclassed(family.name, dict(params), leader.loss + lag, took)
        told = dict(params)
        if watched:
            told["n_estimators"] = rounds = common_rounds([w.curve for w in watched])
            made = [
                self._at(family, w, f, rounds) for w, f in zip(watched, self.folds, strict=True)
            ]
            losses = [
                loss(self.metric, f.y_valid, m) for f, m in zip(self.folds, made, strict=True)
            ]
        return Tried(
            family.name,
            told,
            tuple(losses),
            tuple(to_score(self.metric, v) for v in losses),
            np.concatenate(made).astype(np.float32),
            (time.monotonic() - begun) / len(self.folds),
            any(w.cut for w in watched),
        )

    def _lost(self, made: Sequence[NDArray[np.float64]], leader: Tried) -> bool:
        """Whether the folds so far leave no hope: the same rows, compared row by row."""
        if len(made) == len(self.folds):
            return False
        y = np.concatenate([f.y_valid for f in self.folds[: len(made)]])
        ours = row_losses(np.concatenate(made), y, self.shape.classes)
        best = leader.out_of_fold[: len(y)].astype(np.float64)
        theirs = row_losses(best, y, self.shape.classes)
        behind = ours - theirs
        error = float(behind.std()) / np.sqrt(len(y))
        return bool(behind.mean() > max(SURE * error, BEHIND * theirs.mean()))

    def _watch(
        self, family: Adapted, params: Mapping[str, Any], fold: FoldMatrices, seconds: float
    ) -> Watched:
        guard = Guard(self.check, time.monotonic() + seconds)
        valid = fold.x_valid, fold.y_valid
        return family.watch(params, (fold.x, fold.y), valid, self.shape, guard)

    def _plain(
        self, family: Adapted, params: Mapping[str, Any], fold: FoldMatrices, seconds: float
    ) -> NDArray[np.float64]:
        guard = Guard(self.check, time.monotonic() + seconds)
        model = family.fit(params, fold.x, fold.y, self.shape, guard)
        self.check()
        return outputs(model, fold.x_valid, self.shape.classes)

    def _at(
        self, family: Adapted, grown: Watched, fold: FoldMatrices, rounds: int
    ) -> NDArray[np.float64]:
        return family.outputs_at(grown.model, fold.x_valid, rounds, self.shape.classes)


def common_rounds(curves: Sequence[NDArray[np.float64]]) -> int:
    """The rounds at which the folds' mean loss is least.

    One number for all folds: if each had its own, the predictions of its rows would be chosen by
    those rows, and look better than they are. A curve that ended is continued by its end.
    """
    longest = max(len(c) for c in curves)
    padded = [np.concatenate([c, np.full(longest - len(c), c[-1])]) for c in curves]
    return int(np.argmin(np.mean(padded, axis=0))) + 1


def row_losses(made: NDArray[np.float64], y: NDArray[Any], classes: int) -> NDArray[np.float64]:
    """The log loss or squared error of each row."""
    if classes:
        return np.asarray(-np.log(np.clip(made[np.arange(len(y)), y], SMALLEST, 1.0)))
    return np.asarray((made[:, 0] - y) ** 2)


def baseline(metric: str, folds: Sequence[FoldMatrices], classes: int) -> tuple[float, ...]:
    """What always giving the same answer loses, on each fold."""
    made = []
    for fold in folds:
        if classes:
            answer = np.bincount(fold.y, minlength=classes) / len(fold.y)
        else:
            answer = np.array([fold.y.mean()])
        rows = np.tile(answer.astype(np.float64), (len(fold.y_valid), 1))
        made.append(loss(metric, fold.y_valid, rows))
    return tuple(made)
