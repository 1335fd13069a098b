"""Beside scikit-learn's tree: as much is explained, by as many leaves."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.tree import DecisionTreeRegressor

from freemlops.engine.evaluation.split_tree import Split, grow


def leaves(tree: Split | None, x: NDArray[np.float64]) -> NDArray[np.float64]:
    """A name of the leaf that each row ends in."""
    if tree is None:
        return np.ones(len(x))
    low = x[:, tree.feature] <= tree.threshold
    made = np.empty(len(x))
    made[low] = leaves(tree.low, x[low]) * 2
    made[~low] = leaves(tree.high, x[~low]) * 2 + 1
    return made


def left(y: NDArray[np.float64], leaf: NDArray[Any]) -> float:
    """The squares that the means of the leaves do not explain."""
    return float(
        sum(np.square(own - own.mean()).sum() for own in (y[leaf == n] for n in set(leaf)))
    )


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("binary", [False, True])
def test_splits_explain_as_much_as_those_of_scikit_learn(seed: int, binary: bool) -> None:
    random = np.random.default_rng(seed)
    x = random.normal(size=(600, 6)).round(2)  # float32 holds other numbers: no cut falls between
    x[:, 3:] = x[:, 3:] > 0.3
    y = x[:, 0] + 2 * (x[:, 1] > 0.5) * x[:, 3] + random.normal(size=600)
    if binary:
        y = (y > 1).astype(np.float64)
    known = DecisionTreeRegressor(max_depth=3, min_samples_leaf=20, random_state=0).fit(x, y)
    ours, theirs = leaves(grow(x, y, 3, 20), x), known.apply(x)
    assert len(set(ours)) == len(set(theirs)) > 4
    assert left(y, ours) == pytest.approx(left(y, theirs), rel=1e-9)


def test_every_leaf_holds_its_rows_and_the_tree_ends_at_its_depth() -> None:
    random = np.random.default_rng(1)
    x, y = random.normal(size=(300, 2)), random.normal(size=300)
    counts = np.unique(leaves(grow(x, y, 3, 40), x), return_counts=True)[1]
    assert len(counts) <= 8
    assert counts.min() >= 40


def test_what_cannot_be_parted_is_a_leaf() -> None:
    y = np.arange(50.0)
    assert grow(np.zeros((50, 3)), y, 3, 5) is None
    assert grow(y[:, None], np.full(50, 0.1), 3, 5) is None
    assert grow(y[:, None], y, 3, 26) is None
