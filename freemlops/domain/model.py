"""Registered models, their versions and aliases, and the deployments that serve them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from freemlops.domain.bundle import Manifest
from freemlops.domain.dataset import ColumnType
from freemlops.domain.run import Task

CHAMPION = "champion"


@dataclass(frozen=True, slots=True)
class SignatureColumn:
    """One input of a model. Ranges and categories are those seen in training.

    `words` are the data's own words for false and true; a boolean column takes them too.
    """

    name: str
    type: ColumnType
    low: float | str | None = None
    high: float | str | None = None
    categories: tuple[str, ...] = ()
    example: Any = None
    has_missing: bool = False
    words: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Signature:
    """What a model takes and gives. `classes` are in the order of the probabilities.

    `target_type` is how a class is written in an answer: 1 and not "1" for whole numbers, true
    for booleans without words of their own.
    """

    columns: tuple[SignatureColumn, ...]
    target: str
    task: Task
    classes: tuple[str, ...] = ()
    target_type: ColumnType = ColumnType.TEXT


@dataclass(frozen=True, slots=True)
class Artifact:
    """A stored file of a candidate. `format` is onnx, pickle, …; content is named by sha256."""

    sha256: str
    format: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Approval:
    """Somebody's word that a version may be used, and what they wrote."""

    by: str
    at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class Imported:
    """Where a version came from that was trained elsewhere. `sha256` is that of the bundle;
    `difference` is what its sample rows differed by when they were answered here."""

    sha256: str
    manifest: Manifest
    difference: float


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """A version of a registered model. The model never changes; notes, tags and approval do.

    `run` and `candidate` are empty for one that was imported.
    """

    model: str
    version: int
    run: str
    candidate: str
    family: str
    signature: Signature
    metric: str
    score: float
    created_at: datetime
    artifacts: Mapping[str, Artifact] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    notes: str = ""
    tags: tuple[str, ...] = ()
    approval: Approval | None = None
    imported: Imported | None = None


@dataclass(frozen=True, slots=True)
class LineageLine:
    """One model version with what it came from and what it serves. The dataset is None when the
    version was imported, or its run is gone. `logged`: its answers that are in the log, in rows."""

    model: str
    version: int
    run: str | None
    candidate: str | None
    dataset: str | None
    dataset_name: str | None
    dataset_version: int | None
    aliases: tuple[str, ...] = ()
    deployments: tuple[str, ...] = ()
    imported: Imported | None = None
    logged: int = 0


class DeploymentStatus(StrEnum):
    LIVE = "live"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Deployment:
    """An endpoint and what it serves: an alias (follows it) or one fixed version."""

    name: str
    model: str
    status: DeploymentStatus
    created_at: datetime
    alias: str | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class ServedVersion:
    """A version that an endpoint served, and since when; `deleted`: it can't be served again."""

    version: int
    since: datetime
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """A version of the deployment's model, fixed or by alias; exactly one of the two."""

    alias: str | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class DeploymentRules:
    """How an endpoint answers, besides with its main version.

    `share` (0 to 1) of the requests are answered by the challenger; with `by_key` all requests
    of one API key by the same version. The shadow answers each request too, in silence.
    `log_share` of the requests are logged, with the rows that were asked if `log_inputs`, for
    `log_days` days.
    """

    challenger: Target | None = None
    share: float = 0.0
    by_key: bool = False
    shadow: Target | None = None
    needs_key: bool = False
    log_share: float = 1.0
    log_inputs: bool = True
    log_days: int = 30
