"""What the dataset calls say."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from freemlops.domain.dataset import DatasetVersion
from freemlops.i18n import Translator


class ColumnOut(msgspec.Struct):
    name: str
    type: str
    missing: int
    distinct: int


class NoteOut(msgspec.Struct, omit_defaults=True):
    code: str
    message: str
    lines: list[int] = []


class DatasetOut(msgspec.Struct):
    dataset: str
    version: int
    name: str
    filename: str
    rows: int
    columns: list[ColumnOut]
    notes: list[NoteOut]
    sha256: str
    size_bytes: int
    synthetic: bool
    created_at: datetime
    description: str
    tags: list[str]
    source: str
    added_by: str
    rejected: int


class DescribeIn(msgspec.Struct, forbid_unknown_fields=True):
    name: str | None = None
    description: str | None = None
    tags: list[str] | None = None


class DatasetPage(msgspec.Struct):
    items: list[DatasetOut]
    cursor: str | None


class VersionsOut(msgspec.Struct):
    items: list[DatasetOut]


class RowsOut(msgspec.Struct):
    items: list[dict[str, Any]]


def dataset_out(version: DatasetVersion, t: Translator) -> DatasetOut:
    return DatasetOut(
        dataset=version.dataset,
        version=version.version,
        name=version.name,
        filename=version.filename,
        rows=version.rows,
        columns=[ColumnOut(c.name, c.type.value, c.missing, c.distinct) for c in version.columns],
        notes=[NoteOut(n.code, t.text(n.message), list(n.lines)) for n in version.notes],
        sha256=version.sha256,
        size_bytes=version.size_bytes,
        synthetic=version.synthetic,
        created_at=version.created_at,
        description=version.description,
        tags=list(version.tags),
        source=version.source,
        added_by=version.added_by,
        rejected=version.rejected,
    )
