"""LightGBM and XGBoost. Both can be left between two rounds."""

from __future__ import annotations

from typing import Any

import lightgbm as lgb
import numpy as np
import xgboost as xgb
from lightgbm.callback import CallbackEnv, EarlyStopException
from numpy.typing import NDArray
from xgboost.callback import TrainingCallback

from freemlops.engine.families.base import Guard, Matrix, Params, Shape
from freemlops.engine.snap import snap

MAX_TREES = 1000
MAX_LEAVES = 256
NO_WEIGHT = 1e-6


class LightGBM:
    name = "lightgbm"

    def portfolio(self, shape: Shape) -> list[dict[str, Any]]:
        fast = {
            "n_estimators": 120,
            "num_leaves": 31,
            "min_child_samples": 20,
            "learning_rate": 0.08,
            "max_bin": 255,
            "colsample_bytree": 0.8,
            "reg_alpha": 1 / 1024,
            "reg_lambda": 1.0,
        }
        slow = fast | {
            "n_estimators": 300,
            "num_leaves": 15,
            "min_child_samples": 10,
            "learning_rate": 0.03,
            "colsample_bytree": 0.5,
            "reg_alpha": 0.01,
        }
        return [_within(c, "num_leaves", shape) for c in (fast, slow)]

    def fit(self, params: Params, x: Matrix, y: NDArray[Any], shape: Shape, guard: Guard) -> Any:
        kind = lgb.LGBMClassifier if shape.is_classification else lgb.LGBMRegressor
        model = kind(
            **params,
            n_jobs=shape.threads,
            random_state=shape.seed,
            deterministic=True,
            force_row_wise=True,
            verbose=-1,
        )

        def between(env: CallbackEnv) -> None:
            if guard.enough():
                raise EarlyStopException(env.iteration, env.evaluation_result_list or [])

        model.fit(x, y, callbacks=[between])
        model._Booster = snap(model.booster_)
        return model


class XGBoost:
    name = "xgboost"

    def portfolio(self, shape: Shape) -> list[dict[str, Any]]:
        shared: dict[str, Any] = {
            "min_child_weight": 1.0,
            "learning_rate": 0.08,
            "subsample": 0.9,
            "colsample_bylevel": 0.8,
            "colsample_bytree": 0.8,
            "reg_alpha": 1 / 1024,
            "reg_lambda": 1.0,
            "tree_method": "hist",
        }
        leafwise = {"n_estimators": 120, "max_leaves": 31, "max_depth": 0, **shared}
        leafwise["grow_policy"] = "lossguide"
        depthwise = {"n_estimators": 150, "max_leaves": 0, "max_depth": 5, **shared}
        return [_within(leafwise, "max_leaves", shape), depthwise]

    def fit(self, params: Params, x: Matrix, y: NDArray[Any], shape: Shape, guard: Guard) -> Any:
        kind = xgb.XGBClassifier if shape.is_classification else xgb.XGBRegressor
        model = kind(
            **params,
            n_jobs=shape.threads,
            random_state=shape.seed,
            verbosity=0,
            callbacks=[_Between(guard)],
        )
        rows, classes, weights = _all_classes(x, y, shape)
        model.fit(rows, classes, sample_weight=weights)
        model.set_params(callbacks=None)
        return model


def _all_classes(
    x: Matrix, y: NDArray[Any], shape: Shape
) -> tuple[Matrix, NDArray[Any], NDArray[np.float32] | None]:
    """Rows, classes and weights. XGBoost wants to see every class: one that a fold lacks gets a
    row that weighs next to nothing."""
    lacking = np.setdiff1d(np.arange(shape.classes), y) if shape.is_classification else ()
    if not len(lacking):
        return x, y, None
    weights = np.ones(len(y) + len(lacking), np.float32)
    weights[len(y) :] = NO_WEIGHT
    rows = np.repeat(x[:1], len(lacking), axis=0)
    return np.concatenate([x, rows]), np.concatenate([y, lacking]), weights


class _Between(TrainingCallback):
    def __init__(self, guard: Guard) -> None:
        self._guard = guard

    def after_iteration(self, model: Any, epoch: int, evals_log: Any) -> bool:
        return self._guard.enough()


def _within(params: dict[str, Any], leaves: str, shape: Shape) -> dict[str, Any]:
    most = max(4, shape.rows - 1)
    return params | {
        "n_estimators": min(params["n_estimators"], max(10, most)),
        leaves: min(params[leaves], most),
    }
