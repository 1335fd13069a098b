"""What the calls over many runs take and say: filters, facets, notes, comparisons."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar.params import Parameter

from freemlops.api.schemas.runs import ScoreOut
from freemlops.domain.run import RunStatus, Task
from freemlops.domain.search import (
    MAX_TEXT,
    Annotation,
    Compared,
    Comparison,
    Facet,
    Facets,
    RunFilter,
)


def run_filter(
    q: Annotated[str, Parameter(max_length=MAX_TEXT)] = "",
    dataset: str | None = None,
    target: str | None = None,
    task: Task | None = None,
    metric: str | None = None,
    status: list[RunStatus] | None = None,
    family: str | None = None,
    tag: list[str] | None = None,
    starred: bool | None = None,
    created_from: datetime | None = None,
    created_before: datetime | None = None,
    least_score: float | None = None,
    most_score: float | None = None,
) -> RunFilter:
    """The filter out of the query of the address; `status` and `tag` may come several times."""
    return RunFilter(
        text=q,
        dataset=dataset,
        target=target,
        task=task,
        metric=metric,
        statuses=tuple(status or ()),
        family=family,
        tags=tuple(tag or ()),
        starred=starred,
        created_from=created_from,
        created_before=created_before,
        least_score=least_score,
        most_score=most_score,
    )


class RunNotesIn(msgspec.Struct, forbid_unknown_fields=True):
    """What is left out stays as it is. A run has up to 20 tags, without commas."""

    name: str | None = None
    notes: str | None = None
    tags: list[str] | None = None
    starred: bool | None = None

    def annotation(self) -> Annotation:
        tags = None if self.tags is None else tuple(self.tags)
        return Annotation(self.name, self.notes, tags, self.starred)


class FacetOut(msgspec.Struct):
    value: str
    count: int
    title: str


class FacetsOut(msgspec.Struct):
    """For each filter the values it can take while the others stay, most frequent first."""

    total: int
    dataset: list[FacetOut]
    target: list[FacetOut]
    task: list[FacetOut]
    metric: list[FacetOut]
    status: list[FacetOut]
    family: list[FacetOut]
    tag: list[FacetOut]


class ComparedOut(msgspec.Struct):
    """`holdout`: every metric of the best model, empty when there is none."""

    run: str
    name: str
    status: str
    dataset: str
    dataset_name: str
    version: int
    configuration: dict[str, Any]
    best: str | None
    best_family: str | None
    holdout: dict[str, ScoreOut]
    fit_s: float | None
    latency_ms: float | None
    size_bytes: int | None
    used_s: float | None
    created_at: datetime


class ComparisonOut(msgspec.Struct):
    """`differs`: the parts of the configuration that are not the same in all of the runs."""

    runs: list[ComparedOut]
    differs: list[str]


def facets_out(facets: Facets) -> FacetsOut:
    def out(values: tuple[Facet, ...]) -> list[FacetOut]:
        return [FacetOut(f.value, f.count, f.title) for f in values]

    return FacetsOut(
        total=facets.total,
        dataset=out(facets.datasets),
        target=out(facets.targets),
        task=out(facets.tasks),
        metric=out(facets.metrics),
        status=out(facets.statuses),
        family=out(facets.families),
        tag=out(facets.tags),
    )


def comparison_out(comparison: Comparison) -> ComparisonOut:
    return ComparisonOut([_compared(c) for c in comparison.runs], list(comparison.differs))


def _compared(compared: Compared) -> ComparedOut:
    run, best = compared.run, compared.best
    holdout = best.holdout if best else {}
    return ComparedOut(
        run=run.id,
        name=run.spec.name,
        status=run.status.value,
        dataset=run.spec.dataset,
        dataset_name=run.dataset_name,
        version=run.spec.version,
        configuration=compared.configuration(),
        best=best.id if best else None,
        best_family=best.family if best else None,
        holdout={n: ScoreOut(s.value, s.low, s.high) for n, s in holdout.items()},
        fit_s=best.fit_s if best else None,
        latency_ms=best.latency_ms if best else None,
        size_bytes=best.size_bytes if best else None,
        used_s=run.receipt.used_s if run.receipt else None,
        created_at=run.created_at,
    )
