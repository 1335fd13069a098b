"""Where the search of a run that goes on begins: what it tried before is not tried again."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from freemlops.domain.job import SEARCH, TrainJob
from freemlops.domain.run import Trial
from freemlops.engine.memory import recall_search
from freemlops.engine.trial import Outclassed, Tried

STARTS = 2
"""Lost trials of a family that are made again first."""


@dataclass(frozen=True, slots=True)
class RecalledSearch:
    """`best` are trials with their predictions, `rest` those of which only the loss is known.

    `starts` are settings that did better than the best of their family that was kept: the process
    ended before their predictions were stored, so they are tried again.
    """

    best: Sequence[Tried] = ()
    rest: Sequence[Outclassed] = ()
    starts: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)

    @property
    def known(self) -> list[Tried | Outclassed]:
        """What is not to be tried again."""
        return [*self.best, *self.rest]


def recall(job: TrainJob) -> RecalledSearch:
    """What the job's run had found in the part before this one; nothing for a new run."""
    earlier = job.earlier
    if earlier is None:
        return RecalledSearch()
    content = earlier.memory.get(SEARCH)
    best = recall_search(content) if content else []
    return sort_trials(best, earlier.trials)


def sort_trials(best: Sequence[Tried], trials: Sequence[Trial]) -> RecalledSearch:
    """Part `trials` by whether the `best` of their family says that they are not needed."""
    leaders: dict[str, float] = {}
    for tried in best:
        leaders[tried.family] = min(tried.loss, leaders.get(tried.family, tried.loss))
    rest: list[Outclassed] = []
    starts: dict[str, list[Mapping[str, Any]]] = {}
    for trial in sorted(trials, key=lambda t: t.loss):
        if not trial.loss < leaders.get(trial.family, math.inf):  # also what is no number
            rest.append(Outclassed(trial.family, dict(trial.params), trial.loss, trial.fit_s))
        else:
            starts.setdefault(trial.family, []).append(trial.params)
    return RecalledSearch(best, rest, {name: made[:STARTS] for name, made in starts.items()})
