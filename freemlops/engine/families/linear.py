"""Logistic and ridge regression on imputed, scaled numbers and one column for each code."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler

from freemlops.engine.families.base import Guard, Matrix, Params, Shape

MISSING_CODE = -2.0
MAX_ITERATIONS = 200
MOST_ROWS = 50_000
"""More rows hardly move so few coefficients, and the fit cannot be left half-way."""


class Linear:
    name = "linear"

    def portfolio(self, shape: Shape) -> list[dict[str, Any]]:
        return [{"C": 1.0}] if shape.is_classification else [{"alpha": 10.0}]

    def fit(
        self, params: Params, x: Matrix, y: NDArray[Any], shape: Shape, guard: Guard
    ) -> Pipeline:
        guard.check()
        made: Any = (
            LogisticRegression(C=params["C"], max_iter=MAX_ITERATIONS, random_state=shape.seed)
            if shape.is_classification
            else Ridge(alpha=params["alpha"], random_state=shape.seed)
        )
        pipeline = make_pipeline(FunctionTransformer(_wide), _front(shape), made)
        if len(x) > MOST_ROWS:
            rows = np.random.default_rng(shape.seed).permutation(len(x))[:MOST_ROWS]
            x, y = x[rows], y[rows]
        pipeline.fit(x, y)
        guard.check()
        return pipeline


def _wide(x: Matrix) -> NDArray[np.float64]:
    """Large terms that cancel each other cost float32 more digits than an export may lose."""
    return x.astype(np.float64)


def _front(shape: Shape) -> ColumnTransformer:
    codes = list(shape.categorical)
    rest = [i for i in range(shape.features) if i not in shape.categorical]
    parts: list[tuple[str, Any, list[int]]] = []
    if rest:
        median = SimpleImputer(strategy="median", keep_empty_features=True)
        parts.append(("numbers", make_pipeline(median, StandardScaler()), rest))
    if codes:
        # A missing code becomes one of its own.
        fill = SimpleImputer(strategy="constant", fill_value=MISSING_CODE)
        one_hot = OneHotEncoder(handle_unknown="ignore", sparse_output=False, dtype=np.float32)
        parts.append(("codes", make_pipeline(fill, one_hot), codes))
    return ColumnTransformer(parts)
