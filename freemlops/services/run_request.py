"""What a person asks of a training, and the complete question that is made of it."""

from __future__ import annotations

from dataclasses import dataclass

from freemlops.domain.dataset import DatasetVersion
from freemlops.domain.goal import suggest_task
from freemlops.domain.metric import DEFAULT_METRIC
from freemlops.domain.run import RunSpec, Split, Task


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What a person asks for; what is None is chosen for them."""

    dataset: str
    target: str
    budget_s: float
    version: int | None = None
    task: Task | None = None
    metric: str | None = None
    split: Split = Split()
    exclude: tuple[str, ...] = ()
    seed: int | None = None
    max_trials: int | None = None
    name: str = ""
    warm_start: bool = True
    """Begin from the best settings of an earlier version's run. Not done when `max_trials` is
    given: such a run is to be the same each time, whatever was trained before it."""


def spec_of(request: RunRequest, data: DatasetVersion) -> RunSpec:
    """The request with everything chosen that it leaves open."""
    column = data.column(request.target)
    task = request.task or (
        suggest_task(column, data.rows)[0] if column is not None else Task.BINARY
    )
    return RunSpec(
        dataset=data.dataset,
        version=data.version,
        target=request.target,
        task=task,
        metric=request.metric or DEFAULT_METRIC[task],
        budget_s=request.budget_s,
        split=request.split,
        exclude=request.exclude,
        seed=0 if request.seed is None else request.seed,
        max_trials=request.max_trials,
        name=request.name,
    )
