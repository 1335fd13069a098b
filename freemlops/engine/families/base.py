"""What a family of models must be able to do."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

type Params = Mapping[str, Any]
type Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Shape:
    """What a family knows of the data. `classes` is 0 for a number."""

    rows: int
    features: int
    classes: int
    categorical: tuple[int, ...]
    threads: int
    seed: int

    @property
    def is_classification(self) -> bool:
        return self.classes > 0


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


def outputs(model: Any, x: Matrix, classes: int) -> NDArray[np.float64]:
    """Probabilities [rows, classes] or values [rows, 1], whatever classes the model has seen."""
    if not classes:
        return np.asarray(model.predict(x), np.float64).reshape(-1, 1)
    made = np.asarray(model.predict_proba(x), np.float64)
    if made.shape[1] == classes:
        return made
    wide = np.zeros((len(made), classes))
    wide[:, np.asarray(model.classes_, np.intp)] = made
    return wide
