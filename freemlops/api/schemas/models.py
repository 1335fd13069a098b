"""What the model and deployment calls take and say."""

from __future__ import annotations

from datetime import datetime

import msgspec

from freemlops.domain.export import FORMATS
from freemlops.domain.model import Artifact, Imported, ModelVersion


class ModelIn(msgspec.Struct, forbid_unknown_fields=True):
    run: str
    candidate: str | None = None
    name: str | None = None
    threshold: float | None = None


class AliasIn(msgspec.Struct, forbid_unknown_fields=True):
    version: int | str


class ArtifactOut(msgspec.Struct):
    format: str
    sha256: str
    size_bytes: int


class SignatureColumnOut(msgspec.Struct):
    name: str
    type: str


class ApprovalOut(msgspec.Struct):
    by: str
    at: datetime
    note: str


class ImportedOut(msgspec.Struct):
    """Where an imported version was made, in the words of its bundle; `max_difference` is by how
    much its sample rows were answered otherwise here."""

    sha256: str
    model: str | None
    version: int | None
    run: str
    candidate: str
    dataset: str
    created: str
    max_difference: float


class ModelOut(msgspec.Struct):
    """`run` and `candidate` are null for a version that was imported."""

    model: str
    version: int
    aliases: list[str]
    run: str | None
    candidate: str | None
    family: str
    task: str
    target: str
    columns: list[SignatureColumnOut]
    metric: str
    score: float
    artifacts: list[ArtifactOut]
    created_at: datetime
    notes: str
    tags: list[str]
    approval: ApprovalOut | None
    imported: ImportedOut | None


class ModelPage(msgspec.Struct):
    items: list[ModelOut]
    cursor: str | None


class ModelDetail(msgspec.Struct):
    model: str
    versions: list[ModelOut]


class ThresholdIn(msgspec.Struct, forbid_unknown_fields=True):
    """Null takes the threshold away."""

    threshold: float | None


class ThresholdOut(msgspec.Struct):
    """The version decides for `decides_for` from this probability of it on; null: not at all."""

    threshold: float | None
    decides_for: str | None


def artifact_out(artifact: Artifact) -> ArtifactOut:
    return ArtifactOut(artifact.format, artifact.sha256, artifact.size_bytes)


def model_out(version: ModelVersion) -> ModelOut:
    approval = version.approval
    return ModelOut(
        model=version.model,
        version=version.version,
        aliases=list(version.aliases),
        run=version.run or None,
        candidate=version.candidate or None,
        family=version.family,
        task=version.signature.task.value,
        target=version.signature.target,
        columns=[SignatureColumnOut(c.name, c.type.value) for c in version.signature.columns],
        metric=version.metric,
        score=version.score,
        artifacts=[artifact_out(a) for a in version.artifacts.values() if a.format in FORMATS],
        created_at=version.created_at,
        notes=version.notes,
        tags=list(version.tags),
        approval=ApprovalOut(approval.by, approval.at, approval.note) if approval else None,
        imported=imported_out(version.imported) if version.imported else None,
    )


def imported_out(imported: Imported) -> ImportedOut:
    manifest, lineage = imported.manifest, imported.manifest.lineage
    return ImportedOut(
        sha256=imported.sha256,
        model=manifest.model,
        version=manifest.version,
        run=lineage.run,
        candidate=lineage.candidate,
        dataset=lineage.dataset_name,
        created=manifest.created,
        max_difference=imported.difference,
    )
