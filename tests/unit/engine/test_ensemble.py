from __future__ import annotations

import numpy as np
import pytest

from freemlops.engine.ensemble import mixture_loss, select

RANDOM = np.random.default_rng(0)
Y = RANDOM.normal(size=400)


def noisy(scale: float) -> np.ndarray:
    return (Y + RANDOM.normal(size=400) * scale).reshape(-1, 1).astype(np.float32)


def test_independent_mistakes_are_averaged_out() -> None:
    made = [noisy(0.5), noisy(0.5), noisy(0.5)]
    weights = select(made, Y, 0)
    mixed = sum(w * m for w, m in zip(weights, made, strict=True))
    assert sum(weights) == pytest.approx(1.0)
    assert min(weights) > 0.1
    assert mixture_loss(Y, mixed, 0) < min(mixture_loss(Y, m, 0) for m in made)


def test_a_useless_member_gets_no_weight() -> None:
    weights = select([noisy(0.1), noisy(50.0)], Y, 0)
    assert weights == [1.0, 0.0]


def test_twins_do_not_make_a_mixture() -> None:
    one = noisy(0.3)
    assert sorted(select([one, one.copy()], Y, 0)) == [0.0, 1.0]


def test_probabilities_are_mixed_by_log_loss() -> None:
    y = RANDOM.integers(0, 2, 400)
    made = []
    for _ in range(3):
        sure = np.clip(0.5 + (y - 0.5) * 0.6 + RANDOM.normal(size=400) * 0.25, 0.02, 0.98)
        made.append(np.column_stack([1 - sure, sure]).astype(np.float32))
    assert sum(w > 0 for w in select(made, y, 2)) == 3
