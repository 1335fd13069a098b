"""What the model and deployment calls take and say."""

from __future__ import annotations

from datetime import datetime

import msgspec

from freemlops.domain.model import Artifact, ModelVersion


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


class ModelOut(msgspec.Struct):
    model: str
    version: int
    aliases: list[str]
    run: str
    candidate: str
    family: str
    task: str
    target: str
    columns: list[SignatureColumnOut]
    metric: str
    score: float
    artifacts: list[ArtifactOut]
    created_at: datetime


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
    return ModelOut(
        model=version.model,
        version=version.version,
        aliases=list(version.aliases),
        run=version.run,
        candidate=version.candidate,
        family=version.family,
        task=version.signature.task.value,
        target=version.signature.target,
        columns=[SignatureColumnOut(c.name, c.type.value) for c in version.signature.columns],
        metric=version.metric,
        score=version.score,
        artifacts=[artifact_out(a) for a in version.artifacts.values()],
        created_at=version.created_at,
    )
