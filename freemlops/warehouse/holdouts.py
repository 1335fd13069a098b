"""What the candidates of each run answered on the rows that were held out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from freemlops.domain.errors import NotFoundError, WarehouseError
from freemlops.domain.holdout import Holdout
from freemlops.warehouse.connection import Cursor
from freemlops.warehouse.database import Database
from freemlops.warehouse.records import record, records
from freemlops.warehouse.sql import queries, quoted
from freemlops.warehouse.tables import name_of

BATCH_ROWS = 65_536
SHARE = "share_"


class HoldoutStore:
    """Thread-safe. The answers of a candidate never change."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sql = queries("holdouts")

    def put(self, run: str, candidate: str, path: Path) -> None:
        """Store the file described at `domain.holdout.PREDICTIONS`; all of it or nothing.

        Comes again: replaces. Runs on a cursor of its own, so that other writes go on meanwhile.
        Raises `WarehouseError` for a damaged file.
        """
        try:
            with pa.memory_map(str(path)) as source:
                file = pa.ipc.open_file(source)
                classes = json.loads((file.schema.metadata or {}).get(b"classes", b"[]"))
                rows = sum(file.get_batch(i).num_rows for i in range(file.num_record_batches))
                self._insert(run, candidate, file)
        except (pa.ArrowInvalid, OSError, ValueError) as error:
            raise WarehouseError(
                "What “{candidate}” answered on the held-out rows could not be stored: {problem}",
                candidate=candidate,
                problem=str(error),
            ) from error
        added = {"run": run, "rows": rows, "classes": classes}

        def work(cursor: Any) -> None:
            cursor.execute(self._sql["add"], added)
            if record(cursor, self._sql["get"], {"run": run}) is None:  # deleted meanwhile
                cursor.execute(self._sql["drop"], {"run": run, "candidate": candidate})

        self._database.write(work)

    def _insert(self, run: str, candidate: str, file: pa.RecordBatchFileReader) -> None:
        names = file.schema.names
        shares = [n for n in names if n.startswith(SHARE)]
        value = "value" if "value" in names else "NULL"
        listed = f"[{', '.join(shares)}]" if shares else "NULL"
        told = f'$run, $candidate, "row", truth, {value}, {listed}'
        sql = f"INSERT INTO app.holdout_prediction SELECT {told} FROM incoming"  # noqa: S608
        key = {"run": run, "candidate": candidate}
        reader = pa.RecordBatchReader.from_batches(file.schema, _batches(file))
        with self._database.session() as cursor:
            cursor.execute("BEGIN TRANSACTION")
            cursor.execute(self._sql["drop"], key)
            cursor.register("incoming", reader)
            cursor.execute(sql, key)
            cursor.unregister("incoming")
            self._database.commit(cursor)

    def get(self, run: str) -> Holdout:
        """Raises `NotFoundError` when nothing was stored: a run of before, or a deleted dataset."""
        with self._database.reader() as cursor:
            row = record(cursor, self._sql["get"], {"run": run})
        if row is None:
            raise _none()
        return Holdout(
            row["run"], row["dataset"], row["version"], row["row_count"], tuple(row["classes"])
        )

    def candidates(self, run: str) -> tuple[str, ...]:
        """Those whose answers are stored."""
        with self._database.reader() as cursor:
            return tuple(r["candidate"] for r in records(cursor, self._sql["known"], {"run": run}))

    def read(self, run: str, candidate: str) -> pa.Table:
        """`row`, `truth`, and `value` or `shares` (a list for each row), in the holdout's order,
        which is the same for each candidate of the run. Raises `NotFoundError`."""
        key = {"run": run, "candidate": candidate}
        with self._database.reader() as cursor:
            table = cursor.sql(self._sql["read"], params=key).to_arrow_table()
        if not table.num_rows:
            raise _none()
        return table

    def column(self, run: str, candidate: str, table: str, column: str) -> pa.Table:
        """`row` and `value`: a column of the dataset version's `table` in `data`, for each row
        that was held out, in no order."""
        sql = (
            f'SELECT p."row", t.{quoted(column)} AS value FROM app.holdout_prediction p '  # noqa: S608
            f'JOIN {name_of(table)} t ON t.rowid = p."row" '
            "WHERE p.run = $run AND p.candidate = $candidate"
        )
        with self._database.reader() as cursor:
            return cursor.sql(sql, params={"run": run, "candidate": candidate}).to_arrow_table()

    def query(self, run: str, candidate: str, sql: str) -> list[dict[str, Any]]:
        """The rows of `sql`, one of ours that reads `answered` (row, truth, value, shares)."""
        key = {"run": run, "candidate": candidate}
        with self._database.reader() as cursor:
            return records(cursor, f"WITH answered AS ({self._sql['read'].rstrip(';')}) {sql}", key)

    def sweep(self) -> None:
        """Drop what belongs to a dataset version that is gone."""

        def work(cursor: Any) -> None:
            for row in records(cursor, self._sql["gone"]):
                forget(cursor, row["dataset"], [row["version"]])

        self._database.write(work)


def forget(cursor: Cursor, dataset: str, versions: Sequence[int]) -> None:
    """Delete what was answered on rows of these versions, in the transaction of `cursor`."""
    key = {"dataset": dataset, "versions": list(versions)}
    sql = queries("holdouts")
    cursor.execute(sql["delete_predictions"], key)
    cursor.execute(sql["delete_holdouts"], key)


def _batches(file: pa.RecordBatchFileReader) -> Iterator[pa.RecordBatch]:
    for i in range(file.num_record_batches):
        yield file.get_batch(i)


def _none() -> NotFoundError:
    return NotFoundError(
        "The answers on the held-out rows are not stored. The run is of an earlier version, or its "
        "data was deleted. Train again to see them."
    )
