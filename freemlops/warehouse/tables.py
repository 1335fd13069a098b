"""The table of a dataset version: filled in one go, counted, read in batches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

import duckdb
import pyarrow as pa

from freemlops.domain.dataset import Column, ColumnType, Note
from freemlops.domain.errors import FreeMLOpsError
from freemlops.warehouse.connection import Cursor
from freemlops.warehouse.database import Database
from freemlops.warehouse.sql import quoted

SQL_TYPES = {
    ColumnType.INTEGER: "BIGINT",
    ColumnType.DECIMAL: "DOUBLE",
    ColumnType.BOOLEAN: "BOOLEAN",
    ColumnType.TEXT: "VARCHAR",
    ColumnType.DATE: "DATE",
    ColumnType.DATETIME: "TIMESTAMP",
}
EXACT_DISTINCT = 20_000
"""Up to this many different values by the estimate, they are counted one by one."""
EXACT_ROWS = 2_000_000
"""Up to this many rows, a column that looks unique is counted one by one too."""
COLUMNS_A_QUERY = 200
EXACT_A_QUERY = 32
BATCH_ROWS = 65_536


class IncomingTable(Protocol):
    """A table on its way in; `reader` is read once, `notes` are complete when it is done."""

    @property
    def reader(self) -> pa.RecordBatchReader: ...
    @property
    def columns(self) -> Sequence[Column]: ...
    @property
    def notes(self) -> Sequence[Note]: ...


def fill(database: Database, table: str, incoming: IncomingTable) -> tuple[int, list[Column]]:
    """Create `data.<table>`; gives the rows and the columns with their counts. All or nothing.

    Runs on a cursor of its own, so that other writes go on meanwhile.
    """
    source = _Source(incoming.reader)
    with database.session() as cursor:
        cursor.execute("BEGIN TRANSACTION")
        spec = ", ".join(f"{quoted(c.name)} {SQL_TYPES[c.type]}" for c in incoming.columns)
        cursor.execute(f"CREATE TABLE {name_of(table)} ({spec})")
        # One INSERT from one reader: a register() for each batch would keep all of them alive.
        cursor.register("incoming", source.guarded())
        try:
            cursor.execute(f"INSERT INTO {name_of(table)} SELECT * FROM incoming")  # noqa: S608
        except duckdb.Error as error:
            raise (source.error or error) from error
        cursor.unregister("incoming")
        counted = _count(cursor, table, incoming.columns)
        database.commit(cursor)
    return counted


class _Source:
    """Keeps the error of a reader, which DuckDB would turn into text."""

    def __init__(self, reader: pa.RecordBatchReader) -> None:
        self._reader = reader
        self.error: FreeMLOpsError | OSError | None = None

    def guarded(self) -> pa.RecordBatchReader:
        return pa.RecordBatchReader.from_batches(self._reader.schema, self._batches())

    def _batches(self) -> Iterator[pa.RecordBatch]:
        try:
            yield from self._reader
        except (FreeMLOpsError, OSError) as error:
            self.error = error
            raise


def _count(cursor: Cursor, table: str, columns: Sequence[Column]) -> tuple[int, list[Column]]:
    counted: list[Column] = []
    rows = int(_one(cursor, table, ["count(*)"])[0])
    for start in range(0, len(columns), COLUMNS_A_QUERY):
        part = columns[start : start + COLUMNS_A_QUERY]
        names = [quoted(c.name) for c in part]
        filled = _one(cursor, table, [f"count({n})" for n in names])
        guess = _one(cursor, table, [f"approx_count_distinct({n})" for n in names])
        sure = [i for i, c in enumerate(part) if _count_exactly(c.type, guess[i], filled[i])]
        exact = _exact(cursor, table, [names[i] for i in sure])
        different = [min(g, f) for g, f in zip(guess, filled, strict=True)]
        for i, count in zip(sure, exact, strict=True):
            different[i] = count
        counted += [
            replace(c, missing=rows - filled[i], distinct=different[i]) for i, c in enumerate(part)
        ]
    return rows, counted


def _exact(cursor: Cursor, table: str, names: Sequence[str]) -> list[int]:
    """Different values of each column, a few columns at a time: each takes megabytes even in a
    small table, and 200 at once took more than the whole limit."""
    counts: list[int] = []
    for start in range(0, len(names), EXACT_A_QUERY):
        part = names[start : start + EXACT_A_QUERY]
        counts += _one(cursor, table, [f"count(DISTINCT {name})" for name in part])
    return counts


def _count_exactly(type: ColumnType, guess: int, filled: int) -> bool:
    if guess <= EXACT_DISTINCT:
        return True
    may_name_rows = type in (ColumnType.INTEGER, ColumnType.TEXT)
    return may_name_rows and guess > 0.8 * filled and filled <= EXACT_ROWS


def _one(cursor: Cursor, table: str, expressions: Sequence[str]) -> tuple[Any, ...]:
    if not expressions:
        return ()
    found: Any = cursor.execute(
        f"SELECT {', '.join(expressions)} FROM {name_of(table)}"  # noqa: S608 - quoted names
    ).fetchone()
    return tuple(found)


def read_slice(cursor: Cursor, table: str, limit: int, offset: int) -> pa.Table:
    """Rows in the order of the file."""
    sql = f"SELECT * FROM {name_of(table)} LIMIT ? OFFSET ?"  # noqa: S608 - a quoted name
    return cursor.sql(sql, params=[limit, offset]).to_arrow_table()


def read_rows(cursor: Cursor, table: str, rows: Sequence[int]) -> pa.Table:
    """The rows at these places in the file, from 0, in the given order; those that are not
    there are left out. A table never changes after its one INSERT, so its rowid is the place."""
    sql = (
        "SELECT t.* FROM (SELECT unnest($rows::BIGINT[]) AS place, "  # noqa: S608 - a quoted name
        "generate_subscripts($rows::BIGINT[], 1) AS turn) w "
        f"JOIN {name_of(table)} t ON t.rowid = w.place ORDER BY w.turn"
    )
    return cursor.sql(sql, params={"rows": [int(r) for r in rows]}).to_arrow_table()


def write_ipc(database: Database, table: str, path: Path) -> None:
    """Stream the table into an Arrow IPC file, batch by batch, for memory mapping."""
    with database.session() as cursor:
        sql = f"SELECT * FROM {name_of(table)}"  # noqa: S608 - a quoted name
        reader = cursor.sql(sql).to_arrow_reader(BATCH_ROWS)
        with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, reader.schema) as file:
            for batch in reader:
                file.write_batch(batch)


def name_of(table: str) -> str:
    return f"data.{quoted(table)}"
