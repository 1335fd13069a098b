"""The kinds of model that are tried, each fitted on the same float32 matrix."""

from freemlops.engine.families.base import Family, Guard, Params, Shape
from freemlops.engine.families.boosting import LightGBM, XGBoost
from freemlops.engine.families.constant import Constant
from freemlops.engine.families.forest import ExtraTrees, RandomForest
from freemlops.engine.families.linear import Linear

FAMILIES: dict[str, Family] = {
    f.name: f for f in (Constant(), Linear(), LightGBM(), XGBoost(), RandomForest(), ExtraTrees())
}

__all__ = ["FAMILIES", "Family", "Guard", "Params", "Shape"]
