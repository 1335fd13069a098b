"""XGBoost, watched while it grows."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import numpy as np
import xgboost as xgb
from numpy.typing import NDArray
from xgboost.callback import TrainingCallback

from freemlops.engine.families.base import Guard, Matrix, Params, Shape, Watched, widened
from freemlops.engine.families.growth import MAX_TREES, patience, trees_within

NO_WEIGHT = 1e-6
FEW_ROWS = 4_000
BLOCK = 50
"""Trees summed in float32 at a time."""


class XGBoost:
    name = "xgboost"

    def portfolio(self, shape: Shape) -> list[dict[str, Any]]:
        shared: dict[str, Any] = {
            "learning_rate": 0.06 if shape.rows < FEW_ROWS else 0.12,
            "subsample": 0.9,
            "colsample_bylevel": 0.8,
            "colsample_bytree": 0.8,
            "reg_alpha": 1 / 1024,
            "reg_lambda": 1.0,
            "tree_method": "hist",
        }
        depthwise = {
            "n_estimators": 150, "max_leaves": 0, "max_depth": 5, "min_child_weight": 1.0,
            **shared,
        }  # fmt: skip
        leafwise = {
            "n_estimators": 120, "max_leaves": 31, "max_depth": 0, "min_child_weight": 3.0,
            "grow_policy": "lossguide", **shared,
        }  # fmt: skip
        return [depthwise, trees_within(leafwise, "max_leaves", shape)]

    def fit(self, params: Params, x: Matrix, y: NDArray[Any], shape: Shape, guard: Guard) -> Any:
        model = _model(params, shape, guard)
        centre = 0.0
        if not shape.is_classification:
            centre = float(np.mean(y))
            model.set_params(base_score=0.0)
        rows, goal, weights = _all_classes(x, y - centre if centre else y, shape)
        model.fit(rows, goal, sample_weight=weights)
        model.set_params(callbacks=None)
        return model if shape.is_classification else Centred(model, centre)

    def watch(
        self,
        params: Params,
        fold: tuple[Matrix, NDArray[Any]],
        valid: tuple[Matrix, NDArray[Any]],
        shape: Shape,
        guard: Guard,
    ) -> Watched:
        wait = patience(float(params["learning_rate"]))
        model = _model({**params, "n_estimators": MAX_TREES}, shape, guard, wait)
        rows, classes, weights = _all_classes(*fold, shape)
        model.fit(rows, classes, sample_weight=weights, eval_set=[valid], verbose=False)
        curve = next(iter(model.evals_result()["validation_0"].values()))
        model.set_params(callbacks=None)
        return Watched(model, np.asarray(curve, np.float64), time.monotonic() >= guard.until)

    def outputs_at(self, model: Any, x: Matrix, rounds: int, classes: int) -> NDArray[np.float64]:
        within = (0, min(rounds, model.get_booster().num_boosted_rounds()))
        if not classes:
            return np.asarray(model.predict(x, iteration_range=within), np.float64).reshape(-1, 1)
        made = np.asarray(model.predict_proba(x, iteration_range=within), np.float64)
        return widened(model, made, classes)


@dataclass(frozen=True, slots=True)
class Centred:
    """Trees that start from 0 instead of the mean, summed in float64 from one block to the next:
    in XGBoost's own float32 sum the small steps of the last trees are lost."""

    model: xgb.XGBRegressor
    centre: float

    def predict(self, x: Matrix) -> NDArray[np.float64]:
        booster = self.model.get_booster()
        rows = xgb.DMatrix(x)
        total = np.full(len(x), self.centre)
        count = booster.num_boosted_rounds()
        for first in range(0, count, BLOCK):
            part = (first, min(first + BLOCK, count))
            total += booster.predict(rows, iteration_range=part)
        return total


def _model(params: Params, shape: Shape, guard: Guard, wait: int | None = None) -> Any:
    kind = xgb.XGBClassifier if shape.is_classification else xgb.XGBRegressor
    return kind(
        **params,
        n_jobs=shape.threads,
        random_state=shape.seed,
        verbosity=0,
        early_stopping_rounds=wait,
        callbacks=[_Between(guard)],
    )


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
