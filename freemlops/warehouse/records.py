"""Rows and values between DuckDB and the domain."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from freemlops.warehouse.sql import parsed


def records(cursor: Any, sql: str, params: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
    """The rows of a query as dictionaries by column name."""
    found = cursor.execute(parsed(sql), dict(params or {}))
    names = [d[0] for d in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def record(cursor: Any, sql: str, params: Mapping[str, Any] | None = None) -> dict[str, Any] | None:
    """The first row, None when there is none."""
    rows = records(cursor, sql, params)
    return rows[0] if rows else None


def stamp(moment: datetime | None) -> datetime | None:
    """A time as stored: UTC without a zone."""
    return None if moment is None else moment.astimezone(UTC).replace(tzinfo=None)


def moment(stored: datetime) -> datetime:
    """A stored time with its zone, UTC, put back."""
    return stored.replace(tzinfo=UTC)


def to_json(value: Any) -> str:
    """JSON text of plain data or of domain objects; NaN and infinity become null."""
    return msgspec.json.encode(value).decode()


def from_json[T](text: str, type: type[T]) -> T:
    """Domain objects out of stored JSON."""
    return msgspec.json.decode(text, type=type)
