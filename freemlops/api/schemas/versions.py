"""What is said of a model version beside the model: notes, approval, where it came from."""

from __future__ import annotations

import msgspec

from freemlops.api.schemas.models import ModelOut, model_out
from freemlops.domain.model import Imported, LineageLine
from freemlops.domain.run import Score
from freemlops.domain.versions import VersionComparison


class VersionNotesIn(msgspec.Struct, forbid_unknown_fields=True):
    """What is not given stays as it is."""

    notes: str | None = None
    tags: list[str] | None = None


class ApprovalIn(msgspec.Struct, forbid_unknown_fields=True):
    """`by` is the caller when it is not given."""

    note: str = ""
    by: str | None = None


class LineageOut(msgspec.Struct):
    """One model version between the data it learned from and the endpoints it answers at.
    `logged`: its answers that are in their logs, in rows."""

    model: str
    version: int
    dataset: str | None
    dataset_name: str | None
    dataset_version: int | None
    run: str | None
    candidate: str | None
    aliases: list[str]
    deployments: list[str]
    imported_from: str | None
    logged: int


class LineagePage(msgspec.Struct):
    items: list[LineageOut]


class ScoreOut(msgspec.Struct):
    value: float
    low: float
    high: float


class MetricPairOut(msgspec.Struct):
    name: str
    first: ScoreOut | None
    second: ScoreOut | None
    better: str | None


class ColumnChangeOut(msgspec.Struct):
    column: str
    change: str
    before: str | None
    after: str | None


class VersionsComparedOut(msgspec.Struct):
    """`same_data`: both were measured on the same rows; null when that is not known. `better` is
    `first` or `second` where the intervals do not overlap on the same rows, else null."""

    first: ModelOut
    second: ModelOut
    same_target: bool
    same_data: bool | None
    metrics: list[MetricPairOut]
    columns: list[ColumnChangeOut]
    size_bytes: tuple[int | None, int | None]
    latency_ms: tuple[float | None, float | None]


def lineage_out(line: LineageLine) -> LineageOut:
    return LineageOut(
        model=line.model,
        version=line.version,
        dataset=line.dataset,
        dataset_name=line.dataset_name,
        dataset_version=line.dataset_version,
        run=line.run,
        candidate=line.candidate,
        aliases=list(line.aliases),
        deployments=list(line.deployments),
        imported_from=None if line.imported is None else origin_text(line.imported),
        logged=line.logged,
    )


def origin_text(imported: Imported) -> str:
    """The model as it was called where it was made."""
    manifest = imported.manifest
    if manifest.model is not None:
        return f"{manifest.model}:{manifest.version}"
    return f"{manifest.lineage.run}/{manifest.lineage.candidate}"


def compared_out(made: VersionComparison) -> VersionsComparedOut:
    return VersionsComparedOut(
        first=model_out(made.first),
        second=model_out(made.second),
        same_target=made.same_target,
        same_data=made.same_data,
        metrics=[
            MetricPairOut(p.name, _score(p.first), _score(p.second), p.better) for p in made.metrics
        ],
        columns=[
            ColumnChangeOut(c.column, c.change.value, c.before, c.after) for c in made.columns
        ],
        size_bytes=made.sizes,
        latency_ms=made.latencies_ms,
    )


def _score(score: Score | None) -> ScoreOut | None:
    return None if score is None else ScoreOut(score.value, score.low, score.high)
