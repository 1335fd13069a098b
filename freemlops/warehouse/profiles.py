"""What the columns of a stored table look like, counted by DuckDB over all rows."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

from freemlops.domain.dataset import Column, ColumnType
from freemlops.domain.profile import (
    HISTOGRAM_BINS,
    TOP_VALUES,
    Bin,
    ColumnProfile,
    Lengths,
    TableProfile,
    TopValue,
    iso,
)
from freemlops.warehouse.connection import Cursor
from freemlops.warehouse.database import Database
from freemlops.warehouse.datasets import DatasetStore
from freemlops.warehouse.records import from_json, record, to_json
from freemlops.warehouse.sql import queries, quoted
from freemlops.warehouse.tables import name_of

MANY_VALUES = 50_000
"""From here on the most frequent values are estimated first and only those are counted."""
DUPLICATES_ROWS = 5_000_000
"""Rows up to which equal rows are counted: it takes eight bytes a row and a little more."""
SAMPLE_ROWS = 100_000
SAMPLE_CELLS = 4_000_000
SAMPLE_TEXT = 80
LONGEST_TEXT = 200
COLUMNS_A_QUERY = 50
_DATES = (ColumnType.DATE, ColumnType.DATETIME)
_NEVER_HELD = "…"


@dataclass(frozen=True, slots=True)
class Window:
    """Values of a column below `low` and above `high` are asked for."""

    low: float
    high: float


class ProfileStore:
    """Counts tables, and keeps what was made of it. Thread-safe."""

    def __init__(self, database: Database, datasets: DatasetStore) -> None:
        self._database = database
        self._datasets = datasets
        self._sql = queries("profiles")

    def kept(self, dataset: str, version: int) -> TableProfile | None:
        with self._database.reader() as cursor:
            row = record(cursor, self._sql["get"], {"dataset": dataset, "version": version})
        return None if row is None else from_json(row["profile"], TableProfile)

    def keep(self, dataset: str, version: int, made: TableProfile) -> None:
        """Nothing is kept of a version that was deleted meanwhile."""
        row = {"dataset": dataset, "version": version, "profile": to_json(made)}
        self._database.write(lambda cursor: cursor.execute(self._sql["add"], row) and None)

    def columns(self, dataset: str, version: int) -> list[ColumnProfile]:
        """One profile a column, in order, of what is counted over all rows."""
        known, table = self._datasets.table_of(dataset, version)
        with self._database.reader() as cursor:
            return profile_columns(cursor, table, known.columns)

    def sample(self, dataset: str, version: int) -> pa.Table:
        """Evenly spread rows in the order of the file: all, or as many as fit in some memory.

        Long text is cut; what is left still tells values apart.
        """
        known, table = self._datasets.table_of(dataset, version)
        most = max(1000, min(SAMPLE_ROWS, SAMPLE_CELLS // max(1, len(known.columns))))
        step = max(1, -(-known.rows // most))
        shown = ", ".join(
            f"left({quoted(c.name)}, {SAMPLE_TEXT}) AS {quoted(c.name)}"
            if c.type is ColumnType.TEXT
            else quoted(c.name)
            for c in known.columns
        )
        sql = f"SELECT {shown} FROM {name_of(table)} WHERE rowid % {step} = 0"  # noqa: S608
        with self._database.reader() as cursor:
            return cursor.sql(sql).to_arrow_table()

    def duplicates(self, dataset: str, version: int) -> int | None:
        """Rows that are equal to an earlier one; None for too long a table."""
        known, table = self._datasets.table_of(dataset, version)
        if known.rows > DUPLICATES_ROWS:
            return None
        names = ", ".join(quoted(c.name) for c in known.columns)
        sql = f"SELECT count(*) - count(DISTINCT hash({names})) FROM {name_of(table)}"  # noqa: S608
        with self._database.reader() as cursor:
            found: Any = cursor.execute(sql).fetchone()
        return int(found[0])

    def beyond(
        self, dataset: str, version: int, windows: Mapping[str, Window]
    ) -> dict[str, tuple[int, int]]:
        """By column, how many values lie below and how many above the window."""
        table = self._datasets.table_of(dataset, version)[1]
        counts: dict[str, tuple[int, int]] = {}
        names = list(windows)
        with self._database.reader() as cursor:
            for start in range(0, len(names), COLUMNS_A_QUERY):
                part = names[start : start + COLUMNS_A_QUERY]
                values = [bound for n in part for bound in (windows[n].low, windows[n].high)]
                asked = ", ".join(
                    f"count(*) FILTER ({quoted(n)} < ?), count(*) FILTER ({quoted(n)} > ?)"
                    for n in part
                )
                sql = f"SELECT {asked} FROM {name_of(table)}"  # noqa: S608 - quoted names
                found: Any = cursor.execute(sql, values).fetchone()
                counts |= {n: (found[2 * i], found[2 * i + 1]) for i, n in enumerate(part)}
        return counts

    def classes(self, dataset: str, version: int, target: str, most: int) -> list[tuple[str, int]]:
        """The values of a column as text with their counts, the most frequent first."""
        table, name = self._datasets.table_of(dataset, version)[1], quoted(target)
        sql = (
            f"SELECT {name}::VARCHAR, count(*) AS n FROM {name_of(table)} "  # noqa: S608
            f"WHERE {name} IS NOT NULL GROUP BY ALL ORDER BY n DESC, 1 LIMIT {most:d}"
        )
        with self._database.reader() as cursor:
            return [(str(value), int(n)) for value, n in cursor.execute(sql).fetchall()]

    def contradictions(self, dataset: str, version: int, target: str) -> int | None:
        """Rows for which another row is equal in all but the target; None for too long a table."""
        known, table = self._datasets.table_of(dataset, version)
        names = [quoted(c.name) for c in known.columns if c.name != target]
        if known.rows > DUPLICATES_ROWS or not names:
            return None
        y = quoted(target)
        sql = (
            f"SELECT coalesce(sum(n), 0)::BIGINT FROM (SELECT count(*) AS n "  # noqa: S608
            f"FROM {name_of(table)} WHERE {y} IS NOT NULL "
            f"GROUP BY hash({', '.join(names)}) HAVING min({y}) < max({y}))"
        )
        with self._database.reader() as cursor:
            found: Any = cursor.execute(sql).fetchone()
        return int(found[0])


def profile_columns(cursor: Cursor, table: str, columns: Sequence[Column]) -> list[ColumnProfile]:
    """One profile a column, in order. Infinite numbers do not occur: ingest takes them out."""
    name, made = name_of(table), []
    for start in range(0, len(columns), COLUMNS_A_QUERY):
        part = columns[start : start + COLUMNS_A_QUERY]
        found = _measured(cursor, name, [c for c in part if c.distinct])
        for column in part:
            begun = ColumnProfile(column.name, column.type, column.missing, column.distinct)
            if column.distinct:
                begun = _finished(cursor, name, begun, found[column.name])
            made.append(begun)
    return made


def _measured(cursor: Cursor, table: str, columns: Sequence[Column]) -> dict[str, tuple[Any, ...]]:
    """What one pass over the table tells of each of these columns."""
    asked = [_expressions(c) for c in columns if c.type is not ColumnType.BOOLEAN]
    if not asked:
        return {c.name: () for c in columns}
    flat = ", ".join(e for part in asked for e in part)
    row: Any = cursor.execute(f"SELECT {flat} FROM {table}").fetchone()  # noqa: S608 - quoted
    values, found = iter(row), {}
    for column in columns:
        width = 0 if column.type is ColumnType.BOOLEAN else len(_expressions(column))
        found[column.name] = tuple(next(values) for _ in range(width))
    return found


def _expressions(column: Column) -> list[str]:
    name = quoted(column.name)
    if column.type is ColumnType.TEXT:
        size = f"length({name})"
        spaced = f"count(*) FILTER (contains(trim({name}), ' '))"
        return [f"min({size})", f"avg({size})", f"max({size})", spaced]
    if column.type in _DATES:
        return [f"epoch(min({name})::TIMESTAMP)", f"epoch(max({name})::TIMESTAMP)"]
    signs = [f"count(*) FILTER ({name} = 0)", f"count(*) FILTER ({name} < 0)"]
    return [f"min({name})::DOUBLE", f"max({name})::DOUBLE", f"avg({name})", *signs]


def _finished(
    cursor: Cursor, table: str, made: ColumnProfile, found: tuple[Any, ...]
) -> ColumnProfile:
    if made.type is ColumnType.BOOLEAN:
        return replace(made, top=_top(cursor, table, made))
    if made.type is ColumnType.TEXT:
        return replace(made, top=_top(cursor, table, made), lengths=Lengths(*found))
    dates = made.type in _DATES
    value = f"epoch({quoted(made.name)}::TIMESTAMP)" if dates else quoted(made.name)
    low, high = found[:2]
    counts = _counts(cursor, table, value, low, high)
    edges = _edges(low, high, len(counts))
    shown: list[float] | list[str] = [iso(e, made.type) for e in edges] if dates else edges
    made = replace(
        made,
        low=shown[0],
        high=shown[-1],
        histogram=tuple(Bin(shown[i], shown[i + 1], count) for i, count in enumerate(counts)),
    )
    if dates:
        return made
    mean = found[2] if math.isfinite(found[2]) else None  # a sum too large for a double
    return replace(made, mean=mean, zeros=found[3], negatives=found[4])


def _top(cursor: Cursor, table: str, made: ColumnProfile) -> tuple[TopValue, ...]:
    name = quoted(made.name)
    among = f"{name} IS NOT NULL"
    if made.distinct > MANY_VALUES:
        among = f"{name} IN (SELECT unnest(approx_top_k({name}, {TOP_VALUES})) FROM {table})"  # noqa: S608
    rows = cursor.execute(
        f"SELECT {name}, count(*) AS n FROM {table} WHERE {among} "  # noqa: S608 - quoted names
        f"GROUP BY 1 ORDER BY n DESC, 1 LIMIT {TOP_VALUES}"
    ).fetchall()
    return tuple(TopValue(_shorten(value), count) for value, count in rows)


def _shorten(value: Any) -> str | bool:
    if isinstance(value, bool):
        return value
    text = str(value)
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + _NEVER_HELD


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
