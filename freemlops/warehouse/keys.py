"""API keys, by the hash of their text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from freemlops.domain.errors import NotFoundError
from freemlops.domain.key import ApiKey, Scope
from freemlops.warehouse.database import Database
from freemlops.warehouse.records import moment, record, records, stamp
from freemlops.warehouse.sql import queries


class KeyStore:
    """Thread-safe."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sql = queries("keys")

    def add(self, key: ApiKey, sha256: str) -> None:
        row = {
            "id": key.id,
            "name": key.name,
            "prefix": key.prefix,
            "sha256": sha256,
            "scopes": [s.value for s in key.scopes],
            "endpoints": None if key.endpoints is None else list(key.endpoints),
            "per_minute": key.per_minute,
            "created_at": stamp(key.created_at),
            "expires_at": stamp(key.expires_at),
        }
        self._database.write(lambda cursor: cursor.execute(self._sql["add"], row) and None)

    def list(self) -> Mapping[str, ApiKey]:
        """All keys by hash, newest first, the revoked ones too."""
        with self._database.reader() as cursor:
            rows = records(cursor, self._sql["list"])
        return {r["sha256"]: _made(r) for r in rows}

    def revoke(self, id: str) -> None:
        """Raises `NotFoundError`."""
        row = {"id": id, "at": stamp(datetime.now(UTC))}

        def work(cursor: Any) -> None:
            if record(cursor, self._sql["revoke"], row) is None:
                raise NotFoundError("There is no key “{key}”.", key=id)

        self._database.write(work)

    def set_used(self, used: Mapping[str, datetime]) -> None:
        """When keys were last used, by id."""

        def work(cursor: Any) -> None:
            for id, at in used.items():
                cursor.execute(self._sql["used"], {"id": id, "at": stamp(at)})

        self._database.write(work)


def _made(row: dict[str, Any]) -> ApiKey:
    def when(name: str) -> datetime | None:
        return None if row[name] is None else moment(row[name])

    return ApiKey(
        id=row["id"],
        name=row["name"],
        prefix=row["prefix"],
        scopes=tuple(Scope(s) for s in row["scopes"]),
        created_at=moment(row["created_at"]),
        endpoints=None if row["endpoints"] is None else tuple(row["endpoints"]),
        per_minute=row["per_minute"],
        expires_at=when("expires_at"),
        last_used_at=when("last_used_at"),
        revoked_at=when("revoked_at"),
    )
