"""Random forest and extremely randomised trees, grown in batches so that they can be left."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray
from sklearn.ensemble import (
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline

from freemlops.engine.families.base import Guard, Matrix, Params, Shape

MAX_TREES = 300
MAX_LEAVES = 1024
"""With `MAX_TREES` this keeps the exported graph within some tens of megabytes."""
BATCHES = 8


class RandomForest:
    name = "random_forest"
    kinds: tuple[type, type] = (RandomForestClassifier, RandomForestRegressor)

    def portfolio(self, shape: Shape) -> list[dict[str, Any]]:
        leaves = max(5, min(MAX_LEAVES, shape.rows // 2))
        share = max(0.1, shape.features**-0.5) if shape.is_classification else 0.4
        made: dict[str, Any] = {
            "n_estimators": 100,
            "max_features": min(1.0, share),
            "max_leaf_nodes": leaves,
        }
        if shape.is_classification:
            made["criterion"] = "gini"
        return [made]

    def fit(
        self, params: Params, x: Matrix, y: NDArray[Any], shape: Shape, guard: Guard
    ) -> Pipeline:
        # Trees of scikit-learn take NaN, but their export answers wrongly then: impute first.
        imputer = SimpleImputer(strategy="median", keep_empty_features=True)
        filled = imputer.fit_transform(x)
        wanted = min(int(params["n_estimators"]), MAX_TREES)
        fixed = {k: v for k, v in params.items() if k != "n_estimators"}
        forest = self.kinds[not shape.is_classification](
            n_estimators=1,
            warm_start=True,
            n_jobs=shape.threads,
            random_state=shape.seed,
            **fixed,
        )
        for batch in range(1, BATCHES + 1):
            count = max(1, round(wanted * batch / BATCHES))
            if count > len(getattr(forest, "estimators_", ())):
                forest.set_params(n_estimators=count).fit(filled, y)
            if guard.enough():
                break
        return Pipeline([("fill", imputer), ("forest", forest)])


class ExtraTrees(RandomForest):
    name = "extra_trees"
    kinds: tuple[type, type] = (ExtraTreesClassifier, ExtraTreesRegressor)
