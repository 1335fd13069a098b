"""Stored files, named by their content: one table a file, in rows of 8 MiB."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from freemlops.domain.errors import NotFoundError, WarehouseError
from freemlops.domain.model import Artifact
from freemlops.warehouse.database import Database
from freemlops.warehouse.records import record, records, stamp
from freemlops.warehouse.sql import queries, quoted

CHUNK_BYTES = 8 * 1024**2


class ArtifactStore:
    """Thread-safe. A table of its own, for reading one file in a shared one reads the others."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sql = queries("artifacts")
        self._putting = threading.Lock()

    def put(self, path: Path, format: str) -> Artifact:
        """Store the file; the same content is stored once, whatever its name and format."""
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        artifact = Artifact(sha256, format, path.stat().st_size)
        with self._putting:
            if not self._is_known(sha256):
                self._store(path, artifact)
        return artifact

    def _is_known(self, sha256: str) -> bool:
        with self._database.reader() as cursor:
            return record(cursor, self._sql["get"], {"sha256": sha256}) is not None

    def _store(self, path: Path, artifact: Artifact) -> None:
        """The blob in a transaction of its own, then its entry through the writer."""
        table = _table(artifact.sha256)
        with self._database.session() as cursor:
            cursor.execute("BEGIN TRANSACTION")
            cursor.execute(f"CREATE OR REPLACE TABLE {table} (seq INTEGER, data BLOB)")
            with path.open("rb") as file:
                seq = 0
                while chunk := file.read(CHUNK_BYTES):
                    cursor.execute(f"INSERT INTO {table} VALUES (?, ?)", [seq, chunk])  # noqa: S608
                    seq += 1
            self._database.commit(cursor)
        row = {
            "sha256": artifact.sha256,
            "format": artifact.format,
            "size_bytes": artifact.size_bytes,
            "at": stamp(datetime.now(UTC)),
        }
        self._database.write(lambda cursor: cursor.execute(self._sql["add"], row) and None)

    def get(self, sha256: str) -> Artifact:
        """The entry of a stored file. Raises `NotFoundError`."""
        with self._database.reader() as cursor:
            row = record(cursor, self._sql["get"], {"sha256": sha256})
        if row is None:
            raise _unknown(sha256)
        return Artifact(row["sha256"], row["format"], row["size_bytes"])

    def read(self, sha256: str) -> bytes:
        """Raises `NotFoundError`, and `WarehouseError` when the content no longer fits its hash."""
        return b"".join(self.stream(sha256))

    def stream(self, sha256: str) -> Iterator[bytes]:
        """The content in pieces. `WarehouseError` comes after the last one when it is damaged."""
        if not self._is_known(sha256):
            raise _unknown(sha256)
        digest = hashlib.sha256()
        for chunk in self._chunks(sha256):
            digest.update(chunk)
            yield chunk
        if digest.hexdigest() != sha256:
            raise WarehouseError(
                "A stored file is damaged: its content no longer fits its checksum ({sha256}). "
                "Train again, or put a copy of the warehouse in place.",
                sha256=sha256,
            )

    def _chunks(self, sha256: str) -> Iterator[bytes]:
        with self._database.session() as cursor:
            cursor.execute(f"SELECT data FROM {_table(sha256)} ORDER BY seq")  # noqa: S608
            while row := cursor.fetchone():
                yield row[0]

    def drop(self, sha256: str) -> None:
        """Remove the file for good; nothing happens when it is not there."""

        def work(cursor: Any) -> None:
            cursor.execute(self._sql["delete"], {"sha256": sha256})
            cursor.execute(f"DROP TABLE IF EXISTS {_table(sha256)}")

        self._database.write(work)

    def drop_unused(self, among: Collection[str] | None = None) -> int:
        """Remove files that nothing refers to any more, of these or of all; gives their bytes.

        Of all only while nobody is storing one: its entry comes before what refers to it.
        """

        def work(cursor: Any) -> int:
            unused = [r["sha256"] for r in records(cursor, self._sql["unused"])]
            gone = [s for s in unused if among is None or s in among]
            freed = 0
            for sha256 in gone:
                known = record(cursor, self._sql["get"], {"sha256": sha256})
                freed += known["size_bytes"] if known else 0
                cursor.execute(self._sql["delete"], {"sha256": sha256})
                cursor.execute(f"DROP TABLE IF EXISTS {_table(sha256)}")
            return freed

        return self._database.write(work)

    def sweep(self) -> None:
        """Drop blobs that a crash left without an entry, and entries that it left unused."""

        def work(cursor: Any) -> None:
            for row in records(cursor, self._sql["orphans"]):
                cursor.execute(f"DROP TABLE blob.{quoted(row['table_name'])}")

        self._database.write(work)
        self.drop_unused()


def _table(sha256: str) -> str:
    return f"blob.{quoted(f'b_{sha256}')}"


def _unknown(sha256: str) -> NotFoundError:
    return NotFoundError("This file is not in the warehouse: {sha256}.", sha256=sha256)
