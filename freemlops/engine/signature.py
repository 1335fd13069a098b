"""Describes a model's inputs from the rows that it learned from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from freemlops.domain.dataset import Column, ColumnType
from freemlops.domain.model import Signature, SignatureColumn
from freemlops.engine.preprocess.inputs import Encoding, Input
from freemlops.engine.table import Table, Text
from freemlops.engine.target import Target

MOST_CATEGORIES = 1_000
"""Texts with more levels than this are not listed, and no value is called unseen then. Nor are
those that are read word by word."""


def describe(
    inputs: Sequence[Input],
    known: Sequence[Column],
    source: pa.Table,
    table: Table,
    target: Target,
) -> Signature:
    """`source` is the Arrow table behind `table`, with the same rows."""
    by_name = {c.name: c for c in known}
    columns = tuple(
        replace(_column(i, source.column(i.name), table), words=by_name[i.name].words)
        for i in inputs
    )
    own = by_name[target.name]
    type = ColumnType.TEXT if own.words else own.type
    return Signature(columns, target.name, target.task, target.classes, type)


def _column(column: Input, raw: pa.ChunkedArray, table: Table) -> SignatureColumn:
    values = table.columns[column.name]
    example: Any = None
    low: float | str | None = None
    high: float | str | None = None
    categories: tuple[str, ...] = ()
    if isinstance(values, Text):
        seen = np.flatnonzero(np.bincount(values.codes + 1, minlength=1)[1:])
        if len(seen) <= MOST_CATEGORIES and column.encoding is not Encoding.WORDS:
            categories = tuple(values.levels[c] for c in seen)
        if len(seen):
            example = values.levels[values.codes[np.argmax(values.codes >= 0)]]
    elif raw.null_count < len(raw):
        example = _plain(raw.drop_null()[0].as_py(), column.type)
        if column.type is not ColumnType.BOOLEAN:
            ends = pc.min_max(raw).as_py()
            low, high = (_plain(ends[k], column.type) for k in ("min", "max"))
        if column.type.is_number and low is not None and high is not None:
            low, high = float(low), float(high)
    return SignatureColumn(
        column.name, column.type, low, high, categories, example, raw.null_count > 0
    )


def _plain(value: Any, type: ColumnType) -> Any:
    """`value` as JSON has it; dates as ISO 8601."""
    if isinstance(value, datetime):
        if value.tzinfo is not None:
            value = value.astimezone(UTC)
        return value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if type is ColumnType.INTEGER:
        return int(value)
    if type is ColumnType.DECIMAL:
        return float(value)
    return value
