"""Probabilities made bolder or shyer by what the folds say."""

from __future__ import annotations

import numpy as np
import pytest

from freemlops.engine.calibrate import find_temperature, tempered

ROWS = 3000


def chances(seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """True probabilities of three classes, and classes drawn from them."""
    random = np.random.default_rng(seed)
    made = random.dirichlet([1.0, 1.0, 1.0], ROWS)
    y = (made.cumsum(axis=1) < random.random((ROWS, 1))).sum(axis=1)
    return made, y


@pytest.mark.parametrize("temperature", [0.5, 2.0])
def test_a_wrong_temperature_is_found_and_undone(temperature: float) -> None:
    made, y = chances()
    wrong = tempered(made, temperature)
    found = find_temperature(wrong, y, np.array_split(np.arange(ROWS), 5))
    assert found == pytest.approx(1 / temperature, rel=0.1)
    assert np.abs(tempered(wrong, found) - made).mean() < 0.02


def test_honest_probabilities_are_left_alone() -> None:
    made, y = chances(1)
    assert find_temperature(made, y, np.array_split(np.arange(ROWS), 5)) == 1.0


def test_one_fold_is_no_proof() -> None:
    made, y = chances(2)
    assert find_temperature(tempered(made, 3.0), y, [np.arange(ROWS)]) == 1.0
