"""Small values that outlive the process, by key."""

from __future__ import annotations

from datetime import UTC, datetime

from freemlops.warehouse.database import Database
from freemlops.warehouse.records import record, stamp
from freemlops.warehouse.sql import queries


class SettingStore:
    """Text by key. Secrets are stored as hashes by whoever puts them here."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sql = queries("settings")

    def get(self, key: str) -> str | None:
        with self._database.reader() as cursor:
            found = record(cursor, self._sql["get"], {"key": key})
        return str(found["value"]) if found else None

    def set(self, key: str, value: str) -> None:
        row = {"key": key, "value": value, "at": stamp(datetime.now(UTC))}
        self._database.write(lambda cursor: cursor.execute(self._sql["set"], row) and None)
