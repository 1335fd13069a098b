"""What families share: which columns each reads, and a target learned as its logarithm."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from freemlops.engine.families.base import (
    Family,
    Guard,
    Matrix,
    Params,
    Shape,
    Staged,
    Watched,
    outputs,
)

MARGIN = 0.5
"""A model of logarithms answers no further than this outside the logarithms that it has seen."""


class Picked:
    """A model that reads some of the columns only."""

    def __init__(self, places: NDArray[np.intp], model: Any) -> None:
        self.places = places
        self.model = model
        if hasattr(model, "classes_"):
            self.classes_ = model.classes_

    def predict(self, x: Matrix) -> NDArray[Any]:
        return np.asarray(self.model.predict(x[:, self.places]))

    def predict_proba(self, x: Matrix) -> NDArray[np.float64]:
        return np.asarray(self.model.predict_proba(x[:, self.places]), np.float64)


class Logged:
    """A model of log(1 + y), kept within `low` and `high` so that no answer runs away."""

    def __init__(self, model: Any, low: float, high: float) -> None:
        self.model = model
        self.low = low
        self.high = high

    def predict(self, x: Matrix) -> NDArray[np.float64]:
        return self.raised(outputs(self.model, x, 0)[:, 0])

    def raised(self, made: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.expm1(np.clip(made, self.low, self.high))


class Adapted:
    """A `Staged` family around another: `log_target` and `words` among the parameters are its
    own."""

    def __init__(self, family: Family) -> None:
        self._family = family
        self.name = family.name

    @property
    def is_staged(self) -> bool:
        return isinstance(self._family, Staged)

    def portfolio(self, shape: Shape) -> list[dict[str, Any]]:
        first, *rest = self._family.portfolio(shape)
        # Whether a logarithm or the words of a text pay is for the folds to say.
        made = [first]
        if shape.can_log:
            made.append(first | {"log_target": True})
        if shape.can_skip_words:
            made.append(first | {"words": False})
        return [*made, *rest]

    def fit(self, params: Params, x: Matrix, y: NDArray[Any], shape: Shape, guard: Guard) -> Any:
        own, logged = _own(params)
        places, inner = _columns(params, shape)
        x = x if places is None else x[:, places]
        model = self._family.fit(own, x, np.log1p(y) if logged else y, inner, guard)
        return _wrapped(model, y if logged else None, places)

    def watch(
        self,
        params: Params,
        fold: tuple[Matrix, NDArray[Any]],
        valid: tuple[Matrix, NDArray[Any]],
        shape: Shape,
        guard: Guard,
    ) -> Watched:
        assert isinstance(self._family, Staged)
        own, logged = _own(params)
        places, inner = _columns(params, shape)
        pairs = [
            (x if places is None else x[:, places], np.log1p(y) if logged else y)
            for x, y in (fold, valid)
        ]
        made = self._family.watch(own, pairs[0], pairs[1], inner, guard)
        return replace(made, model=_wrapped(made.model, fold[1] if logged else None, places))

    def outputs_at(self, model: Any, x: Matrix, rounds: int, classes: int) -> NDArray[np.float64]:
        assert isinstance(self._family, Staged)
        if isinstance(model, Logged):
            return model.raised(self.outputs_at(model.model, x, rounds, classes))
        if isinstance(model, Picked):
            return self._family.outputs_at(model.model, x[:, model.places], rounds, classes)
        return self._family.outputs_at(model, x, rounds, classes)


def _own(params: Params) -> tuple[dict[str, Any], bool]:
    """The family's own parameters, and whether the target is learned as its logarithm."""
    own = {k: v for k, v in params.items() if k not in ("log_target", "words")}
    return own, bool(params.get("log_target", False))


def _columns(params: Params, shape: Shape) -> tuple[NDArray[np.intp] | None, Shape]:
    """Which columns to read, None for all, and the shape of what is left.

    A column of many texts is there as means of the target and as bare codes: who splits sets of
    codes reads those, everybody else the means. The words of texts are left out if so set.
    """
    native = params.get("categories") == "native"
    dropped = set(shape.means if native else shape.spare) if shape.spare else set()
    if shape.can_skip_words and not params.get("words", True):
        dropped |= set(shape.worded)
    if not dropped:
        return None, shape
    places = np.array([p for p in range(shape.features) if p not in dropped], np.intp)
    place = {int(p): i for i, p in enumerate(places)}
    return places, replace(
        shape,
        features=len(places),
        categorical=tuple(place[c] for c in shape.categorical),
        spare=tuple(place[c] for c in shape.spare) if native else (),
        means=(),
        worded=tuple(place[c] for c in shape.worded if c in place),
    )


def _wrapped(model: Any, logged: NDArray[Any] | None, places: NDArray[np.intp] | None) -> Any:
    made = model if places is None else Picked(places, model)
    if logged is None:
        return made
    ends = np.log1p(np.array([logged.min(), logged.max()], np.float64))
    return Logged(made, float(ends[0]) - MARGIN, float(ends[1]) + MARGIN)
