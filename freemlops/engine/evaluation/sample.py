"""Weighted rows and what several metrics need of them, made once: tables, ranks, means."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]


class Sample:
    """`weights` [resamples, rows]; every property has the resamples first."""

    def __init__(self, y: NDArray[Any], made: Floats, weights: Floats) -> None:
        self.y = y
        self.made = made
        self.weights = weights

    @cached_property
    def total(self) -> Floats:
        return np.asarray(self.weights.sum(axis=1))

    def mean(self, values: Floats) -> Floats:
        return np.asarray((self.weights @ values) / self.total)

    @cached_property
    def said(self) -> NDArray[np.intp]:
        return self.made.argmax(axis=1)

    @cached_property
    def table(self) -> Floats:
        """[resamples, true class, said class]"""
        classes = self.made.shape[1]
        cells = self.y * classes + self.said
        made = np.stack(
            [np.bincount(cells, row, minlength=classes * classes) for row in self.weights]
        )
        return made.reshape(len(self.weights), classes, classes)

    @cached_property
    def right(self) -> Floats:
        return np.einsum("rcc->rc", self.table)

    @cached_property
    def there(self) -> Floats:
        """Rows of each class in truth."""
        return np.asarray(self.table.sum(axis=2))

    @cached_property
    def called(self) -> Floats:
        """Rows of each class in the answers."""
        return np.asarray(self.table.sum(axis=1))

    @cached_property
    def f1(self) -> Floats:
        """Of each class; NaN for one that is in neither truth nor answers."""
        return ratio(2 * self.right, self.there + self.called)

    @cached_property
    def ranks(self) -> tuple[Floats, Floats]:
        """By the scores of “yes”, see `ranked`."""
        return ranked(self.made[:, 1], self.y == 1, self.weights)

    @cached_property
    def missed(self) -> Floats:
        """Answer minus truth, the same for all resamples: [rows]."""
        return np.asarray(self.made[:, 0] - self.y)


def ranked(score: Floats, yes: NDArray[np.bool_], weights: Floats) -> tuple[Floats, Floats]:
    """“Yes” and “no” at each different score, highest first: twice [resamples, scores]."""
    if not len(score):  # reduceat takes no empty rows
        return np.zeros((len(weights), 0)), np.zeros((len(weights), 0))
    order = np.argsort(-score, kind="stable")
    falling = score[order]
    starts = np.flatnonzero(np.r_[True, falling[1:] != falling[:-1]])
    sorted_weights = weights[:, order]
    positive = sorted_weights * yes[order]
    hits = np.add.reduceat(positive, starts, axis=1)
    return hits, np.add.reduceat(sorted_weights, starts, axis=1) - hits


def ratio(part: Floats, whole: Floats) -> Floats:
    """NaN where it divides by zero."""
    return np.divide(part, whole, out=np.full_like(part, np.nan, dtype=float), where=whole > 0)
