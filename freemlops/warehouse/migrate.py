"""Brings the file to the newest schema: numbered SQL files, forward only, each once."""

from __future__ import annotations

import contextlib
import hashlib
import re
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from freemlops.domain.errors import WarehouseError
from freemlops.warehouse.connection import Cursor
from freemlops.warehouse.records import stamp

_FILE = re.compile(r"(\d{4})_([a-z0-9_]+)\.sql")
_LEDGER = """
CREATE SCHEMA IF NOT EXISTS app;
CREATE TABLE IF NOT EXISTS app.migration (
    number INTEGER PRIMARY KEY, name VARCHAR NOT NULL, sha256 VARCHAR NOT NULL,
    applied_at TIMESTAMP NOT NULL
);
"""


@dataclass(frozen=True, slots=True)
class Migration:
    number: int
    name: str
    sql: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.sql.encode()).hexdigest()


def read_migrations(folder: Path) -> tuple[Migration, ...]:
    """All of the folder, in order. Line ends do not count in the hash."""
    found = []
    for path in sorted(folder.glob("*.sql")):
        named = _FILE.fullmatch(path.name)
        if named is None:
            raise ValueError(f"{path.name} is not named NNNN_name.sql")
        text = path.read_text(encoding="utf-8")
        found.append(Migration(int(named.group(1)), named.group(2), text))
    if [m.number for m in found] != list(range(1, len(found) + 1)):
        raise ValueError("migrations are not numbered 0001, 0002, … without gaps")
    return tuple(found)


def pending(connection: Cursor, known: tuple[Migration, ...]) -> tuple[Migration, ...]:
    """What is still to be applied.

    Raises `WarehouseError` when the file was made by a newer version, or when a migration that
    it has applied reads differently now.
    """
    applied = _applied(connection)
    by_number = {m.number: m for m in known}
    for number, (name, sha256) in applied.items():
        migration = by_number.get(number)
        if migration is None:
            raise WarehouseError(
                "The warehouse was made by a newer version of Free MLOps (step {number}, "
                "“{name}”). Install that version or a newer one.",
                number=number,
                name=name,
            )
        if migration.sha256 != sha256:
            raise WarehouseError(
                "Step {number} (“{name}”) of the warehouse is not the one that this version of "
                "Free MLOps knows. Install the version that made it.",
                number=number,
                name=name,
            )
    return tuple(m for m in known if m.number not in applied)


def is_new(connection: Cursor) -> bool:
    return not _applied(connection)


def _applied(connection: Cursor) -> dict[int, tuple[str, str]]:
    there: Any = connection.execute(
        "SELECT count(*) FROM duckdb_tables() "
        "WHERE schema_name = 'app' AND table_name = 'migration'"
    ).fetchone()
    if not there[0]:
        return {}
    rows = connection.execute(
        "SELECT number, name, sha256 FROM app.migration ORDER BY number"
    ).fetchall()
    return {number: (name, sha256) for number, name, sha256 in rows}


def apply(connection: Cursor, migrations: tuple[Migration, ...]) -> None:
    """One transaction each: a failing migration leaves the file as it was before it."""
    for migration in migrations:
        try:
            connection.execute("BEGIN TRANSACTION")
            connection.execute(_LEDGER)
            connection.execute(migration.sql)
            connection.execute(
                "INSERT INTO app.migration VALUES (?, ?, ?, ?)",
                [migration.number, migration.name, migration.sha256, stamp(datetime.now(UTC))],
            )
            connection.execute("COMMIT")
        except duckdb.Error as error:
            _rollback(connection)
            raise WarehouseError(
                "The warehouse could not be brought to this version (step {number}, “{name}”): "
                "{problem} Nothing was changed by this step.",
                number=migration.number,
                name=migration.name,
                problem=str(error).split("\n", 1)[0],
            ) from error


def _rollback(connection: Cursor) -> None:
    # a failed COMMIT has ended the transaction already
    with contextlib.suppress(duckdb.TransactionException):
        connection.execute("ROLLBACK")


def copy_before(path: Path, number: int) -> Path:
    """A copy of the closed file beside it, named by the step that comes next; the copy of an
    earlier upgrade goes.

    Only with the database closed: closing a handle of an open file would drop DuckDB's lock.
    """
    copy = path.with_name(f"{path.stem}.before-{number:04}{path.suffix}")
    part = copy.with_name(copy.name + ".part")
    shutil.copyfile(path, part)
    part.replace(copy)
    for other in path.parent.glob(f"{path.stem}.before-[0-9]*{path.suffix}"):
        if other != copy:
            other.unlink()
    return copy
