"""The kinds of model that are tried, each fitted on the same float32 matrix."""

from freemlops.engine.families.adapted import Adapted
from freemlops.engine.families.base import Family, Guard, Params, Shape, Watched
from freemlops.engine.families.constant import Constant
from freemlops.engine.families.forest import ExtraTrees, RandomForest
from freemlops.engine.families.lgbm import LightGBM
from freemlops.engine.families.linear import Linear
from freemlops.engine.families.neural import Neural
from freemlops.engine.families.xgb import XGBoost

FAMILIES: dict[str, Adapted] = {
    f.name: Adapted(f)
    for f in (
        Constant(),
        Linear(),
        LightGBM(),
        XGBoost(),
        RandomForest(),
        ExtraTrees(),
        Neural(),
    )
}

__all__ = ["FAMILIES", "Adapted", "Family", "Guard", "Params", "Shape", "Watched"]
