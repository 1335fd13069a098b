"""The prediction log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
import polars as pl

from freemlops.domain.logged import LoggedAnswer
from freemlops.warehouse.database import Database
from freemlops.warehouse.records import moment, record, records, stamp
from freemlops.warehouse.sql import queries

SCHEMA: dict[str, type[pl.DataType] | pl.DataType] = {
    "deployment": pl.String,
    "model": pl.String,
    "version": pl.Int32,
    "role": pl.String,
    "request": pl.String,
    "row_number": pl.Int32,
    "answered_at": pl.Datetime("us"),
    "took_ms": pl.Float64,
    "api_key": pl.String,
    "prediction": pl.String,
    "probabilities": pl.String,
    "decision": pl.String,
    "warnings": pl.Int32,
    "inputs": pl.String,
}


class PredictionStore:
    """Thread-safe."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sql = queries("predictions")

    def add(self, entries: Mapping[str, Sequence[Any]]) -> None:
        """Answered rows, column by column as in `SCHEMA`.

        Arrow takes DuckDB a third of what JSON does.

        Those of deployments that are gone by now are left out.
        """
        # not pyarrow's own table of lists: making one imports pandas
        table = pl.DataFrame(dict(entries), schema=SCHEMA).to_arrow()

        def work(cursor: Any) -> None:
            cursor.register("prediction_entries", table)
            try:
                cursor.execute(self._sql["add"])
            finally:
                cursor.unregister("prediction_entries")

        self._database.write(work)

    def expire(self, days: int) -> None:
        """Drop what is older than its deployment keeps, `days` where it does not say."""
        row = {"now": stamp(datetime.now(UTC)), "days": days}
        self._database.write(lambda cursor: cursor.execute(self._sql["expire"], row) and None)

    def traffic(self, name: str, since: datetime) -> list[dict[str, Any]]:
        """Counts and latencies of each version and role."""
        return self._since("traffic", name, since)

    def minutes(self, name: str, since: datetime) -> list[dict[str, Any]]:
        """Requests and rows of each minute that had any."""
        return self._since("minutes", name, since)

    def spans(self, name: str, since: datetime, step_s: int) -> list[dict[str, Any]]:
        """Requests of each version in each span of `step_s` seconds that had any."""
        return self._since("spans", name, since, step=step_s)

    def latencies(self, name: str, since: datetime, step_s: int) -> list[dict[str, Any]]:
        """Quantiles of the milliseconds that the requests of each span took."""
        return self._since("latencies", name, since, step=step_s)

    def _since(self, query: str, name: str, since: datetime, **more: int) -> list[dict[str, Any]]:
        row = {"name": name, "since": stamp(since), **more}
        with self._database.reader() as cursor:
            rows = records(cursor, self._sql[query], row)
        return [
            {k: moment(v) if isinstance(v, datetime) else v for k, v in row.items()} for row in rows
        ]

    def agreement(self, name: str, since: datetime) -> tuple[int, int]:
        """Rows that the shadow answered too, and how many of them alike."""
        with self._database.reader() as cursor:
            row = record(cursor, self._sql["agreement"], {"name": name, "since": stamp(since)})
        return (row["compared"], row["same"]) if row else (0, 0)

    def apart(self, name: str, since: datetime) -> list[dict[str, Any]]:
        """What was answered where the shadow answered otherwise, the most frequent first."""
        return self._since("apart", name, since)

    def answered(self, name: str, request: str, limit: int) -> tuple[LoggedAnswer, ...]:
        """The rows of a request in their order, beside each what its shadow said."""
        row = {"name": name, "request": request, "limit": limit}
        with self._database.reader() as cursor:
            return tuple(_logged(r) for r in records(cursor, self._sql["answered"], row))

    def distance(self, name: str, since: datetime) -> float | None:
        """How far the numbers of the shadow are from those that were answered, on average."""
        (row,) = self._since("distance", name, since)
        return None if row["mean"] is None else float(row["mean"])


def _logged(row: Mapping[str, Any]) -> LoggedAnswer:
    texts = {k: row[k] for k in ("probabilities", "inputs")}
    parts = {k: None if v is None else msgspec.json.decode(v) for k, v in texts.items()}
    return LoggedAnswer(**{**row, **parts, "answered_at": moment(row["answered_at"])})
