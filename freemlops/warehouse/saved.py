"""Queries that people keep in the SQL lab."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Any

from freemlops.domain.errors import ConflictError, NotFoundError
from freemlops.domain.sql import SavedQuery
from freemlops.warehouse.database import Database
from freemlops.warehouse.records import moment, record, records, stamp
from freemlops.warehouse.sql import queries

MOST = 1000


class SavedStore:
    """Thread-safe. A name is there once, whatever its case."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sql = queries("saved")

    def all(self) -> tuple[SavedQuery, ...]:
        """By name."""
        with self._database.reader() as cursor:
            return tuple(_made(row) for row in records(cursor, self._sql["list"]))

    def put(self, name: str, sql: str, about: str) -> SavedQuery:
        """Keep the query; one of the same name is replaced. `ConflictError` when full."""
        row = {"name": name, "about": about, "sql": sql, "at": stamp(datetime.now(UTC))}

        def work(cursor: Any) -> str:
            known = record(cursor, self._sql["by_name"], {"name": name})
            if known is None and records(cursor, self._sql["count"])[0]["n"] >= MOST:
                raise ConflictError(
                    "{most} queries are saved already. Delete one that nobody needs.", most=MOST
                )
            key = known["id"] if known else f"q_{secrets.token_hex(8)}"
            cursor.execute(self._sql["change" if known else "add"], {**row, "id": key})
            return str(key)

        key = self._database.write(work)
        with self._database.reader() as cursor:
            found = record(cursor, self._sql["get"], {"id": key})
        if found is None:  # somebody deleted it at this very moment
            raise _unknown(key)
        return _made(found)

    def remove(self, id: str) -> None:
        """Raises `NotFoundError`."""
        gone = self._database.write(
            lambda cursor: record(cursor, self._sql["remove"], {"id": id}) is not None
        )
        if not gone:
            raise _unknown(id)


def _unknown(id: str) -> NotFoundError:
    return NotFoundError("There is no saved query “{id}”.", id=id)


def _made(row: dict[str, Any]) -> SavedQuery:
    return SavedQuery(**{**row, "changed_at": moment(row["changed_at"])})
