"""Datasets for the lab: one immutable Parquet file for each version that somebody asks for."""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from freemlops.domain.errors import NotFoundError
from freemlops.warehouse.connection import Cursor
from freemlops.warehouse.database import Database
from freemlops.warehouse.lab.disk import writing
from freemlops.warehouse.records import records
from freemlops.warehouse.sql import queries
from freemlops.warehouse.tables import BATCH_ROWS, name_of


@dataclass(frozen=True, slots=True)
class DataTable:
    """A dataset version under the name it has behind `data.`; `table` is its table's own name."""

    name: str
    dataset: str
    version: int
    latest: bool
    table: str


def data_tables(cursor: Cursor) -> dict[str, DataTable]:
    """By name in lower case: `churn` is the latest version, `churn@2` the second.

    DuckDB does not tell `Churn` from `churn`: the older dataset keeps the name, the other one
    is found under its name with `#` and its identifier.
    """
    found: dict[str, DataTable] = {}
    rows = records(cursor, queries("lab")["datasets"])
    for row in rows:
        name = str(row["name"])
        if (taken := found.get(name.lower())) and taken.dataset != row["dataset"]:
            name = f"{name}#{row['dataset']}"
        made = DataTable(name, row["dataset"], row["version"], True, row["table_name"])
        found[name.lower()] = made  # versions come in order: the last one stays
    for table in list(found.values()):
        for row in rows:
            if row["dataset"] == table.dataset:
                name = f"{table.name}@{row['version']}"
                made = DataTable(name, table.dataset, row["version"], False, row["table_name"])
                found.setdefault(name.lower(), made)
    return found


class Exports:
    """Thread-safe. A file is made at the first use and removed with its version."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._database = database
        self._folder = folder
        self._lock = threading.Lock()

    def file(self, table: DataTable) -> Path:
        """Raises `NotFoundError` when the version is being deleted at this moment."""
        path = self._folder / f"{table.table}.parquet"
        with self._lock:
            if not path.exists():
                self._folder.mkdir(parents=True, exist_ok=True)
                self._write(table, path)
        return path

    def _write(self, table: DataTable, path: Path) -> None:
        part = path.with_suffix(".part")
        try:
            with writing(), self._database.session() as cursor:
                known = {t.table for t in data_tables(cursor).values()}
                if table.table not in known:
                    raise NotFoundError("The dataset “{name}” was deleted.", name=table.name)
                sql = f"SELECT * FROM {name_of(table.table)}"  # noqa: S608 - a quoted name
                reader = cursor.sql(sql).to_arrow_reader(BATCH_ROWS)
                with pq.ParquetWriter(part, reader.schema, compression="zstd") as writer:
                    for batch in reader:
                        writer.write_batch(batch)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)

    def sweep(self, known: Mapping[str, DataTable] | Collection[str]) -> None:
        """Remove the files of versions that are gone, and what a crash left."""
        tables = {t.table for t in known.values()} if isinstance(known, Mapping) else set(known)
        with self._lock:
            for path in self._folder.glob("*"):
                if path.suffix != ".parquet" or path.stem not in tables:
                    path.unlink(missing_ok=True)
