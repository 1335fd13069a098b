"""A DuckDB file of the history for people to take away."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import duckdb

from freemlops.domain.errors import InvalidError
from freemlops.warehouse.connection import explain
from freemlops.warehouse.lab.gate import quoted
from freemlops.warehouse.lab.publisher import Published

MEMORY = "512MB"
FIRST_VARIANT = (1, 5, 0)


def write_snapshot(
    published: Published, data: Mapping[str, Path], path: Path, storage_version: str | None
) -> int:
    """Tables with their comments, from the published file; see `Lab.snapshot`."""
    options = ""
    if storage_version is not None:
        if not re.fullmatch(r"v\d+\.\d+\.\d+|latest", storage_version):
            raise _no_version(storage_version)
        options = f" (STORAGE_VERSION '{storage_version}')"
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    try:
        # a database of its own: the warehouse's is not opened a second time
        with duckdb.connect(config={"memory_limit": MEMORY, "threads": 1}) as connection:
            connection.execute(f"ATTACH {_text(str(published.path))} AS history (READ_ONLY)")
            try:
                connection.execute(f"ATTACH {_text(str(part))} AS snapshot{options}")
            except duckdb.Error as error:
                if storage_version is None:
                    raise
                raise _no_version(storage_version) from error
            _copy(connection, published, data, old=_is_old(storage_version))
            connection.execute("DETACH snapshot")
        size = part.stat().st_size
        part.replace(path)
    except duckdb.Error as error:
        raise explain(error) from error
    finally:
        part.unlink(missing_ok=True)
        part.with_name(f"{part.name}.wal").unlink(missing_ok=True)
    return size


def _copy(
    connection: duckdb.DuckDBPyConnection,
    published: Published,
    data: Mapping[str, Path],
    *,
    old: bool,
) -> None:
    """`old`: for a DuckDB that knows no VARIANT, which gets JSON instead."""
    connection.execute("CREATE SCHEMA snapshot.lab")
    for table in published.tables:
        name = f"lab.{quoted(table.name)}"
        columns = ", ".join(
            quoted(c.name) + ("::JSON AS " + quoted(c.name) if c.type == "VARIANT" and old else "")
            for c in table.columns
        )
        connection.execute(
            f"CREATE TABLE snapshot.{name} AS SELECT {columns} FROM history.{name}"  # noqa: S608
        )
        connection.execute(f"COMMENT ON TABLE snapshot.{name} IS {_text(table.about)}")
        for column in table.columns:
            place = f"snapshot.{name}.{quoted(column.name)}"
            connection.execute(f"COMMENT ON COLUMN {place} IS {_text(column.about)}")
    if data:
        connection.execute("CREATE SCHEMA snapshot.data")
    for dataset, file in data.items():
        connection.execute(
            f"CREATE TABLE snapshot.data.{quoted(dataset)} AS FROM read_parquet({_text(str(file))})"
        )
    connection.execute("CHECKPOINT snapshot")


def _is_old(storage_version: str | None) -> bool:
    if storage_version is None or storage_version == "latest":
        return False
    return tuple(map(int, storage_version[1:].split("."))) < FIRST_VARIANT


def _no_version(storage_version: str) -> InvalidError:
    return InvalidError(
        "DuckDB can't write files of version “{version}”. Give one like v1.2.0.",
        version=storage_version,
    )


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
