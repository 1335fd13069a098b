"""What the columns of a stored table look like, counted by DuckDB."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from freemlops.domain.dataset import Column, ColumnType
from freemlops.domain.profile import HISTOGRAM_BINS, TOP_VALUES, Bin, ColumnProfile, TopValue
from freemlops.warehouse.connection import Cursor
from freemlops.warehouse.sql import quoted
from freemlops.warehouse.tables import name_of

MANY_VALUES = 50_000
"""From here on the most frequent values are estimated first and only those are counted."""
_NEVER_HELD = "…"


def profile_table(cursor: Cursor, table: str, columns: Sequence[Column]) -> list[ColumnProfile]:
    """One profile a column, in order. Infinite numbers do not occur: ingest takes them out."""
    return [_profile(cursor, name_of(table), column) for column in columns]


def _profile(cursor: Cursor, table: str, column: Column) -> ColumnProfile:
    made = ColumnProfile(column.name, column.type, column.missing, column.distinct)
    if column.distinct == 0:
        return made
    if column.type in (ColumnType.TEXT, ColumnType.BOOLEAN):
        return _with_top(cursor, table, made)
    return _with_histogram(cursor, table, made)


def _with_top(cursor: Cursor, table: str, made: ColumnProfile) -> ColumnProfile:
    name = quoted(made.name)
    among = f"{name} IS NOT NULL"
    if made.distinct > MANY_VALUES:
        among = f"{name} IN (SELECT unnest(approx_top_k({name}, {TOP_VALUES})) FROM {table})"  # noqa: S608
    rows = cursor.execute(
        f"SELECT {name}, count(*) AS n FROM {table} WHERE {among} "  # noqa: S608 - quoted names
        f"GROUP BY 1 ORDER BY n DESC, 1 LIMIT {TOP_VALUES}"
    ).fetchall()
    top = tuple(TopValue(_shorten(value), count) for value, count in rows)
    return replace(made, top=top)


def _shorten(value: Any) -> str | bool:
    if isinstance(value, bool):
        return value
    return value if len(value) <= 200 else value[:199] + _NEVER_HELD


def _with_histogram(cursor: Cursor, table: str, made: ColumnProfile) -> ColumnProfile:
    value = quoted(made.name)
    dates = made.type in (ColumnType.DATE, ColumnType.DATETIME)
    if dates:
        value = f"epoch({value}::TIMESTAMP)"
    found: Any = cursor.execute(
        f"SELECT min({value})::DOUBLE, max({value})::DOUBLE, avg({value}) FROM {table}"  # noqa: S608
    ).fetchone()
    low, high, mean = found
    counts = _counts(cursor, table, value, low, high)
    edges = _edges(low, high, len(counts))
    shown: list[float] | list[str] = [_day(e, made.type) for e in edges] if dates else edges
    return replace(
        made,
        low=shown[0],
        high=shown[-1],
        mean=None if dates else mean,
        histogram=tuple(Bin(shown[i], shown[i + 1], count) for i, count in enumerate(counts)),
    )


def _counts(cursor: Cursor, table: str, value: str, low: float, high: float) -> list[int]:
    if low == high:
        found: Any = cursor.execute(f"SELECT count({value}) FROM {table}").fetchone()  # noqa: S608
        return [int(found[0])]
    # Divided before subtracting: high - low of doubles may be too large for a double.
    step = high / HISTOGRAM_BINS - low / HISTOGRAM_BINS
    place = f"least(greatest(floor({value} / $step - $low / $step), 0), {HISTOGRAM_BINS - 1})"
    rows = cursor.execute(
        f"SELECT {place}::INTEGER AS place, count(*) FROM {table} "  # noqa: S608 - quoted names
        f"WHERE {value} IS NOT NULL GROUP BY place",
        {"low": low, "step": step},
    ).fetchall()
    counts = dict(rows)
    return [counts.get(i, 0) for i in range(HISTOGRAM_BINS)]


def _edges(low: float, high: float, bins: int) -> list[float]:
    inner = [low * (1 - i / bins) + high * (i / bins) for i in range(1, bins)]
    return [low, *inner, high]


def _day(seconds: float, type: ColumnType) -> str:
    at = datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)
    return date.isoformat(at.date()) if type is ColumnType.DATE else at.isoformat()
