"""Trials on folds: how long models grow, and when hope is lost."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from freemlops.engine.evaluate import loss
from freemlops.engine.families import FAMILIES, Shape
from freemlops.engine.trial import FoldMatrices, Outclassed, Trials, Tried, common_rounds

ROWS, FEATURES = 600, 5


def folds(seed: int = 0) -> tuple[list[FoldMatrices], NDArray[Any]]:
    random = np.random.default_rng(seed)
    x = random.normal(size=(ROWS, FEATURES)).astype(np.float32)
    y = x[:, 0] * 3 + np.abs(x[:, 1]) + random.normal(size=ROWS) * 0.3
    hand = np.arange(ROWS) % 3
    made = []
    for k in range(3):
        rows = np.flatnonzero(hand == k)
        rest = hand != k
        made.append(FoldMatrices(x[rest], y[rest], x[rows], y[rows], rows.astype(np.intp)))
    return made, y


def trials() -> tuple[Trials, NDArray[Any]]:
    made, y = folds()
    return Trials(made, Shape(ROWS, FEATURES, 0, (), 1, 0), "rmse", lambda: None), y


def test_one_number_of_rounds_for_all_folds() -> None:
    """A fold that ended early counts on with its last loss."""
    curves = [np.array([5.0, 3.0, 2.0, 2.5]), np.array([5.0, 4.0])]
    assert common_rounds(curves) == 3


def test_trees_grow_until_the_folds_gain_nothing() -> None:
    made, _ = trials()
    family = FAMILIES["lightgbm"]
    tried = made.run(family, family.portfolio(made.shape)[0] | {"learning_rate": 0.3}, None)
    assert isinstance(tried, Tried)
    assert 5 < tried.params["n_estimators"] < 400
    parts = np.split(tried.out_of_fold, np.cumsum([len(f.rows) for f in made.folds])[:-1])
    again = [loss("rmse", f.y_valid, p) for f, p in zip(made.folds, parts, strict=True)]
    assert np.allclose(again, tried.losses, rtol=1e-5)


def test_hopeless_settings_are_left_after_a_fold() -> None:
    made, _ = trials()
    family = FAMILIES["linear"]
    leader = made.run(family, {"alpha": 1.0}, None)
    assert isinstance(leader, Tried)
    hopeless = made.run(family, {"alpha": 1e6}, leader)
    assert isinstance(hopeless, Outclassed)
    assert hopeless.loss > leader.loss
    assert isinstance(made.run(family, {"alpha": 1.1}, leader), Tried)
