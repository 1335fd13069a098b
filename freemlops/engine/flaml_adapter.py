"""The only place that knows FLAML: it proposes settings, and everything else is ours.

FLAML sees row numbers instead of data. Its learners look up the matrices of the fold at hand,
so that preprocessing can be fitted fold by fold, and the metric it calls is where trials are
recorded and where a run can be left.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from flaml import AutoML
from flaml.automl.model import BaseEstimator
from numpy.typing import NDArray

from freemlops.engine.evaluate import loss, to_score
from freemlops.engine.families import FAMILIES, Family, Guard, Shape
from freemlops.engine.families.base import outputs
from freemlops.engine.spaces import COST, space, to_config, to_params

WORST = 1e12
"""The loss of a trial that failed."""


@dataclass(frozen=True, slots=True)
class FoldMatrices:
    """One fold as the learners see it; `rows` are the validation rows' places."""

    x: NDArray[np.float32]
    y: NDArray[Any]
    x_valid: NDArray[np.float32]
    y_valid: NDArray[Any]
    rows: NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Tried:
    """A finished trial. `scores` are the metric itself on each fold, lower `losses` are better.

    `out_of_fold` holds the predictions of the validation rows, by fold."""

    family: str
    params: dict[str, Any]
    losses: tuple[float, ...]
    scores: tuple[float, ...]
    out_of_fold: NDArray[np.float32]
    fit_s: float

    @property
    def loss(self) -> float:
        return float(np.mean(self.losses))


@dataclass
class Search:
    """One search over several families on the same folds.

    Trials are compared by the loss made from `metric`. `on_failure` hears of the first error
    of a family; its trials count as worst then.
    """

    families: Sequence[str]
    folds: Sequence[FoldMatrices]
    shape: Shape
    metric: str
    check: Callable[[], None]
    on_trial: Callable[[Tried], None]
    on_failure: Callable[[str, Exception], None]
    fold: int = 0
    _made: list[NDArray[np.float32]] = field(default_factory=list)
    _losses: list[float] = field(default_factory=list)
    _begun: float = 0.0

    def run(self, y: NDArray[Any], budget_s: float, max_trials: int | None, seed: int) -> None:
        """Search until the time is over, or exactly `max_trials` in an order of their own.

        Lets whatever `check` raises through.
        """
        tuner = AutoML()
        starts: dict[str, list[dict[str, Any]]] = {}
        for name in self.families:
            tuner.add_learner(name, _learner(FAMILIES[name], self))
            within = space(name, self.shape)
            portfolio = FAMILIES[name].portfolio(self.shape)
            starts[name] = [to_config(p, within) for p in portfolio]
        tuner.fit(
            X_train=np.arange(len(y), dtype=np.float64).reshape(-1, 1),
            y_train=y,
            task="classification" if self.shape.is_classification else "regression",
            metric=self._score,
            time_budget=budget_s if max_trials is None else -1,
            max_iter=max_trials,
            # The scheduler looks at the clock; with a number of trials it must not.
            learner_selector="sample" if max_trials is None else "roundrobin",
            estimator_list=list(self.families),
            starting_points=starts,
            eval_method="cv",
            split_type=_Splitter(self),
            n_jobs=self.shape.threads,
            seed=seed,
            verbose=0,
            skip_transform=True,
            auto_augment=False,
            retrain_full=False,
            model_history=False,
            sample=False,
            mlflow_logging=False,
        )

    def learn(self, family: Family, config: Mapping[str, Any]) -> Any:
        """Fit on the fold at hand; None when the family cannot."""
        if self.fold == 0:
            self._begun, self._made, self._losses = time.monotonic(), [], []
        here = self.folds[self.fold]
        try:
            return family.fit(to_params(config), here.x, here.y, self.shape, Guard(self.check))
        except Exception as error:  # whatever a library raises must not end the other families
            self.on_failure(family.name, error)
            return None

    def _score(
        self, x: Any, y: Any, learner: Any, labels: Any, *_: Any, **__: Any
    ) -> tuple[float, dict[str, float]]:
        self.check()
        here = self.folds[self.fold]
        if learner.fitted is None:
            return WORST, {"pred_time": 0.0}
        begun = time.monotonic()
        made = outputs(learner.fitted, here.x_valid, self.shape.classes)
        took = (time.monotonic() - begun) / max(1, len(made))
        value = loss(self.metric, here.y_valid, made)
        self._made.append(made.astype(np.float32))
        self._losses.append(value)
        if self.fold == len(self.folds) - 1 and len(self._made) == len(self.folds):
            self._report(learner)
        return value, {"pred_time": took}

    def _report(self, learner: Any) -> None:
        self.on_trial(
            Tried(
                learner.family.name,
                to_params(learner.config),
                tuple(self._losses),
                tuple(to_score(self.metric, v) for v in self._losses),
                np.concatenate(self._made),
                (time.monotonic() - self._begun) / len(self.folds),
            )
        )


class _Splitter:
    """Gives FLAML our folds, and tells the search which one is at hand."""

    shuffle = False

    def __init__(self, search: Search) -> None:
        self._search = search

    def get_n_splits(self, *_: Any, **__: Any) -> int:
        return len(self._search.folds)

    def split(
        self, x: Any, y: Any = None, groups: Any = None
    ) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
        for place, fold in enumerate(self._search.folds):
            self._search.fold = place
            others = np.ones(len(x), bool)
            others[fold.rows] = False
            yield np.flatnonzero(others), fold.rows


def _learner(family: Family, search: Search) -> type:
    """A FLAML estimator class that hands its settings to `search`."""
    within = space(family.name, search.shape)

    class Learner(BaseEstimator):  # type: ignore[misc, unused-ignore]
        def __init__(self, task: Any = "binary", n_jobs: Any = None, **config: Any) -> None:
            super().__init__(task, **config)
            self.family = family
            self.config = {k: v for k, v in config.items() if k in within} | _fixed(family, search)
            self.fitted: Any = None

        @classmethod
        def search_space(cls, data_size: Any, task: Any, **_: Any) -> dict[str, Any]:
            return within

        @classmethod
        def size(cls, config: Any) -> float:
            return 1.0

        @classmethod
        def cost_relative2lgbm(cls) -> float:
            return COST[family.name]

        def fit(self, x: Any, y: Any, *_: Any, **__: Any) -> float:
            begun = time.monotonic()
            self.fitted = search.learn(family, self.config)
            return time.monotonic() - begun

    Learner.__name__ = Learner.__qualname__ = f"Learner_{family.name}"
    return Learner


def _fixed(family: Family, search: Search) -> dict[str, Any]:
    """What the default sets and the search does not vary."""
    default = family.portfolio(search.shape)[0]
    kept = to_config(default, space(family.name, search.shape))
    return {k: v for k, v in default.items() if k not in kept and k != "max_bin"}
