"""LightGBM, watched while it grows."""

from __future__ import annotations

import time
from typing import Any

import lightgbm as lgb
import numpy as np
from lightgbm.callback import CallbackEnv, EarlyStopException
from numpy.typing import NDArray

from freemlops.engine.families.base import Guard, Matrix, Params, Shape, Watched, widened
from freemlops.engine.families.growth import MAX_TREES, patience, trees_within
from freemlops.engine.snap import snap

NATIVE, ORDERED = "native", "ordered"
FEW_ROWS = 4_000
"""Small steps are for few rows: on more they take the time of better settings."""
AFTER_THE_RECORD = 40
"""LightGBM writes the round's loss down in a callback of order 20."""


class LightGBM:
    """`categories` "native" splits sets of codes, "ordered" splits them as numbers."""

    name = "lightgbm"

    def portfolio(self, shape: Shape) -> list[dict[str, Any]]:
        default: dict[str, Any] = {
            "n_estimators": 120,
            "num_leaves": 31,
            "min_child_samples": 20,
            "learning_rate": 0.05 if shape.rows < FEW_ROWS else 0.1,
            "max_bin": 255,
            "subsample": 0.9,
            "subsample_freq": 1,
            "colsample_bytree": 0.8,
            "extra_trees": False,
            "reg_alpha": 1 / 1024,
            "reg_lambda": 1.0,
            "categories": ORDERED,
        }
        random = default | {"extra_trees": True}
        small = default | {
            "num_leaves": 8,
            "min_child_samples": 10,
            "colsample_bytree": 0.4,
            "reg_lambda": 5.0,
        }
        large = default | {"num_leaves": 96, "min_child_samples": 5, "colsample_bytree": 0.5}
        made = [default, random, small, large]
        if shape.categorical or shape.spare:
            place = 1 if shape.spare else 2
            made.insert(place, default | {"categories": NATIVE, "colsample_bytree": 0.6})
        return [trees_within(c, "num_leaves", shape) for c in made]

    def fit(self, params: Params, x: Matrix, y: NDArray[Any], shape: Shape, guard: Guard) -> Any:
        model = _model(params, shape)
        between = _Between(guard)
        model.fit(x, y, categorical_feature=_codes(params, shape), callbacks=[between])
        model._Booster = snap(model.booster_)
        # More than there are trees: a round that finds nothing to split leaves none.
        model.rounds_ = between.rounds
        return model

    def watch(
        self,
        params: Params,
        fold: tuple[Matrix, NDArray[Any]],
        valid: tuple[Matrix, NDArray[Any]],
        shape: Shape,
        guard: Guard,
    ) -> Watched:
        model = _model({**params, "n_estimators": MAX_TREES}, shape)
        x, y = valid
        if shape.is_classification:
            known = np.isin(y, np.unique(fold[1]))
            x, y = x[known], y[known]
        told: dict[str, Any] = {}
        model.fit(
            *fold,
            eval_X=x,
            eval_y=y,
            categorical_feature=_codes(params, shape),
            callbacks=[
                lgb.record_evaluation(told),
                lgb.early_stopping(patience(float(params["learning_rate"])), verbose=False),
                _Between(guard),
            ],
        )
        curve = next(iter(next(iter(told.values())).values()))
        return Watched(model, np.asarray(curve, np.float64), time.monotonic() >= guard.until)

    def outputs_at(self, model: Any, x: Matrix, rounds: int, classes: int) -> NDArray[np.float64]:
        if not classes:
            return np.asarray(model.predict(x, num_iteration=rounds), np.float64).reshape(-1, 1)
        return widened(model, model.predict_proba(x, num_iteration=rounds), classes)


def _model(params: Params, shape: Shape) -> Any:
    kind = lgb.LGBMClassifier if shape.is_classification else lgb.LGBMRegressor
    return kind(
        **{k: v for k, v in params.items() if k != "categories"},
        n_jobs=shape.threads,
        random_state=shape.seed,
        deterministic=True,
        force_row_wise=True,
        verbose=-1,
    )


def _codes(params: Params, shape: Shape) -> list[int]:
    native = params.get("categories") == NATIVE
    return [*shape.categorical, *shape.spare] if native else []


class _Between:
    """LightGBM calls it after each round. `rounds` counts them."""

    order = AFTER_THE_RECORD

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self.rounds = 0

    def __call__(self, env: CallbackEnv) -> None:
        self.rounds = env.iteration + 1
        if self._guard.enough():
            raise EarlyStopException(env.iteration, env.evaluation_result_list or [])
