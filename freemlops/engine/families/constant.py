"""The baseline: always the same answer, whatever the row."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from freemlops.engine.families.base import Guard, Matrix, Params, Shape


class ConstantModel:
    """Answers the classes' shares, or the mean, seen in training."""

    def __init__(self, answer: NDArray[np.float32], classes: int) -> None:
        self.answer = answer
        self.classes_ = np.arange(classes)

    def predict(self, x: Matrix) -> NDArray[Any]:
        if len(self.classes_):
            return np.full(len(x), int(self.answer.argmax()))
        return np.full(len(x), self.answer[0], np.float64)

    def predict_proba(self, x: Matrix) -> NDArray[np.float64]:
        return np.tile(self.answer.astype(np.float64), (len(x), 1))


class Constant:
    name = "constant"

    def portfolio(self, shape: Shape) -> list[dict[str, Any]]:
        return [{}]

    def fit(
        self, params: Params, x: Matrix, y: NDArray[Any], shape: Shape, guard: Guard
    ) -> ConstantModel:
        if shape.classes:
            shares = np.bincount(y, minlength=shape.classes) / len(y)
            return ConstantModel(shares.astype(np.float32), shape.classes)
        return ConstantModel(np.array([y.mean()], np.float32), 0)
