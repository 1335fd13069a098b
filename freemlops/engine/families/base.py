"""What a family of models must be able to do."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

type Params = Mapping[str, Any]
type Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Shape:
    """What a family knows of the data. `classes` is 0 for a number.

    `categorical` are the features that are codes of few levels. `spare` are codes of many
    levels, of use only to who splits sets of codes, and `means` the features that say the same
    column for everybody else.
    """

    rows: int
    features: int
    classes: int
    categorical: tuple[int, ...]
    threads: int
    seed: int
    spare: tuple[int, ...] = ()
    means: tuple[int, ...] = ()
    can_log: bool = False
    """The target is a number that spans orders of magnitude and is never below zero."""
    worded: tuple[int, ...] = ()
    """The features that come of the words of texts."""

    @property
    def is_classification(self) -> bool:
        return self.classes > 0

    @property
    def can_skip_words(self) -> bool:
        """Whether something is left to learn from without the words."""
        return 0 < len(self.worded) < self.features


@dataclass(frozen=True, slots=True)
class Guard:
    """Asked between two rounds of a fit. `check` raises to abandon the fit; after `until`
    (`time.monotonic`) the fit ends early with what it has."""

    check: Callable[[], None]
    until: float = float("inf")

    def enough(self) -> bool:
        self.check()
        return time.monotonic() >= self.until


class Family(Protocol):
    """Stateless. A fitted model has `predict`, for classes `predict_proba` and `classes_`."""

    name: str

    def portfolio(self, shape: Shape) -> list[dict[str, Any]]:
        """Settings worth trying before any search, the default first."""

    def fit(self, params: Params, x: Matrix, y: NDArray[Any], shape: Shape, guard: Guard) -> Any:
        """A fitted model that can be pickled and exported."""


@dataclass(frozen=True, slots=True)
class Watched:
    """A model grown round by round, with its loss on rows that it did not learn from.

    `cut` tells that time ended its growth, and not the rows.
    """

    model: Any
    curve: NDArray[np.float64]
    cut: bool = False


@runtime_checkable
class Staged(Family, Protocol):
    """A family whose models grow in rounds: the number of rounds is read off their curves, and
    called `n_estimators` among the parameters."""

    def watch(
        self,
        params: Params,
        fold: tuple[Matrix, NDArray[Any]],
        valid: tuple[Matrix, NDArray[Any]],
        shape: Shape,
        guard: Guard,
    ) -> Watched:
        """Grow until `valid` gains nothing any more."""

    def outputs_at(self, model: Any, x: Matrix, rounds: int, classes: int) -> NDArray[np.float64]:
        """`outputs` of the model as it was after `rounds`."""


def outputs(model: Any, x: Matrix, classes: int) -> NDArray[np.float64]:
    """Probabilities [rows, classes] or values [rows, 1], whatever classes the model has seen."""
    if not classes:
        return np.asarray(model.predict(x), np.float64).reshape(-1, 1)
    return widened(model, np.asarray(model.predict_proba(x), np.float64), classes)


def widened(model: Any, made: NDArray[np.float64], classes: int) -> NDArray[np.float64]:
    """A column for each class: those that the model has not seen have no chance."""
    if made.shape[1] == classes:
        return made
    wide = np.zeros((len(made), classes))
    wide[:, np.asarray(model.classes_, np.intp)] = made
    return wide
