"""Where FLAML may look in each family: its own spaces, capped so that models stay exportable."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from flaml import tune

from freemlops.engine.families import Shape, forest, growth, lgbm

type Space = dict[str, dict[str, Any]]

COST = {
    "linear": 0.5, "lightgbm": 1.0, "xgboost": 1.6, "random_forest": 2.0, "extra_trees": 1.9,
    "neural": 2.0,
}  # fmt: skip
"""The time of a trial relative to LightGBM, as FLAML's scheduler asks for it."""


def space(family: str, shape: Shape) -> Space:
    """FLAML's `search_space` of a family."""
    made = _SPACES[family](shape)
    if shape.can_log:
        made["log_target"] = _one_of([False, True])
    if shape.can_skip_words:
        made["words"] = _one_of([True, False])
    return made


def to_params(config: Mapping[str, Any]) -> dict[str, Any]:
    """A FLAML configuration as the family's own parameters."""
    return {k: _plain(int(v) if k in _WHOLE else v) for k, v in config.items()}


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def to_config(params: Mapping[str, Any], within: Space) -> dict[str, Any]:
    """The inverse of `to_params`, without what the space does not vary."""
    return {k: params.get(k, within[k]["init_value"]) for k in within}


def fits(params: Mapping[str, Any], default: Mapping[str, Any], within: Space) -> bool:
    """Whether settings from elsewhere are of this space: all known, and each in its range."""
    return all(
        _holds(within[k]["domain"], v) if k in within else k in default for k, v in params.items()
    )


def _holds(domain: Any, value: Any) -> bool:
    if isinstance(domain, tune.sample.Categorical):
        return value in domain.categories
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return bool(domain.lower <= value <= domain.upper)


_WHOLE = {
    "n_estimators", "num_leaves", "max_leaves", "max_depth", "max_leaf_nodes",
    "min_child_samples", "width",
}  # fmt: skip


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


def _one_of(values: list[Any]) -> dict[str, Any]:
    return {"domain": tune.choice(values), "init_value": values[0]}


def _leaves(shape: Shape) -> dict[str, Any]:
    return _whole(4, min(growth.MAX_LEAVES, max(5, shape.rows)), 31, cheap=True)


def _lightgbm(shape: Shape) -> Space:
    made = {
        "num_leaves": _leaves(shape),
        "min_child_samples": _whole(2, 128, 20),
        "learning_rate": _scale(0.015, 0.3, 0.05),
        "subsample": _share(0.5, 0.9),
        "colsample_bytree": _share(0.1, 0.8),
        "extra_trees": _one_of([False, True]),
        "reg_alpha": _scale(1 / 1024, 100, 1 / 1024),
        "reg_lambda": _scale(1 / 1024, 100, 1.0),
    }
    if shape.categorical or shape.spare:
        made["categories"] = _one_of([lgbm.ORDERED, lgbm.NATIVE])
    return made


def _xgboost(_: Shape) -> Space:
    return {
        "max_depth": _whole(2, 10, 5),
        "min_child_weight": _scale(0.001, 64, 1.0),
        "learning_rate": _scale(0.02, 0.3, 0.06),
        "subsample": _share(0.5, 0.9),
        "colsample_bylevel": _share(0.3, 0.8),
        "colsample_bytree": _share(0.1, 0.8),
        "reg_alpha": _scale(1 / 1024, 100, 1 / 1024),
        "reg_lambda": _scale(1 / 1024, 100, 1.0),
    }


def _neural(_: Shape) -> Space:
    return {
        "width": _whole(16, 192, 64),
        "layers": _one_of([1, 2]),
        "alpha": _scale(1e-5, 3.0, 1e-3),
        "learning_rate": _scale(5e-4, 1e-2, 2e-3),
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
    "neural": _neural,
}
