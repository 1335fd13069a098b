"""The threshold by which a model version decides."""

from __future__ import annotations

from freemlops.warehouse.database import Database
from freemlops.warehouse.records import record
from freemlops.warehouse.sql import queries


class ThresholdStore:
    """Thread-safe."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sql = queries("thresholds")

    def get(self, model: str, version: int) -> float | None:
        with self._database.reader() as cursor:
            row = record(cursor, self._sql["get"], {"model": model, "version": version})
        return None if row is None else float(row["threshold"])

    def set(self, model: str, version: int, threshold: float | None) -> None:
        row: dict[str, object] = {"model": model, "version": version}
        query = "clear" if threshold is None else "set"
        if threshold is not None:
            row["threshold"] = threshold
        self._database.write(lambda cursor: cursor.execute(self._sql[query], row) and None)
