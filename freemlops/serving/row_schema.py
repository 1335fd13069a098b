"""JSON Schema of the rows that a model takes."""

from __future__ import annotations

from typing import Any

from freemlops.domain.dataset import ColumnType
from freemlops.domain.model import Signature, SignatureColumn


def example_row(signature: Signature) -> dict[str, Any]:
    return {c.name: c.example for c in signature.columns}


_TYPES = {
    ColumnType.INTEGER: {"type": "integer"},
    ColumnType.DECIMAL: {"type": "number"},
    ColumnType.BOOLEAN: {"type": "boolean"},
    ColumnType.TEXT: {"type": "string"},
    ColumnType.DATE: {"type": "string", "format": "date"},
    ColumnType.DATETIME: {"type": "string", "format": "date-time"},
}


def row_schema(signature: Signature, title: str) -> dict[str, Any]:
    """What one row may hold. Ranges and categories are notes, not limits: the model answers
    values that it never saw, with a warning."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        "type": "object",
        "properties": {c.name: _property(c) for c in signature.columns},
        "required": [c.name for c in signature.columns if not c.has_missing],
        "examples": [example_row(signature)],
    }


def _property(column: SignatureColumn) -> dict[str, Any]:
    made: dict[str, Any] = dict(_TYPES[column.type])
    made["type"] = [made["type"], "null"]
    if column.words is not None:
        made["type"] = ["boolean", "string", "null"]
        made["x-words"] = list(column.words)
    if column.low is not None:
        made["x-seen-low"] = column.low
        made["x-seen-high"] = column.high
    if column.categories:
        made["x-seen-values"] = list(column.categories)
    if column.example is not None:
        made["examples"] = [column.example]
    return made
