"""Answers of models that somebody could have trained, on data from scikit-learn."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from sklearn import datasets
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import train_test_split
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

from freemlops.domain.run import Task
from freemlops.engine.evaluation.answers import Answers


def answers_from(task: Task, y: Any, made: Any, rows: Any = None) -> Answers:
    """`y` codes or values; `made` the probability of “yes”, all probabilities, or values."""
    y, made = np.asarray(y), np.asarray(made, float)
    if task is Task.BINARY and made.ndim == 1:
        made = np.column_stack([1 - made, made])
    made = made.reshape(len(y), made.shape[1] if made.ndim > 1 else 1)
    classes = tuple(f"c{i}" for i in range(made.shape[1])) if task.is_classification else ()
    if task is Task.BINARY:
        classes = ("no", "yes")
    places = np.arange(len(y)) if rows is None else np.asarray(rows)
    return Answers(task, places, y.astype(int) if classes else y.astype(float), made, classes)


def _trained(task: Task, x: Any, y: Any, model: Any) -> Answers:
    x0, x1, y0, y1 = train_test_split(x, y, test_size=0.4, random_state=0)
    model.fit(x0, y0)
    made = model.predict_proba(x1) if task.is_classification else model.predict(x1)
    return answers_from(task, y1, made)


def _blobs(classes: int) -> Any:
    return datasets.make_classification(
        900, 12, n_informative=8, n_classes=classes, flip_y=0.2, random_state=1
    )


def _skewed() -> Any:
    return datasets.make_classification(3000, 8, weights=[0.97], flip_y=0.02, random_state=2)


def _logistic() -> Any:
    return make_pipeline(StandardScaler(), LogisticRegression())


B, M, R = Task.BINARY, Task.MULTICLASS, Task.REGRESSION
_SETS: dict[str, Callable[[], Answers]] = {
    "cancer": lambda: _trained(B, *datasets.load_breast_cancer(return_X_y=True), _logistic()),
    "blobs": lambda: _trained(B, *_blobs(2), RandomForestClassifier(30, random_state=0)),
    "rare": lambda: _trained(B, *_skewed(), GaussianNB()),
    "steps": lambda: _trained(B, *_blobs(2), DecisionTreeClassifier(max_depth=2, random_state=0)),
    "moons": lambda: _trained(B, *datasets.make_moons(400, noise=0.3, random_state=3), _logistic()),
    "never": lambda: _trained(B, *_skewed(), DummyClassifier()),
    "iris": lambda: _trained(M, *datasets.load_iris(return_X_y=True), GaussianNB()),
    "wine": lambda: _trained(M, *datasets.load_wine(return_X_y=True), _logistic()),
    "digits": lambda: _trained(M, *datasets.load_digits(return_X_y=True), _logistic()),
    "six": lambda: _trained(M, *_blobs(6), RandomForestClassifier(20, max_depth=3, random_state=0)),
    "one": lambda: _trained(M, *_blobs(4), DummyClassifier()),
    "diabetes": lambda: _trained(R, *datasets.load_diabetes(return_X_y=True), Ridge()),
    "friedman": lambda: _trained(
        R, *datasets.make_friedman1(700, random_state=0), RandomForestRegressor(20, random_state=0)
    ),
    "negative": lambda: _trained(
        R, *datasets.make_regression(500, 8, noise=30, random_state=0), Ridge()
    ),
    "mean": lambda: _trained(R, *datasets.load_diabetes(return_X_y=True), DummyRegressor()),
}
NAMES = tuple(_SETS)


@cache
def answers(name: str) -> Answers:
    return _SETS[name]()
