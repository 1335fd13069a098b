"""Keeps a copy of the lab's views as tables in a file of their own, for others to open.

The warehouse file holds keys and models and can be opened by its owner alone. So what
researchers may see is copied to `live.duckdb`, which is attached only meanwhile, and that file
is copied to `history.duckdb`, which is replaced as a whole and never written.
"""

from __future__ import annotations

import hashlib
import shutil
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import structlog

from freemlops.domain.sql import SqlColumn, SqlTable
from freemlops.warehouse.connection import Cursor
from freemlops.warehouse.database import Database
from freemlops.warehouse.lab.disk import writing
from freemlops.warehouse.lab.exports import DataTable, data_tables
from freemlops.warehouse.records import records
from freemlops.warehouse.sql import queries, quoted

log = structlog.get_logger(__name__)
LIVE, PUBLISHED = "live.duckdb", "history.duckdb"
BY_RUN = ("trials", "candidates", "leaderboard", "runs", "checks", "failures", "learning_points")
"""Views whose rows belong to one run each: only those of changed runs are copied again. Any
other view is copied anew each time, but for the two below."""
ANSWERS = "predictions"
"""These may be millions, and never change: only what is not there yet is copied."""
GROWING = "prediction_log"
"""A view that only grows at its end, by `seq`, and loses rows: only new ones are copied."""
MOST_CHANGED = 200
"""With more changed runs than this, everything is copied anew."""


@dataclass(frozen=True, slots=True)
class Published:
    """The file as it was made at `as_of`, the lab's tables in it, and the datasets by name."""

    path: Path
    as_of: datetime
    tables: tuple[SqlTable, ...]
    data: Mapping[str, DataTable]


class Publisher:
    """Thread-safe. Costs nothing while nobody asks."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._database = database
        self._folder = folder
        self._sql = queries("lab")
        self._lock = threading.Lock()
        self._state: object = None
        self._published: Published | None = None

    def fresh(self) -> Published:
        """Everything that was committed before the call."""
        with self._lock:
            state = self._database.state
            known = self._published
            if known is None or state != self._state or not known.path.exists():
                known = self._published = self._publish()
                self._state = state
            return known

    def _publish(self) -> Published:
        self._folder.mkdir(parents=True, exist_ok=True)
        as_of = datetime.now(UTC)
        live = self._folder / LIVE
        with self._database.session() as cursor:
            try:
                self._update(cursor, live)
            except duckdb.Error as error:
                # the copy is damaged, or from another version of the product: it is only a copy
                log.warning("lab_made_anew", problem=str(error).split("\n", 1)[0])
                cursor.execute("DETACH DATABASE IF EXISTS live")
                _remove(live)
                self._update(cursor, live)
            tables = self._tables(cursor)
            data = data_tables(cursor)
        part = self._folder / f"{PUBLISHED}.part"
        with writing():
            shutil.copyfile(live, part)
            part.replace(self._folder / PUBLISHED)
        return Published(self._folder / PUBLISHED, as_of, tables, data)

    def _update(self, cursor: Cursor, live: Path) -> None:
        shape = self._shape(cursor)
        _attach(cursor, live)
        try:
            cursor.execute(self._sql["prepare"])
            if records(cursor, self._sql["shape"]) != [{"shape": shape}]:
                cursor.execute("DETACH live")
                _remove(live)
                _attach(cursor, live)
                self._build(cursor, shape)
            cursor.execute("BEGIN TRANSACTION")
            try:
                self._refresh(cursor)
                cursor.execute("COMMIT")
            except BaseException:
                cursor.execute("ROLLBACK")
                raise
            cursor.execute("CHECKPOINT live")
        finally:
            cursor.execute("DETACH live")

    def _shape(self, cursor: Cursor) -> str:
        """Changes with any column, type or comment of the views."""
        return hashlib.sha256(repr(self._tables(cursor)).encode()).hexdigest()

    def _build(self, cursor: Cursor, shape: str) -> None:
        """Empty tables like the views, comments included."""
        cursor.execute(self._sql["prepare"])
        cursor.execute("CREATE SCHEMA live.lab")
        for table in self._tables(cursor):
            name = f"live.lab.{quoted(table.name)}"
            view = f"lab.{quoted(table.name)}"
            cursor.execute(f"CREATE TABLE {name} AS FROM {view} LIMIT 0")
            cursor.execute(f"COMMENT ON TABLE {name} IS {_text(table.about)}")
            for column in table.columns:
                place = f"{name}.{quoted(column.name)}"
                cursor.execute(f"COMMENT ON COLUMN {place} IS {_text(column.about)}")
        cursor.execute("INSERT INTO live.main.shape VALUES ($1)", [shape])

    def _tables(self, cursor: Cursor) -> tuple[SqlTable, ...]:
        columns: dict[str, list[SqlColumn]] = {}
        for row in records(cursor, self._sql["columns"]):
            made = SqlColumn(row["name"], row["type"], row["about"])
            columns.setdefault(row["view"], []).append(made)
        return tuple(
            SqlTable("lab", row["name"], row["about"], tuple(columns[row["name"]]))
            for row in records(cursor, self._sql["views"])
        )

    def _refresh(self, cursor: Cursor) -> None:
        here = records(cursor, "SELECT current_database() AS name")[0]["name"]
        cursor.execute(self._sql["mark"].replace("$marked", self._marked(cursor)))
        changed = [str(r["run"]) for r in records(cursor, self._sql["changed"])]
        for table in self._tables(cursor):
            name = quoted(table.name)
            source = f"{quoted(here)}.lab.{name}"
            if table.name == GROWING:
                _follow(cursor, source, name)
            elif table.name == ANSWERS:
                cursor.execute(self._sql["drop_answers"].replace("$here", quoted(here)))
                cursor.execute(self._sql["add_answers"].replace("$here", quoted(here)))
            elif table.name in BY_RUN and len(changed) <= MOST_CHANGED:
                _replace(cursor, source, name, changed)
            else:
                _replace(cursor, source, name, None)
        cursor.execute(self._sql["remember"])
        cursor.execute(self._sql["put"])
        cursor.execute("DROP TABLE marks")

    def _marked(self, cursor: Cursor) -> str:
        """The columns of a run by which a change of it shows; VARIANTs come with its end."""
        return ", ".join(quoted(r["name"]) for r in records(cursor, self._sql["marked"]))


def _replace(cursor: Cursor, source: str, name: str, runs: Sequence[str] | None) -> None:
    """Copy the rows of these runs again, all rows with None."""
    where = "" if runs is None else f" WHERE run IN ({', '.join(map(_text, runs))})"
    if runs is None or runs:
        cursor.execute(f"DELETE FROM live.lab.{name}{where}")  # noqa: S608 - quoted names
        cursor.execute(f"INSERT INTO live.lab.{name} SELECT * FROM {source}{where}")  # noqa: S608


def _follow(cursor: Cursor, source: str, name: str) -> None:
    """Add the rows that are new, and drop those that are gone when there are any."""
    copy = f"live.lab.{name}"
    cursor.execute(
        f"INSERT INTO {copy} SELECT * FROM {source} "  # noqa: S608 - quoted names
        f"WHERE seq > (SELECT coalesce(max(seq), 0) FROM {copy})"
    )
    here, now = (
        records(cursor, f"SELECT count(*) AS n FROM {place}")[0]["n"]  # noqa: S608
        for place in (copy, source)
    )
    if here != now:
        cursor.execute(f"DELETE FROM {copy} WHERE seq NOT IN (SELECT seq FROM {source})")  # noqa: S608


def _attach(cursor: Cursor, live: Path) -> None:
    cursor.execute(f"ATTACH {_text(str(live))} AS live")


def _remove(live: Path) -> None:
    for path in (live, live.with_name(f"{live.name}.wal")):
        path.unlink(missing_ok=True)


def _text(value: str) -> str:
    """`value` as an SQL literal."""
    return "'" + value.replace("'", "''") + "'"
