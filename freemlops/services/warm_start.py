"""What earlier trainings of the same question know about good settings."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from freemlops.domain.job import Warmth
from freemlops.domain.run import RunSpec, Trial
from freemlops.warehouse.runs import RunStore

STARTS = 2
"""Settings of each family that are tried first."""


def warmth_for(store: RunStore, spec: RunSpec) -> Warmth | None:
    """The best settings of the newest finished run on an earlier version of the dataset, with
    the same target, task and metric. None when there is none, or when trials are numbered."""
    if spec.max_trials is not None:
        return None
    run = store.newest_before(spec)
    if run is None:
        return None
    starts = best_settings(store.trials(run.id))
    return Warmth(run.id, run.spec.version, starts) if starts else None


def best_settings(trials: Sequence[Trial]) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """By family, at most `STARTS`, the best first; families in the order of their best."""
    made: dict[str, list[Mapping[str, Any]]] = {}
    for trial in sorted(trials, key=lambda t: t.loss):
        known = made.setdefault(trial.family, []) if math.isfinite(trial.loss) else None
        if known is not None and len(known) < STARTS and trial.params not in known:
            known.append(trial.params)
    return made
