"""The profile and the advice of a big table: `just bench profile [ROWS]`.

A million rows of fifty mixed columns: the profile as the page asks for it, the advice for a
target and the diff of two versions, beside DuckDB's own SUMMARIZE of the same table.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from freemlops.domain.dataset import Column, ColumnType, DatasetVersion
from freemlops.services.diffs import DiffService
from freemlops.services.profiles import ProfileService
from freemlops.warehouse.warehouse import Warehouse

KINDS = {
    "DOUBLE": ColumnType.DECIMAL,
    "BIGINT": ColumnType.INTEGER,
    "VARCHAR": ColumnType.TEXT,
    "DATE": ColumnType.DATE,
    "BOOLEAN": ColumnType.BOOLEAN,
}
COLUMNS = {
    "id": "i::BIGINT",
    **{f"number_{k}": f"random() * {10**k} + i % {k + 2}" for k in range(18)},
    **{f"whole_{k}": f"floor(random() * {10 ** (k % 6 + 1)})::BIGINT" for k in range(10)},
    **{f"kind_{k}": f"'kind ' || floor(random() * {5 * (k + 1)})::INTEGER" for k in range(9)},
    **{f"text_{k}": f"'text ' || floor(random() * {10**5 * (k + 1)})::INTEGER" for k in range(4)},
    **{f"day_{k}": f"DATE '2020-01-01' + floor(random() * {900 + k})::INTEGER" for k in range(4)},
    **{f"flag_{k}": f"random() > 0.{k + 3}" for k in range(4)},
}


class _Generated:
    notes = ()

    def __init__(self, rows: int) -> None:
        shown = ", ".join(f"{sql} AS {name}" for name, sql in COLUMNS.items())
        self._connection = duckdb.connect()
        found = self._connection.sql(f"SELECT {shown} FROM range({rows}) t(i)")
        kinds = {str(n): KINDS[str(t)] for n, t in zip(found.columns, found.types, strict=True)}
        self.columns = tuple(Column(n, kind) for n, kind in kinds.items())
        self.reader: pa.RecordBatchReader = found.to_arrow_reader(65_536)


def timed(what: str, work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    took = time.perf_counter() - began
    print(f"{took:8.2f} s  {what}", flush=True)
    return took


def add(warehouse: Warehouse, rows: int, sha: str) -> DatasetVersion:
    table: Any = _Generated(rows)
    return warehouse.datasets.add(name="big", filename="big", sha256=sha, size_bytes=1, table=table)


def main(rows: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        warehouse = Warehouse.open(Path(folder) / "home")
        made = add(warehouse, rows, "a")
        print(f"{rows:,} rows, {len(made.columns)} columns", flush=True)
        profiles = ProfileService(warehouse)
        name = warehouse.datasets.table_of(made.dataset, 1)[1]

        def summarize() -> None:
            with warehouse.reader() as cursor:
                cursor.execute(f"SUMMARIZE data.{name}").fetchall()

        ours = timed("profile", lambda: profiles.get(made.dataset, 1))
        floor = timed("DuckDB's SUMMARIZE", summarize)
        timed("profile, kept", lambda: profiles.get(made.dataset, 1))
        timed("advice for a target", lambda: profiles.advice(made.dataset, 1, "flag_0"))
        add(warehouse, rows, "b")
        diffs = DiffService(warehouse, profiles)
        timed("diff of two versions, by id", lambda: diffs.diff(made.dataset, 1, 2))
        warehouse.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"profile / SUMMARIZE: {ours / floor:.2f}; peak memory {peak} MB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
