from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics as reference

from freemlops.domain.metric import METRICS, metrics_for
from freemlops.domain.run import Task
from freemlops.engine.evaluate import Judge, loss, measure

RANDOM = np.random.default_rng(0)
Y2 = RANDOM.integers(0, 2, 300)
P2 = np.round(np.clip(RANDOM.random(300) * 0.6 + Y2 * 0.3, 0.01, 0.99), 2)
P2 = np.column_stack([1 - P2, P2])
Y6 = RANDOM.integers(0, 6, 300)
P6 = RANDOM.dirichlet(np.ones(6), 300)
YR = RANDOM.normal(size=300)
PR = (YR + RANDOM.normal(size=300)).reshape(-1, 1)


@pytest.mark.parametrize(
    ("name", "y", "made", "expected"),
    [
        ("roc_auc", Y2, P2, reference.roc_auc_score(Y2, P2[:, 1])),
        ("log_loss", Y2, P2, reference.log_loss(Y2, P2)),
        ("log_loss", Y6, P6, reference.log_loss(Y6, P6)),
        ("accuracy", Y6, P6, reference.accuracy_score(Y6, P6.argmax(1))),
        ("balanced_accuracy", Y6, P6, reference.balanced_accuracy_score(Y6, P6.argmax(1))),
        ("f1", Y2, P2, reference.f1_score(Y2, P2.argmax(1), average="macro")),
        ("f1", Y6, P6, reference.f1_score(Y6, P6.argmax(1), average="macro")),
        ("rmse", YR, PR, reference.root_mean_squared_error(YR, PR)),
        ("mae", YR, PR, reference.mean_absolute_error(YR, PR)),
        ("r2", YR, PR, reference.r2_score(YR, PR)),
    ],
)
def test_agrees_with_scikit_learn(name, y, made, expected) -> None:
    assert measure(name, y, made)[0] == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("name", sorted(METRICS))
def test_a_weight_of_two_is_a_row_twice(name: str) -> None:
    """A resample as weights is the same as the resampled rows."""
    y, made = (Y2, P2) if METRICS[name].tasks[0] is Task.BINARY else (YR, PR)
    rows = RANDOM.integers(0, 300, 300)
    weights = np.bincount(rows, minlength=300).astype(float)[None, :]
    assert measure(name, y, made, weights)[0] == pytest.approx(
        measure(name, y[rows], made[rows])[0]
    )


def test_intervals_hold_the_value_and_shrink_with_rows() -> None:
    small = Judge(Task.REGRESSION, YR[:60], 0).scores(PR[:60])
    large = Judge(Task.REGRESSION, YR, 0).scores(PR)
    assert set(small) == {m.name for m in metrics_for(Task.REGRESSION)}
    for scores in (small, large):
        assert all(s.low <= s.value <= s.high for s in scores.values())
    assert large["rmse"].high - large["rmse"].low < small["rmse"].high - small["rmse"].low


def test_a_perfect_answer_loses_nothing() -> None:
    assert loss("roc_auc", Y2, np.eye(2)[Y2]) == 0.0
    assert loss("rmse", YR, YR.reshape(-1, 1)) == 0.0


def test_auc_of_one_class_is_no_number_but_the_score_is() -> None:
    y = np.zeros(30, np.int64)
    assert np.isnan(measure("roc_auc", y, P2[:30])[0])
    assert Judge(Task.BINARY, y, 0).scores(P2[:30])["roc_auc"].value == 0.5
