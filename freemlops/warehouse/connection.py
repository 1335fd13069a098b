"""Opening the DuckDB file, and DuckDB's errors in our own words."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import duckdb

from freemlops.domain.errors import FreeMLOpsError, StorageFullError, WarehouseError
from freemlops.warehouse.owner import Owner, held

Cursor = duckdb.DuckDBPyConnection
_HOLDER = re.compile(r"\(PID (\d+)\)")


def connect(path: Path, memory_limit: str) -> Any:
    """A connection that can reach nothing but the folder of the file.

    Raises `WarehouseHeldError` when another program has the file open, `WarehouseError` when
    the file is damaged or no database.
    """
    config = {
        "memory_limit": memory_limit,
        "temp_directory": str(path.parent / "spill"),
        "autoload_known_extensions": False,
        "autoinstall_known_extensions": False,
        "allow_community_extensions": False,
        "python_enable_replacements": False,
    }
    try:
        connection = duckdb.connect(str(path), config=config)
        # Not in `config`: DuckDB applies that in no given order, and refuses the spill folder
        # once the outside is shut. Nobody's SQL but our own runs here; the folder is open so
        # that a second file can be attached and filled.
        folder = str(path.parent).replace("'", "''")
        connection.execute(f"SET allowed_directories = ['{folder}/']")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
    except duckdb.Error as error:
        raise _cannot_open(path, error) from error
    return connection


def _cannot_open(path: Path, error: duckdb.Error) -> FreeMLOpsError:
    text = str(error)
    if "Could not set lock" in text:
        found = _HOLDER.search(text)
        return held(Owner(int(found.group(1)), None) if found else None)
    if _is_full(text):
        return _full()
    return WarehouseError(
        "The warehouse file {path} can't be opened: {problem} Put a copy of it in its place (a "
        "copy is made before each upgrade), or move it away to start with an empty one.",
        path=str(path),
        problem=_first_line(error),
    )


def explain(error: duckdb.Error) -> FreeMLOpsError:
    """The project's own error for DuckDB's; the original stays its cause, for the log."""
    if _is_full(str(error)):
        return _full()
    if isinstance(error, duckdb.OutOfMemoryException):
        return WarehouseError(
            "This needs more memory than the warehouse may use. Try with less data, or close "
            "other programs and start again."
        )
    return WarehouseError("The warehouse could not do this: {problem}", problem=_first_line(error))


def _is_full(text: str) -> bool:
    return "No space left" in text or "not enough disk space" in text.lower()


def _full() -> StorageFullError:
    return StorageFullError(
        "The disk is full, so nothing was saved. Make room on the disk and try again."
    )


def _first_line(error: BaseException) -> str:
    return str(error).strip().split("\n", 1)[0]
