"""Where FLAML may look in each family: its own spaces, capped so that models stay exportable."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from flaml import tune

from freemlops.engine.families import Shape, boosting, forest

type Space = dict[str, dict[str, Any]]

COST = {"linear": 0.5, "lightgbm": 1.0, "xgboost": 1.6, "random_forest": 2.0, "extra_trees": 1.9}
"""The time of a trial relative to LightGBM, as FLAML's scheduler asks for it."""


def space(family: str, shape: Shape) -> Space:
    """FLAML's `search_space` of a family."""
    return _SPACES[family](shape)


def to_params(config: Mapping[str, Any]) -> dict[str, Any]:
    """A FLAML configuration as the family's own parameters."""
    made = dict(config)
    if "log_max_bin" in made:
        made["max_bin"] = (1 << int(made.pop("log_max_bin"))) - 1
    return {k: _plain(int(v) if k in _WHOLE else v) for k, v in made.items()}


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def to_config(params: Mapping[str, Any], within: Space) -> dict[str, Any]:
    """The inverse of `to_params`, without what the space does not vary."""
    made = dict(params)
    if "max_bin" in made:
        made["log_max_bin"] = (int(made.pop("max_bin")) + 1).bit_length() - 1
    return {k: v for k, v in made.items() if k in within}


_WHOLE = {"n_estimators", "num_leaves", "max_leaves", "max_leaf_nodes", "min_child_samples"}


def _whole(low: int, high: int, start: int, cheap: bool = False) -> dict[str, Any]:
    high = max(high, low + 1)
    made: dict[str, Any] = {
        "domain": tune.lograndint(lower=low, upper=high + 1),
        "init_value": min(start, high),
    }
    if cheap:
        made["low_cost_init_value"] = low
    return made


def _scale(low: float, high: float, start: float) -> dict[str, Any]:
    return {"domain": tune.loguniform(lower=low, upper=high), "init_value": start}


def _share(low: float, start: float) -> dict[str, Any]:
    return {"domain": tune.uniform(lower=low, upper=1.0), "init_value": start}


def _trees(shape: Shape) -> dict[str, Any]:
    return _whole(4, min(boosting.MAX_TREES, max(10, shape.rows)), 100, cheap=True)


def _leaves(shape: Shape) -> dict[str, Any]:
    return _whole(4, min(boosting.MAX_LEAVES, max(5, shape.rows)), 31, cheap=True)


def _lightgbm(shape: Shape) -> Space:
    return {
        "n_estimators": _trees(shape),
        "num_leaves": _leaves(shape),
        "min_child_samples": _whole(2, 128, 20),
        "learning_rate": _scale(1 / 1024, 1.0, 0.1),
        "log_max_bin": _whole(3, 10, 8),
        "colsample_bytree": _share(0.05, 1.0),
        "reg_alpha": _scale(1 / 1024, 1024, 1 / 1024),
        "reg_lambda": _scale(1 / 1024, 1024, 1.0),
    }


def _xgboost(shape: Shape) -> Space:
    return {
        "n_estimators": _trees(shape),
        "max_leaves": _leaves(shape),
        "min_child_weight": _scale(0.001, 128, 1.0),
        "learning_rate": _scale(1 / 1024, 1.0, 0.1),
        "subsample": _share(0.1, 1.0),
        "colsample_bylevel": _share(0.05, 1.0),
        "colsample_bytree": _share(0.05, 1.0),
        "reg_alpha": _scale(1 / 1024, 1024, 1 / 1024),
        "reg_lambda": _scale(1 / 1024, 1024, 1.0),
    }


def _forest(shape: Shape) -> Space:
    start = min(1.0, shape.features**-0.5 if shape.is_classification else 0.4)
    made = {
        "n_estimators": _whole(4, forest.MAX_TREES, 100, cheap=True),
        "max_features": _scale(min(0.1, start), 1.0, start),
        "max_leaf_nodes": _whole(4, min(forest.MAX_LEAVES, max(5, shape.rows // 2)), 256, True),
    }
    if shape.is_classification:
        made["criterion"] = {"domain": tune.choice(["gini", "entropy"]), "init_value": "gini"}
    return made


def _linear(shape: Shape) -> Space:
    if shape.is_classification:
        return {"C": _scale(1e-3, 1e3, 1.0)}
    return {"alpha": _scale(1e-3, 1e4, 10.0)}


_SPACES = {
    "linear": _linear,
    "lightgbm": _lightgbm,
    "xgboost": _xgboost,
    "random_forest": _forest,
    "extra_trees": _forest,
}
