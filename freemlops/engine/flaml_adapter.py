"""The only place that knows FLAML: it proposes settings, and everything else is ours.

First each family's own portfolio is tried, round by round, so that no family is judged by a
scheduler that has never seen it; then FLAML goes on from the best of those. It sees a table of
nothing: its learners hand their settings over, and the metric that it calls makes the trial.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from flaml import AutoML
from flaml.automl.model import BaseEstimator

from freemlops.engine.families import FAMILIES, Adapted, Shape
from freemlops.engine.spaces import COST, fits, space, to_config, to_params
from freemlops.engine.trial import FoldMatrices, Outclassed, Trials, Tried

WORST = 1e12
"""The loss of a trial that failed."""
TRIAL_SHARE = 0.2
"""The part of the time left that one trial may take for models that grow in rounds…"""
LEAST_S = 1.0
"""…but this much at least."""
HASTE = 3.0
"""Learning rates are raised by this factor once time has cut a trial of the family."""
PATIENCE = 5
ROWS = 20
"""Of the table that FLAML is given instead of the data."""


class _EnoughError(BaseException):
    """The number of trials is reached. No `Exception`, as FLAML must not swallow it."""


@dataclass
class Search:
    """One search over several families on the same folds.

    Trials are compared by the loss made from `metric`. `on_failure` hears of the first error
    of a family; its trials count as worst then. `starts` are settings to try before each
    family's own; those that do not fit it or the data are left out.
    """

    families: Sequence[str]
    folds: Sequence[FoldMatrices]
    shape: Shape
    metric: str
    check: Callable[[], None]
    on_trial: Callable[[Tried | Outclassed], None]
    on_failure: Callable[[str, Exception], None]
    starts: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    _known: dict[str, float] = field(default_factory=dict)
    _best: dict[str, Tried] = field(default_factory=dict)
    _failed: set[str] = field(default_factory=set)
    _ends: float = float("inf")
    _most: int | None = None
    _hasty: set[str] = field(default_factory=set)

    def run(self, budget_s: float, max_trials: int | None, seed: int) -> None:
        """Search until the time is over, or exactly `max_trials` in an order of their own.

        Lets whatever `check` and `on_trial` raise through; may be called again then, with more
        `families`, and tries nothing twice.
        """
        if max_trials is None:
            self._ends = time.monotonic() + budget_s
        self._trials = Trials(self.folds, self.shape, self.metric, self.check)
        self._most = max_trials
        try:
            self._portfolio()
            self._flaml(seed)
        except _EnoughError:
            return

    def _portfolio(self) -> None:
        """Every family's first settings, then its second…"""
        for name, params in self._opening():
            if name not in self._failed:
                self.attempt(FAMILIES[name], self._paced(name, params))

    def _opening(self) -> list[tuple[str, dict[str, Any]]]:
        """The portfolios in turn; the family that is named first has two settings a turn."""
        lists = {name: self._first(name) for name in self.families}
        made: list[tuple[str, dict[str, Any]]] = []
        while any(lists.values()):
            turn = (*self.families[:1], *self.families)
            made += [(name, lists[name].pop(0)) for name in turn if lists[name]]
        return made

    def _first(self, name: str) -> list[dict[str, Any]]:
        """The settings that a family begins with: what is known to be good, then its own."""
        own, within = FAMILIES[name].portfolio(self.shape), space(name, self.shape)
        staged = FAMILIES[name].is_staged
        given = [
            {k: v for k, v in start.items() if not (staged and k == "n_estimators")}
            for start in self.starts.get(name, ())
        ]
        return [own[0] | start for start in given if fits(start, own[0], within)] + own

    def _flaml(self, seed: int) -> None:
        tuner = AutoML()
        starts: dict[str, list[dict[str, Any]]] = {}
        for name in self.families:
            if name in self._failed:
                continue
            tuner.add_learner(name, _learner(FAMILIES[name], self))
            best = self._best.get(name)
            params = best.params if best else FAMILIES[name].portfolio(self.shape)[0]
            starts[name] = [to_config(params, space(name, self.shape))]
        if not starts:
            return
        numbered = self._most is not None
        places = np.arange(ROWS, dtype=np.float64)
        tuner.fit(
            X_train=places.reshape(-1, 1),
            y_train=places,
            X_val=places.reshape(-1, 1),
            y_val=places,
            task="regression",
            metric=self._score,
            time_budget=-1 if numbered else max(0.1, self._left()),
            # What FLAML proposes twice is no trial: it may ask more often than it gets one.
            max_iter=PATIENCE * self._most if self._most is not None else None,
            # The scheduler looks at the clock; with a number of trials it must not.
            learner_selector="roundrobin" if numbered else "sample",
            estimator_list=list(starts),
            starting_points=starts,
            eval_method="holdout",
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

    def _left(self) -> float:
        return self._ends - time.monotonic()

    def _paced(self, family: str, params: dict[str, Any]) -> dict[str, Any]:
        """Large data and little time want fewer and larger steps."""
        if family not in self._hasty or "learning_rate" not in params:
            return params
        return params | {"learning_rate": min(0.3, HASTE * params["learning_rate"])}

    def attempt(self, family: Adapted, params: Mapping[str, Any]) -> float:
        """The loss of `params`, from a trial unless they were tried before."""
        key = _key(family, params)
        if key in self._known:
            return self._known[key]
        if self._most is not None and len(self._known) >= self._most:
            raise _EnoughError
        self.check()
        try:
            seconds = max(LEAST_S, TRIAL_SHARE * self._left())
            leader = self._best.get(family.name)
            made = self._trials.run(family, params, leader, seconds)
        except Exception as error:  # whatever a library raises must not end the other families
            self.on_failure(family.name, error)
            if family.name not in self._best:
                self._failed.add(family.name)
            self._known[key] = WORST
            return WORST
        self._known[key] = made.loss
        if isinstance(made, Tried):
            self._keep(made)
            if made.cut:
                self._hasty.add(made.family)
        self.on_trial(made)
        return made.loss

    def learn(self, made: Tried | Outclassed) -> None:
        """Take a trial that was made elsewhere, on the same folds, as one's own."""
        self._known[_key(FAMILIES[made.family], made.params)] = made.loss
        if isinstance(made, Tried):
            self._keep(made)

    def _keep(self, made: Tried) -> None:
        best = self._best.get(made.family)
        if best is None or made.loss < best.loss:
            self._best[made.family] = made

    def _score(
        self, x: Any, y: Any, learner: Any, *_: Any, **__: Any
    ) -> tuple[float, dict[str, float]]:
        self.check()
        value = self.attempt(learner.family, to_params(learner.config))
        return value, {"pred_time": 0.0}


def _key(family: Adapted, params: Mapping[str, Any]) -> str:
    # How long a staged model grows is found by the trial, and no setting.
    asked = {k: v for k, v in params.items() if not (family.is_staged and k == "n_estimators")}
    return json.dumps([family.name, asked], sort_keys=True, default=str)


def _learner(family: Adapted, search: Search) -> type:
    """A FLAML estimator class that carries its settings to `search`."""
    within = space(family.name, search.shape)

    class Learner(BaseEstimator):  # type: ignore[misc, unused-ignore]
        def __init__(self, task: Any = "binary", n_jobs: Any = None, **config: Any) -> None:
            super().__init__(task, **config)
            self.family = family
            self.config = {k: v for k, v in config.items() if k in within} | _fixed(family, search)

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
            return 0.0

    Learner.__name__ = Learner.__qualname__ = f"Learner_{family.name}"
    return Learner


def _fixed(family: Adapted, search: Search) -> dict[str, Any]:
    """What the default sets and the search does not vary."""
    default = family.portfolio(search.shape)[0]
    kept = to_config(default, space(family.name, search.shape))
    return {k: v for k, v in default.items() if k not in kept}
