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


def test_an_undefined_metric_is_no_number_and_the_worst_loss() -> None:
    one_class = np.ones(40, np.int64)
    judge = Judge(Task.BINARY, one_class, 0)
    assert np.isnan(judge.scores(P2[:40])["roc_auc"].value)
    assert loss("roc_auc", one_class, P2[:40]) == 1.0
    huge = np.full((300, 1), 1e300)
    with np.errstate(over="ignore"):
        assert np.isnan(Judge(Task.REGRESSION, YR, 0).scores(huge)["rmse"].value)
        assert loss("rmse", YR, huge) > 1e100


def test_no_interval_is_claimed_from_a_handful_of_a_class() -> None:
    few = np.zeros(300, np.int64)
    few[:3] = 1
    judge = Judge(Task.BINARY, few, 0)
    assert judge.is_blind
    score = judge.scores(P2)["roc_auc"]
    assert (score.low, score.high) == (0.0, 1.0)
    assert not Judge(Task.BINARY, Y2, 0).is_blind


def test_every_resample_has_every_class() -> None:
    rare = np.zeros(300, np.int64)
    rare[:12] = 1
    assert np.isfinite(Judge(Task.BINARY, rare, 0).resamples("roc_auc", P2)).all()
