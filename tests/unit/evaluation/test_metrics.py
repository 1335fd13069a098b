"""Every metric says what scikit-learn says, on fifteen sets, some of them awkward."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
from scipy.stats import ks_2samp
from sklearn import metrics as sk

from freemlops.domain.evaluation.measures import MEASURES, measures_for
from freemlops.domain.run import Task
from freemlops.engine.evaluation.answers import Answers
from freemlops.engine.evaluation.figures import undefined
from freemlops.engine.evaluation.metrics import value, values
from freemlops.engine.evaluation.sample import Sample

from .conftest import NAMES, answers

pytestmark = pytest.mark.filterwarnings("ignore")


def reference(name: str, a: Answers) -> float:
    """By scikit-learn, or by the formula where it has none (gini, ece)."""
    y, p = a.y, a.made
    if a.task is Task.REGRESSION:
        return _number(name, y, p[:, 0])
    said = p.argmax(axis=1)
    if a.task is Task.BINARY:
        return _binary(name, y, p[:, 1], said)
    return _several(name, y, p, said)


def _number(name: str, y: Any, v: Any) -> float:
    return {
        "rmse": lambda: sk.root_mean_squared_error(y, v),
        "mae": lambda: sk.mean_absolute_error(y, v),
        "r2": lambda: sk.r2_score(y, v),
        "median_ae": lambda: sk.median_absolute_error(y, v),
        "mape": lambda: sk.mean_absolute_percentage_error(y, v),
        "max_error": lambda: sk.max_error(y, v),
        "explained_variance": lambda: sk.explained_variance_score(y, v),
        "msle": lambda: sk.mean_squared_log_error(y, v),
        "pinball_10": lambda: sk.mean_pinball_loss(y, v, alpha=0.1),
        "pinball_90": lambda: sk.mean_pinball_loss(y, v, alpha=0.9),
    }[name]()


def _either(name: str, y: Any, said: Any) -> Any:
    return {
        "accuracy": lambda: sk.accuracy_score(y, said),
        "balanced_accuracy": lambda: sk.balanced_accuracy_score(y, said),
        "f1": lambda: sk.f1_score(y, said, average="macro"),
        "mcc": lambda: sk.matthews_corrcoef(y, said),
        "kappa": lambda: sk.cohen_kappa_score(y, said),
    }.get(name)


def _binary(name: str, y: Any, p: Any, said: Any) -> float:
    found = (
        _either(name, y, said)
        or {
            "roc_auc": lambda: sk.roc_auc_score(y, p),
            "average_precision": lambda: sk.average_precision_score(y, p),
            "log_loss": lambda: sk.log_loss(y, np.clip(p, 1e-7, 1 - 1e-7)),
            "brier": lambda: sk.brier_score_loss(y, p),
            "precision": lambda: sk.precision_score(y, said),
            "recall": lambda: sk.recall_score(y, said),
            "specificity": lambda: sk.recall_score(y, said, pos_label=0),
            "f1_yes": lambda: sk.f1_score(y, said),
            "gini": lambda: 2 * sk.roc_auc_score(y, p) - 1,
            "ks": lambda: ks_2samp(p[y == 1], p[y == 0]).statistic,
            "ece": lambda: calibration_error(p, y),
        }[name]
    )
    return float(found())


def _several(name: str, y: Any, p: Any, said: Any) -> float:
    found = (
        _either(name, y, said)
        or {
            "log_loss": lambda: sk.log_loss(y, np.clip(p, 1e-7, 1), labels=range(p.shape[1])),
            "f1_weighted": lambda: sk.f1_score(y, said, average="weighted"),
            "precision_macro": lambda: sk.precision_score(y, said, average="macro"),
            "recall_macro": lambda: sk.recall_score(y, said, average="macro"),
            "top_2": lambda: sk.top_k_accuracy_score(y, p, k=2),
            "roc_auc_ovr": lambda: sk.roc_auc_score(y, p, multi_class="ovr"),
            "roc_auc_ovo": lambda: sk.roc_auc_score(y, p, multi_class="ovo"),
            "brier": lambda: sk.brier_score_loss(y, p),
            "ece": lambda: calibration_error(p.max(axis=1), said == y),
        }[name]
    )
    return float(found())


def calibration_error(sure: Any, true: Any) -> float:
    """As Guo et al. (2017) write it, bin by bin."""
    total = 0.0
    for place in range(10):
        inside = np.minimum(np.floor(sure * 10), 9) == place
        if inside.any():
            total += inside.mean() * abs(sure[inside].mean() - true[inside].mean())
    return total


@pytest.mark.parametrize("name", NAMES)
def test_every_metric_equals_scikit_learns(name: str) -> None:
    a = answers(name)
    compared = 0
    for metric in measures_for(a.task):
        if undefined(metric.name, a) is not None:
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            wanted = reference(metric.name, a)
        assert value(metric.name, a.y, a.made) == pytest.approx(wanted, abs=2e-6), metric.name
        compared += 1
    assert compared >= 7


def test_what_is_undefined_for_us_is_a_makeshift_in_scikit_learn() -> None:
    """A constant answer has no precision; scikit-learn warns and says 0."""
    a = answers("never")
    reason = undefined("precision", a)
    assert reason is not None and "never answers" in reason.template
    assert sk.precision_score(a.y, a.made.argmax(axis=1)) == 0


@pytest.mark.parametrize("metric", sorted(MEASURES))
def test_a_weight_of_two_is_a_row_twice(metric: str) -> None:
    task = MEASURES[metric].tasks[-1]
    a = answers({Task.BINARY: "moons", Task.MULTICLASS: "six", Task.REGRESSION: "friedman"}[task])
    rows = np.random.default_rng(0).integers(0, a.count, a.count)
    weights = np.bincount(rows, minlength=a.count).astype(float)[None, :]
    made = values(metric, Sample(a.y, a.made, weights))[0]
    assert made == pytest.approx(value(metric, a.y[rows], a.made[rows]), abs=1e-9)


def test_every_metric_has_a_name_words_and_a_direction() -> None:
    for metric in MEASURES.values():
        assert metric.title and metric.about.endswith(".") and metric.tasks
