"""Model families in plain words."""

from __future__ import annotations

from typing import Final

from freemlops.domain.words import N_

FAMILIES: Final = {
    "constant": N_("Always the same answer"),
    "linear": N_("Linear model"),
    "lightgbm": N_("Boosted trees (LightGBM)"),
    "xgboost": N_("Boosted trees (XGBoost)"),
    "random_forest": N_("Random forest"),
    "extra_trees": N_("Extra-random forest"),
    "neural": N_("Neural network"),
    "ensemble": N_("Team of models"),
}


def family_title(family: str) -> str:
    """The gettext template of a family's name; the key itself for one we do not know."""
    return FAMILIES.get(family, family)
