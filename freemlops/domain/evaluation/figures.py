"""Metrics of one candidate, each with how sure it is and what guessing would get."""

from __future__ import annotations

from dataclasses import dataclass

from freemlops.domain.run import Task
from freemlops.domain.words import Message


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` is None when the metric is undefined here; `note` says why, or why there is no
    interval. `low` and `high` hold 95%. `baseline` is the same metric of always one answer."""

    name: str
    value: float | None
    low: float | None = None
    high: float | None = None
    baseline: float | None = None
    note: Message | None = None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """`rows` were held out; the intervals look at no more than `sampled` of them."""

    run: str
    candidate: str
    task: Task
    rows: int
    sampled: int
    classes: tuple[str, ...]
    figures: tuple[Figure, ...]

    def figure(self, name: str) -> Figure | None:
        return next((f for f in self.figures if f.name == name), None)
