"""Two versions of a model beside each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from freemlops.domain.metric import METRICS
from freemlops.domain.model import ModelVersion, SignatureColumn
from freemlops.domain.run import Score


class Change(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class ColumnChange:
    """What a caller has to mind. `before` and `after` are types; None where it is not there."""

    column: str
    change: Change
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class MetricPair:
    """`better` is "first", "second" or None: the same, or their intervals overlap, or only one is
    known."""

    name: str
    first: Score | None
    second: Score | None
    better: str | None


@dataclass(frozen=True, slots=True)
class VersionComparison:
    """`same_data`: both learned from the same version of the same data, so that their figures
    were measured on the same rows; None when that is not known."""

    first: ModelVersion
    second: ModelVersion
    metrics: tuple[MetricPair, ...]
    columns: tuple[ColumnChange, ...]
    same_target: bool
    same_data: bool | None
    sizes: tuple[int | None, int | None]
    latencies_ms: tuple[float | None, float | None]


def compare_signatures(first: ModelVersion, second: ModelVersion) -> tuple[ColumnChange, ...]:
    """In the order of the second, what is gone last."""
    before = {c.name: c for c in first.signature.columns}
    after = {c.name: c for c in second.signature.columns}
    made = []
    for name, column in after.items():
        known = before.get(name)
        if known is None:
            made.append(ColumnChange(name, Change.ADDED, None, column.type.value))
        elif _shape(known) != _shape(column):
            made.append(ColumnChange(name, Change.CHANGED, known.type.value, column.type.value))
    gone = [n for n in before if n not in after]
    made += [ColumnChange(n, Change.REMOVED, before[n].type.value, None) for n in gone]
    return tuple(made)


def _shape(column: SignatureColumn) -> tuple[object, ...]:
    """What a request must respect; ranges and categories only bring warnings."""
    return (column.type, column.words, column.has_missing)


def pair_metrics(
    first: Mapping[str, Score], second: Mapping[str, Score], *, same_data: bool | None
) -> tuple[MetricPair, ...]:
    """Every metric that either has. Without the same rows nothing is called better."""
    names = [n for n in METRICS if n in first or n in second]
    return tuple(
        MetricPair(
            n, first.get(n), second.get(n), _better(n, first.get(n), second.get(n), same_data)
        )
        for n in names
    )


def _better(name: str, a: Score | None, b: Score | None, same_data: bool | None) -> str | None:
    if a is None or b is None or not same_data:
        return None
    if a.low <= b.high and b.low <= a.high:
        return None
    return "first" if (a.value > b.value) == METRICS[name].higher_is_better else "second"
