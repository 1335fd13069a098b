"""The SQL lab as the rest of the product sees it."""

from __future__ import annotations

import contextlib
import shutil
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from freemlops.domain.errors import InvalidError
from freemlops.domain.sql import SqlColumn, SqlTable
from freemlops.warehouse.database import Database
from freemlops.warehouse.lab import limits
from freemlops.warehouse.lab.exports import DataTable, Exports
from freemlops.warehouse.lab.limits import Limits
from freemlops.warehouse.lab.pool import Pool
from freemlops.warehouse.lab.publisher import Published, Publisher
from freemlops.warehouse.lab.snapshot import write_snapshot
from freemlops.warehouse.records import records
from freemlops.warehouse.sql import queries


@dataclass(frozen=True, slots=True)
class Answer:
    """`table` has Arrow's types, `columns` name DuckDB's; `seconds` were spent in the child."""

    columns: tuple[SqlColumn, ...]
    table: pa.Table
    truncated: bool
    seconds: float
    as_of: datetime


class Lab:
    """Thread-safe, blocking. `limits` can be set before the first query."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._database = database
        self._folder = folder
        self._publisher = Publisher(database, folder)
        self._exports = Exports(database, folder / "data")
        self._pool = Pool()
        self.limits = Limits()
        self._sweep_scratch()

    def run(self, sql: str, limit: int, stop: threading.Event) -> Answer:
        """At most `limit` rows of the history as it is now.

        Raises `InvalidError` for a refused or wrong query, `QueryLimitError`, and
        `UnavailableError` when too many wait, `stop` was set or the lab is closed.
        """
        if len(sql) > limits.MOST_CHARACTERS:
            raise InvalidError(
                "The query has more than {most} characters. Shorten it.",
                most=limits.MOST_CHARACTERS,
            )
        with self._pool.child() as child:
            published = self._fresh()
            header, table = child.ask(
                self._request(sql, limit, published),
                lambda names: self._files(published, names),
                self.limits,
                stop,
            )
        self._pool.warm()
        columns = tuple(SqlColumn(name, type) for name, type in header["columns"])
        return Answer(columns, table, header["truncated"], header["seconds"], published.as_of)

    def tables(self) -> tuple[SqlTable, ...]:
        """The lab's, then the dataset versions, latest first; readies the next query."""
        self._pool.warm()
        published = self._fresh()
        with self._database.reader() as cursor:
            rows = records(cursor, queries("lab")["data_columns"])
        columns: dict[tuple[str, int], list[SqlColumn]] = {}
        for row in rows:
            made = SqlColumn(row["name"], row["type"])
            columns.setdefault((row["dataset"], row["version"]), []).append(made)
        data = sorted(published.data.values(), key=lambda t: (not t.latest, t.name.lower()))
        return published.tables + tuple(
            SqlTable("data", t.name, "", tuple(columns.get((t.dataset, t.version), ())))
            for t in data
        )

    def snapshot(self, path: Path, storage_version: str | None, with_data: bool) -> int:
        """Write schema `lab` (and the latest version of each dataset as schema `data`) into a
        DuckDB file, whole or not at all; its size in bytes.

        Raises `InvalidError` when DuckDB has no such storage version.
        """
        published = self._fresh()
        names = [n for n, t in published.data.items() if t.latest] if with_data else []
        data = {published.data[n].name: self._exports.file(published.data[n]) for n in names}
        return write_snapshot(published, data, path, storage_version)

    def cancel_all(self) -> None:
        self._pool.cancel_all()

    def close(self) -> None:
        self._pool.close()

    def _fresh(self) -> Published:
        published = self._publisher.fresh()
        self._exports.sweep(published.data)
        return published

    def _request(self, sql: str, limit: int, published: Published) -> dict[str, object]:
        return {
            "sql": sql,
            "limit": limit,
            "history": str(published.path),
            "tables": [t.name for t in published.tables],
            "data": list(published.data),
            "scratch": str(self._folder / "scratch"),
            "memory_mb": self.limits.memory_mb,
            "seconds": self.limits.seconds,
        }

    def _files(self, published: Published, names: Sequence[str]) -> Mapping[str, str]:
        found: list[DataTable] = [published.data[name] for name in names]
        return {table.name: str(self._exports.file(table)) for table in found}

    def _sweep_scratch(self) -> None:
        """What queries of a killed process left."""
        scratch = self._folder / "scratch"
        with contextlib.suppress(FileNotFoundError):
            shutil.rmtree(scratch)
        scratch.mkdir(parents=True)
