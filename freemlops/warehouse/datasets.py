"""Datasets and their versions: rows in `app`, each version's own table in `data`."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from freemlops.domain.dataset import Column, ColumnType, DatasetVersion, Note
from freemlops.domain.errors import NotFoundError
from freemlops.domain.page import Page
from freemlops.domain.reading import Origin, ReadOptions
from freemlops.warehouse import paging, tables
from freemlops.warehouse.connection import Cursor
from freemlops.warehouse.database import Database
from freemlops.warehouse.holdouts import forget
from freemlops.warehouse.origins import dump_options
from freemlops.warehouse.records import from_json, moment, record, records, stamp, to_json
from freemlops.warehouse.sql import queries
from freemlops.warehouse.tables import IncomingTable


class DatasetStore:
    """Thread-safe. A version never changes; what is asked for and not there is `NotFoundError`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sql = queries("datasets")

    def add(
        self,
        *,
        name: str,
        filename: str,
        sha256: str,
        size_bytes: int,
        table: IncomingTable,
        synthetic: bool = False,
        origin: Callable[[], Origin] = Origin,
        dataset: str | None = None,
    ) -> DatasetVersion:
        """Store the table as the next version of `name`; all of it or nothing.

        The rows go in beside the writer, which then registers the version in one step. When
        the same bytes, read in the same way, were registered under the same name meanwhile,
        that version is returned. `origin` is asked once the rows are in. With `dataset`, the
        version becomes one of that dataset, `NotFoundError` when it is gone by then. Errors
        that `table.reader` raises come out as they are.
        """
        table_name = f"t_{secrets.token_hex(8)}"
        rows, columns = tables.fill(self._database, table_name, table)
        try:
            return self._add(
                table_name,
                name,
                columns,
                dataset,
                {
                    "filename": filename,
                    "sha256": sha256,
                    "rows": rows,
                    "columns": len(columns),
                    "size_bytes": size_bytes,
                    "synthetic": synthetic,
                    **_origin_fields(origin()),
                    "notes": to_json(tuple(table.notes)),
                },
            )
        except BaseException:
            self._drop(table_name)
            raise

    def _add(
        self,
        table_name: str,
        name: str,
        columns: Sequence[Column],
        dataset: str | None,
        known: dict[str, Any],
    ) -> DatasetVersion:
        fields = {**known, "table_name": table_name, "at": stamp(datetime.now(UTC))}
        made = self._database.write(
            lambda cursor: self._register(cursor, name, dataset, columns, fields)
        )
        return self.get(*made)

    def _register(
        self,
        cursor: Cursor,
        name: str,
        dataset: str | None,
        columns: Sequence[Column],
        fields: dict[str, Any],
    ) -> tuple[str, int]:
        if dataset is not None:
            name = self._name(cursor, dataset)
        key = {"name": name, "sha256": fields["sha256"], "options": fields["options"]}
        same = record(cursor, self._sql["find"], key)
        if same is not None:
            cursor.execute(f"DROP TABLE {tables.name_of(fields['table_name'])}")
            return same["dataset"], same["version"]
        known = record(cursor, self._sql["by_name"], {"name": name})
        if known is None:
            known = {"id": f"ds_{secrets.token_hex(8)}", "last": None}
            new = {"id": known["id"], "name": name, "at": fields["at"]}
            cursor.execute(self._sql["add_dataset"], new)
        version = (known["last"] or 0) + 1
        cursor.execute(
            self._sql["add_version"], {"dataset": known["id"], "version": version, **fields}
        )
        cursor.executemany(
            self._sql["add_column"],
            [(known["id"], version, i, *_fields(c)) for i, c in enumerate(columns)],
        )
        return known["id"], version

    def _drop(self, table_name: str) -> None:
        self._database.write(
            lambda cursor: (
                cursor.execute(f"DROP TABLE IF EXISTS {tables.name_of(table_name)}") and None
            )
        )

    def _name(self, cursor: Cursor, dataset: str) -> str:
        rows = records(cursor, self._sql["get"], {"dataset": dataset})
        if not rows:
            raise _gone(dataset)
        return str(rows[0]["name"])

    def find(self, name: str, sha256: str, options: ReadOptions) -> DatasetVersion | None:
        """The version of `name` with these bytes read in this way, if there is one."""
        key = {"name": name, "sha256": sha256, "options": dump_options(options)}
        with self._database.reader() as cursor:
            same = record(cursor, self._sql["find"], key)
        return self.get(same["dataset"], same["version"]) if same else None

    def get(self, dataset: str, version: int | None = None) -> DatasetVersion:
        """That version, or the latest."""
        return self.table_of(dataset, version)[0]

    def table_of(self, dataset: str, version: int | None) -> tuple[DatasetVersion, str]:
        """That version, or the latest, and the name of its table in `data`."""
        with self._database.reader() as cursor:
            rows = records(cursor, self._sql["get"], {"dataset": dataset})
            if not rows:
                raise _gone(dataset)
            wanted = [r for r in rows if version in (None, r["version"])][:1]
            if not wanted:
                raise NotFoundError(
                    "The dataset “{dataset}” has no version {version}.",
                    dataset=dataset,
                    version=version,
                )
            return self._made(cursor, wanted)[0], wanted[0]["table_name"]

    def versions(self, dataset: str) -> tuple[DatasetVersion, ...]:
        """All versions, newest first."""
        with self._database.reader() as cursor:
            rows = records(cursor, self._sql["get"], {"dataset": dataset})
            if rows:
                return tuple(self._made(cursor, rows))
        raise _gone(dataset)

    def latest(self, limit: int = 50, cursor: str | None = None) -> Page[DatasetVersion]:
        """The latest version of each dataset, newest first."""
        limit = paging.clamp(limit)
        with self._database.reader() as reader:
            rows = records(reader, self._sql["latest"], paging.place(cursor).params(limit))
            return paging.page(rows, limit, "dataset", lambda shown: self._made(reader, shown))

    def _made(self, cursor: Cursor, rows: list[dict[str, Any]]) -> list[DatasetVersion]:
        datasets = sorted({r["dataset"] for r in rows})
        found = records(cursor, self._sql["columns"], {"datasets": datasets}) if datasets else []
        columns: dict[tuple[str, int], list[Column]] = {}
        for c in found:
            words = tuple(c["words"]) if c["words"] else None
            type = ColumnType(c["type"])
            made = Column(c["name"], type, c["missing"], c["distinct_count"], words)
            columns.setdefault((c["dataset"], c["version"]), []).append(made)
        return [_made(r, columns.get((r["dataset"], r["version"]), [])) for r in rows]

    def rows(self, dataset: str, version: int | None, limit: int, offset: int = 0) -> pa.Table:
        """Rows in the order of the file."""
        table = self.table_of(dataset, version)[1]
        with self._database.reader() as cursor:
            return tables.read_slice(cursor, table, limit, offset)

    def rows_at(self, dataset: str, version: int | None, places: Sequence[int]) -> pa.Table:
        """The rows at these places in the file, from 0, in the given order."""
        table = self.table_of(dataset, version)[1]
        with self._database.reader() as cursor:
            return tables.read_rows(cursor, table, places)

    def write_ipc(self, dataset: str, version: int | None, path: Path) -> None:
        """The whole table as an Arrow IPC file, in bounded memory."""
        tables.write_ipc(self._database, self.table_of(dataset, version)[1], path)

    def delete(self, dataset: str, version: int | None = None) -> tuple[str, ...]:
        """One version or every one: its rows, its counts, and what was answered on its rows.

        Gives the sha256 of the stored files that they referred to. A dataset without versions
        is gone itself.
        """

        def work(cursor: Any) -> tuple[str, ...]:
            found = records(cursor, self._sql["tables"], {"dataset": dataset})
            gone = [r for r in found if version in (None, r["version"])]
            for row in gone:
                cursor.execute(f"DROP TABLE {tables.name_of(row['table_name'])}")
            key = {"dataset": dataset, "versions": [r["version"] for r in gone]}
            for part in ("columns", "profiles", "versions"):
                cursor.execute(self._sql[f"delete_{part}"], key)
            forget(cursor, dataset, [r["version"] for r in gone])
            cursor.execute(self._sql["delete_dataset"], {"dataset": dataset})
            return tuple(f for r in gone for f in (r["original"], r["rejects"]) if f)

        return self._database.write(work)

    def sweep(self) -> None:
        """Drop tables that a crash left without a version."""

        def work(cursor: Any) -> None:
            for row in records(cursor, self._sql["orphans"]):
                cursor.execute(f"DROP TABLE {tables.name_of(row['table_name'])}")

        self._database.write(work)


def _made(row: dict[str, Any], columns: Sequence[Column]) -> DatasetVersion:
    return DatasetVersion(
        dataset=row["dataset"],
        version=row["version"],
        name=row["name"],
        filename=row["filename"],
        sha256=row["sha256"],
        rows=row["row_count"],
        columns=tuple(columns),
        size_bytes=row["size_bytes"],
        created_at=moment(row["created_at"]),
        notes=from_json(row["notes"], tuple[Note, ...]),
        synthetic=row["synthetic"],
        description=row["description"],
        tags=tuple(row["tags"]),
        source=row["source"],
        added_by=row["added_by"],
        rejected=row["rejected"],
    )


def _origin_fields(origin: Origin) -> dict[str, Any]:
    return {
        "source": origin.source.value,
        "added_by": origin.added_by,
        "options": dump_options(origin.options),
        "questions": to_json(origin.questions),
        "original": origin.original,
        "rejects": origin.rejects,
        "rejected": origin.rejected,
    }


def _gone(dataset: str) -> NotFoundError:
    return NotFoundError(
        "There is no dataset “{dataset}”. It may have been deleted.", dataset=dataset
    )


def _fields(column: Column) -> tuple[Any, ...]:
    """A column as `add_column` takes it."""
    words = list(column.words) if column.words else None
    return column.name, column.type.value, column.missing, column.distinct, words
