"""The process that runs one query and ends: `python -m freemlops.warehouse.lab.worker`.

It reads one request from standard input, asks for the datasets that the query names, runs it
and writes the answer; messages are lines of JSON, the rows follow theirs as Arrow. Its parent
holds the clock.
"""

from __future__ import annotations

import json
import os
import re
import signal
import sys
import threading
import time
from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO

import duckdb
import pyarrow as pa

from freemlops.domain.errors import InvalidError
from freemlops.warehouse.lab import gate, limits
from freemlops.warehouse.lab.restraint import restrain

THREADS = 2
BATCH = 2048
HEAD = "DESCRIBE SELECT * FROM (\n"
EXPLAIN = "EXPLAIN "
AS_JSON = ("VARIANT", "STRUCT", "MAP", "UNION")
AS_TEXT = (
    "INTERVAL", "BIT", "BIGNUM", "UHUGEINT", "HUGEINT", "UUID", "ENUM", "TIME WITH TIME ZONE",
    "TIMETZ", "GEOMETRY", "TYPE",
)  # fmt: skip


class _TooBigError(Exception):
    """Not even the first row fits into an answer."""


class _WrongError(Exception):
    """DuckDB's error, and by how many bytes the places that it names are shifted."""

    def __init__(self, error: duckdb.Error, shift: int) -> None:
        super().__init__(str(error))
        self.error = error
        self.shift = shift


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    inbox, outbox = _own_pipes()
    os.environ.clear()
    _send(outbox, {"kind": "ready"})
    request = _receive(inbox)
    restrain(int(request["memory_mb"]) * 1024**2, float(request["seconds"]) * THREADS)
    try:
        header, rows = _answer(request, inbox, outbox)
    except InvalidError as error:
        header, rows = {"kind": "invalid", "message": error.message.to_json()}, b""
    except (MemoryError, duckdb.OutOfMemoryException):
        header, rows = {"kind": "memory"}, b""
    except RecursionError:
        header, rows = {"kind": "deep"}, b""
    except _TooBigError:
        header, rows = {"kind": "bytes"}, b""
    except _WrongError as error:
        header, rows = _wrong(error.error, error.shift), b""
    except duckdb.Error as error:
        header, rows = _wrong(error, 0), b""
    _send(outbox, {**header, "size": len(rows)})
    outbox.write(rows)
    outbox.flush()
    os._exit(0)


def _answer(
    request: Mapping[str, Any], inbox: BinaryIO, outbox: BinaryIO
) -> tuple[dict[str, Any], bytes]:
    connection = _open(request)
    explain, sql = _statement(connection, str(request["sql"]))
    wanted = gate.check(_tree(connection, sql), _known(connection, request))
    _send(outbox, {"kind": "needs", "data": sorted(wanted)})
    files = _receive(inbox)["files"]
    threading.Thread(target=_end_with_parent, args=[inbox], daemon=True).start()
    _offer(connection, files)
    began = time.monotonic()
    try:
        if explain:
            columns, table, more = _plan(connection, sql)
        else:
            columns, table, more = _rows(connection, sql, int(request["limit"]))
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error as error:
        before = str(request["sql"]).partition(sql)[0]
        shift = len(before.encode()) - len(EXPLAIN if explain else HEAD)
        raise _WrongError(error, shift) from error
    head = {
        "kind": "rows",
        "columns": columns,
        "truncated": more,
        "seconds": time.monotonic() - began,
    }
    return head, _packed(table)


def _open(request: Mapping[str, Any]) -> Any:
    """The published history, read-only, and an empty place for views of the datasets."""
    connection = duckdb.connect(
        config={
            "memory_limit": f"{request['memory_mb']}MB",
            "threads": THREADS,
            "temp_directory": str(request["scratch"]),
            "max_temp_directory_size": limits.SPILL,
            "autoload_known_extensions": False,
            "autoinstall_known_extensions": False,
            "allow_community_extensions": False,
            "python_enable_replacements": False,
        }
    )
    path = str(request["history"]).replace("'", "''")
    connection.execute(f"ATTACH '{path}' AS {gate.CATALOG} (READ_ONLY)")
    connection.execute(f"ATTACH ':memory:' AS {gate.DATA}")
    connection.execute(f"SET search_path = '{gate.CATALOG}.{gate.LAB}'")
    connection.execute("SET errors_as_json = true")
    return connection


def _statement(connection: Any, sql: str) -> tuple[bool, str]:
    """The one statement, without what follows its semicolon; True when only its plan is wanted."""
    explained = re.match(r"\s*explain\s+(?!analy)", sql, re.IGNORECASE)
    text = sql[explained.end() :] if explained else sql
    try:
        found = connection.extract_statements(text)
    except ValueError as error:  # statements that the Python package has no name for
        raise gate.only_select() from error
    body = _unended(text)
    if len(found) != 1 or not body.strip():
        raise gate.only_select()
    return bool(explained), body


def _unended(text: str) -> str:
    """Without the semicolon and what comes after it."""
    raw = text.encode()
    for offset, kind in duckdb.tokenize(text):
        if kind == duckdb.token_type.operator and raw[offset : offset + 1] == b";":
            return raw[:offset].decode()
    return text


def _tree(connection: Any, sql: str) -> dict[str, Any]:
    row = connection.execute("SELECT json_serialize_sql(?::VARCHAR)", [sql]).fetchone()
    made: dict[str, Any] = json.loads(row[0])
    return made


def _known(connection: Any, request: Mapping[str, Any]) -> gate.Known:
    def exists(name: str) -> bool:
        try:
            connection.execute(f"SELECT 1 FROM {gate.quoted(name)} LIMIT 0")  # noqa: S608
        except duckdb.CatalogException:
            return False
        except duckdb.Error:
            return True
        return True

    return gate.Known(frozenset(request["tables"]), frozenset(request["data"]), exists)


def _offer(connection: Any, files: Mapping[str, str]) -> None:
    """Views over exactly these files; from here on nothing else of the outside can be read."""
    for name, file in files.items():
        path = file.replace("'", "''")
        connection.execute(
            f"CREATE VIEW {gate.DATA}.main.{gate.quoted(name)} AS "  # noqa: S608 - quoted
            f"SELECT * FROM read_parquet('{path}')"
        )
    connection.execute("SET allowed_paths = $1", [list(files.values())])
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


def _plan(connection: Any, sql: str) -> tuple[list[tuple[str, str]], pa.Table, bool]:
    table = connection.execute(f"{EXPLAIN}{sql}").to_arrow_table()
    return [(name, "VARCHAR") for name in table.column_names], table, False


def _rows(connection: Any, sql: str, limit: int) -> tuple[list[tuple[str, str]], pa.Table, bool]:
    """Columns with DuckDB's types, at most `limit` rows, and whether there were more."""
    described = connection.execute(f"{HEAD}{sql}\n)").fetchall()
    columns = [(str(row[0]), str(row[1])) for row in described]
    picked = ", ".join(
        f"#{i}{_cast(type)} AS {gate.quoted(name)}" for i, (name, type) in enumerate(columns, 1)
    )
    relation = connection.sql(
        f"SELECT {picked} FROM (\n{sql}\n) LIMIT {limit + 1}"  # noqa: S608 - it passed the gate
    )
    table, more = _collect(relation.to_arrow_reader(BATCH), limit)
    return columns, table, more


def _cast(type: str) -> str:
    """How a type that Arrow has no like for goes out: nested ones as JSON, others as text."""
    if type.endswith("]") or type.startswith(AS_JSON):
        return "::JSON::VARCHAR"
    return "::VARCHAR" if type.startswith(AS_TEXT) else ""


def _collect(reader: pa.RecordBatchReader, limit: int) -> tuple[pa.Table, bool]:
    batches: list[pa.RecordBatch] = []
    rows = size = 0
    for batch in reader:
        kept = batch.slice(0, limit - rows)
        while kept.num_rows and size + kept.nbytes > limits.RESULT_BYTES:
            kept = kept.slice(0, kept.num_rows // 2)
        batches.append(kept)
        rows, size = rows + kept.num_rows, size + kept.nbytes
        if kept.num_rows < batch.num_rows:
            if not rows and limit:
                raise _TooBigError
            return pa.Table.from_batches(batches, reader.schema), True
    return pa.Table.from_batches(batches, reader.schema), False


def _packed(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    return bytes(sink.getvalue())


def _wrong(error: duckdb.Error, shift: int) -> dict[str, Any]:
    """DuckDB's own words, and where in the text (in bytes) they point."""
    text = str(error)
    try:
        known = json.loads(text[text.index("{") :])
    except ValueError:
        return {"kind": "sql", "problem": text.split("\n\nLINE", 1)[0], "position": None}
    position = _number(known.get("position"))
    if position is not None:
        position = max(0, position + shift)
    return {"kind": "sql", "problem": known.get("exception_message", text), "position": position}


def _number(text: Any) -> int | None:
    return int(text) if str(text).isdecimal() else None


def _end_with_parent(inbox: BinaryIO) -> None:
    inbox.read()
    os._exit(1)


def _own_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Move the pipes away from 0 and 1, where a library's print would garble them."""
    inbox, outbox = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(2, 1)
    os.close(null)
    return os.fdopen(inbox, "rb"), os.fdopen(outbox, "wb")


def _send(pipe: BinaryIO, message: Mapping[str, Any]) -> None:
    pipe.write(json.dumps(message).encode() + b"\n")
    pipe.flush()


def _receive(pipe: Iterable[bytes]) -> dict[str, Any]:
    for line in pipe:
        made: dict[str, Any] = json.loads(line)
        return made
    os._exit(0)  # the parent has gone, or does not need us


if __name__ == "__main__":
    main()
    sys.exit(0)
