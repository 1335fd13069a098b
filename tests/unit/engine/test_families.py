"""Every family on the data that folds really bring."""

from __future__ import annotations

import numpy as np
import pytest

from freemlops.engine.families import FAMILIES
from freemlops.engine.families.base import Guard, Shape, outputs


@pytest.mark.parametrize("name", sorted(FAMILIES))
def test_a_class_that_a_fold_lacks_gets_next_to_no_chance(name: str) -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(200, 4)).astype(np.float32)
    y = np.where(x[:, 0] > 0, 3, 0)
    shape = Shape(rows=200, features=4, classes=4, categorical=(), threads=1, seed=0)
    family = FAMILIES[name]
    model = family.fit(family.portfolio(shape)[0], x, y, shape, Guard(lambda: None))
    made = outputs(model, x, 4)
    assert made.shape == (200, 4)
    assert np.allclose(made.sum(axis=1), 1, atol=1e-5)
    assert made[:, [1, 2]].max() < 0.05
