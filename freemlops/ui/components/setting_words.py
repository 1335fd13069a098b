"""The settings of trials in words, and their values as a reader writes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from freemlops.domain.words import N_
from freemlops.i18n import Translator

SETTINGS: Final = {
    "num_leaves": N_("leaves of a tree"),
    "max_leaves": N_("leaves of a tree"),
    "max_leaf_nodes": N_("leaves of a tree"),
    "n_estimators": N_("trees or rounds"),
    "max_depth": N_("depth of a tree"),
    "min_child_samples": N_("rows of a leaf, at least"),
    "min_child_weight": N_("weight of a leaf, at least"),
    "learning_rate": N_("learning rate"),
    "max_bin": N_("steps of a number, at most"),
    "subsample": N_("share of rows for a tree"),
    "subsample_freq": N_("rounds between draws of rows"),
    "colsample_bytree": N_("share of columns for a tree"),
    "colsample_bylevel": N_("share of columns for a level"),
    "max_features": N_("share of columns for a cut"),
    "extra_trees": N_("cuts at random"),
    "reg_alpha": N_("regularization (L1)"),
    "reg_lambda": N_("regularization (L2)"),
    "alpha": N_("regularization"),
    "C": N_("inverse regularization (C)"),
    "categories": N_("categories"),
    "tree_method": N_("way to find cuts"),
    "grow_policy": N_("order in which leaves are cut"),
    "log_target": N_("learns the logarithm"),
    "words": N_("reads the words of texts"),
    "criterion": N_("measure of a cut"),
    "width": N_("neurons of a layer"),
    "layers": N_("layers"),
}


VALUES: Final = {
    "ordered": N_("by their order"),
    "native": N_("as groups"),
    "gini": N_("Gini impurity"),
    "entropy": N_("entropy"),
    "hist": N_("by histogram"),
    "lossguide": N_("the one that gains most first"),
}


def setting_name(name: str, t: Translator) -> str:
    """In words; its own name when we have none."""
    return t.text(SETTINGS[name]) if name in SETTINGS else name


def setting_value(value: Any, t: Translator) -> str:
    if isinstance(value, bool):
        return t.text("yes") if value else t.text("no")
    if isinstance(value, int | float):
        return t.number(value)
    if value in VALUES:
        return t.text(VALUES[value])
    return "–" if value is None else str(value)


def settings_text(params: Mapping[str, Any], t: Translator) -> str:
    """All of them in one line."""
    told = (f"{setting_name(k, t)} {setting_value(v, t)}" for k, v in params.items())
    return ", ".join(told) or t.text("as they come")
