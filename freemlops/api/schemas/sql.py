"""What the SQL calls take and say."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pyarrow as pa

from freemlops.domain.sql import Recipe, SavedQuery, SqlColumn, SqlTable
from freemlops.i18n import Translator
from freemlops.services.sql import SqlAnswer

SAFE_INTEGER = 2**53 - 1
"""Larger ones lose digits in JavaScript, so they go out as text."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")
JSON_TYPES = ("VARIANT", "STRUCT", "MAP", "UNION", "JSON")


class SqlIn(msgspec.Struct, forbid_unknown_fields=True):
    """`limit` is capped by what the owner of the server allows."""

    sql: str
    limit: int | None = None


class SavedIn(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    sql: str
    about: str = ""


class SqlColumnOut(msgspec.Struct):
    name: str
    type: str
    about: str = ""


class SqlTableOut(msgspec.Struct):
    schema: str
    name: str
    about: str
    columns: list[SqlColumnOut]


class SqlOut(msgspec.Struct):
    columns: list[SqlColumnOut]
    rows: list[list[Any]]
    row_count: int
    truncated: bool
    seconds: float
    as_of: datetime


class RecipeOut(msgspec.Struct):
    recipe: str
    title: str
    about: str
    sql: str


class SavedOut(msgspec.Struct):
    id: str
    name: str
    about: str
    sql: str
    changed_at: datetime


def column_out(column: SqlColumn) -> SqlColumnOut:
    return SqlColumnOut(column.name, column.type, column.about)


def table_out(table: SqlTable) -> SqlTableOut:
    columns = [column_out(c) for c in table.columns]
    return SqlTableOut(table.schema, table.name, table.about, columns)


def recipe_out(recipe: Recipe, t: Translator) -> RecipeOut:
    return RecipeOut(recipe.key, t.text(recipe.title), t.text(recipe.about), recipe.sql)


def saved_out(saved: SavedQuery) -> SavedOut:
    return SavedOut(saved.id, saved.name, saved.about, saved.sql, saved.changed_at)


def as_json(answer: SqlAnswer) -> SqlOut:
    """Rows of plain JSON values.

    Times are ISO 8601, in UTC where they have a zone; NaN and infinity are null; integers beyond
    2^53 and decimals that a double can't hold are text, so that no digit is lost; blobs are
    hexadecimal; nested values are JSON.
    """
    nested = [c.type.endswith("]") or c.type.startswith(JSON_TYPES) for c in answer.columns]
    columns = [
        [_nested(v) if is_nested else _plain(v) for v in column.to_pylist()]
        for column, is_nested in zip(answer.table.columns, nested, strict=True)
    ]
    rows = [list(row) for row in zip(*columns, strict=True)]
    return SqlOut(
        [column_out(c) for c in answer.columns],
        rows,
        len(rows),
        answer.truncated,
        round(answer.seconds, 6),
        answer.as_of,
    )


def _nested(value: Any) -> Any:
    if not isinstance(value, str):
        return _plain(value)
    try:
        return _safe(msgspec.json.decode(value))
    except msgspec.DecodeError:  # NaN inside, which is no JSON
        return value


def _safe(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _safe(v) for k, v in value.items()}
    return [_safe(v) for v in value] if isinstance(value, list) else _plain(value)


def _plain(value: Any) -> Any:
    match value:
        case bool() | None | str():
            return value
        case int():
            return value if abs(value) <= SAFE_INTEGER else str(value)
        case float():
            return value if math.isfinite(value) else None
        case Decimal():
            return _decimal(value)
        case datetime():
            return _moment(value)
        case date() | time():
            return value.isoformat()
        case timedelta():
            return value.total_seconds()
        case bytes():
            return value.hex()
        case _:
            return str(value)


def _decimal(value: Decimal) -> float | int | str:
    if not value.is_finite():
        return str(value)
    if value == value.to_integral_value() and abs(value) <= SAFE_INTEGER:
        return int(value)
    return float(value) if Decimal(repr(float(value))) == value else str(value)


def _moment(value: datetime) -> str:
    return (value if value.tzinfo is None else value.astimezone(UTC)).isoformat()


def as_csv(answer: SqlAnswer) -> str:
    """Comma-separated, UTF-8, with a header.

    A text that begins with = + - @, a tab or a carriage return gets an apostrophe before it:
    spreadsheets would run it as a formula. Names of columns too; numbers stay numbers.
    """
    made = io.StringIO()
    writer = csv.writer(made)
    writer.writerow([_cell(c.name) for c in answer.columns])
    columns = [[_cell(v) for v in column.to_pylist()] for column in answer.table.columns]
    writer.writerows(zip(*columns, strict=True))
    return made.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return f"'{value}" if value.startswith(FORMULA) else value
    if isinstance(value, Decimal | float):
        return str(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    plain = _plain(value)
    return "" if plain is None else str(plain).lower() if isinstance(plain, bool) else plain


def as_arrow(answer: SqlAnswer) -> bytes:
    """An Arrow IPC stream."""
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, answer.table.schema) as stream:
        stream.write_table(answer.table)
    return sink.getvalue()


def tables_out(tables: Sequence[SqlTable]) -> list[SqlTableOut]:
    return [table_out(t) for t in tables]
