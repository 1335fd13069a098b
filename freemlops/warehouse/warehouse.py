"""The warehouse: one DuckDB file in a home folder, one owner, and its stores."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Self

import duckdb

from freemlops.domain.errors import WarehouseError
from freemlops.resources import resource
from freemlops.warehouse import migrate
from freemlops.warehouse.artifacts import ArtifactStore
from freemlops.warehouse.connection import Cursor, connect, explain
from freemlops.warehouse.database import Database
from freemlops.warehouse.datasets import DatasetStore
from freemlops.warehouse.deployment_rules import DeploymentRuleStore
from freemlops.warehouse.deployments import DeploymentStore
from freemlops.warehouse.diffs import DiffStore
from freemlops.warehouse.holdouts import HoldoutStore
from freemlops.warehouse.keys import KeyStore
from freemlops.warehouse.lab.lab import Lab
from freemlops.warehouse.models import ModelStore
from freemlops.warehouse.origins import OriginStore
from freemlops.warehouse.owner import Ownership
from freemlops.warehouse.predictions import PredictionStore
from freemlops.warehouse.profiles import ProfileStore
from freemlops.warehouse.run_search import RunSearch
from freemlops.warehouse.runs import RunStore
from freemlops.warehouse.saved import SavedStore
from freemlops.warehouse.settings import SettingStore
from freemlops.warehouse.thresholds import ThresholdStore
from freemlops.warehouse.upkeep import Upkeep, sweep

FILE = "freemlops.duckdb"
LAB = "lab"
MEMORY_LIMIT = "850MB"


class Warehouse:
    """Open with `Warehouse.open`; all methods are thread-safe, and all stores blocking."""

    def __init__(self, path: Path, database: Database, ownership: Ownership) -> None:
        self._database = database
        self._ownership = ownership
        self._is_open = True
        self.artifacts = ArtifactStore(database)
        self.datasets = DatasetStore(database)
        self.profiles = ProfileStore(database, self.datasets)
        self.diffs = DiffStore(database, self.datasets)
        self.origins = OriginStore(database)
        self.runs = RunStore(database)
        self.holdouts = HoldoutStore(database)
        self.run_search = RunSearch(database)
        self.models = ModelStore(database)
        self.deployments = DeploymentStore(database)
        self.deployment_rules = DeploymentRuleStore(database)
        self.thresholds = ThresholdStore(database)
        self.keys = KeyStore(database)
        self.predictions = PredictionStore(database)
        self.settings = SettingStore(database)
        self.saved = SavedStore(database)
        self.upkeep = Upkeep(database, path)
        self.lab = Lab(database, path.parent / LAB)

    @classmethod
    def open(
        cls,
        home: Path,
        *,
        memory_limit: str = MEMORY_LIMIT,
        owner_url: str | None = None,
        migrations: Path | None = None,
    ) -> Self:
        """Take the home (made when it is not there), migrate, and sweep what a crash left.

        Raises `WarehouseHeldError` (with `pid` and `url`) when another process has it, and
        `WarehouseError` when the file is damaged or of a newer version. `migrations` is the
        folder of the SQL files, the shipped one by default.
        """
        try:
            home.mkdir(parents=True, exist_ok=True)
            ownership = Ownership.take(home, owner_url)
        except OSError as error:
            raise WarehouseError(
                "The data directory {home} can't be used: {problem}. Choose another one.",
                home=str(home),
                problem=error.strerror or str(error),
            ) from error
        try:
            folder = migrations or resource("store") / "migrations"
            path = home / FILE
            sweep(path)
            database = Database(lambda: _open_migrated(path, memory_limit, folder))
            warehouse = cls(path, database, ownership)
            warehouse.datasets.sweep()
            warehouse.artifacts.sweep()
            warehouse.holdouts.sweep()
        except BaseException:
            ownership.release()
            raise
        return warehouse

    def announce(self, url: str) -> None:
        """Tell other processes where the server of this one listens."""
        self._ownership.announce(url)

    def write[T](self, work: Callable[[Any], T]) -> T:
        """Run `work(cursor)` on the writer thread and wait until its result is committed.

        `work` may be run twice, see `Writer`.
        """
        return self._database.write(work)

    def write_soon[T](self, work: Callable[[Any], T]) -> Future[T]:
        """`write` without waiting."""
        return self._database.write_soon(work)

    def reader(self) -> AbstractContextManager[Cursor]:
        """This thread's own cursor, for reading."""
        return self._database.reader()

    def close(self) -> None:
        """Commit what waits, close the file, give the home back. Safe to call twice."""
        if self._is_open:
            self._is_open = False
            self.lab.close()
            self._database.close()
            self._ownership.release()


def _open_migrated(path: Path, memory_limit: str, folder: Path) -> Cursor:
    known = migrate.read_migrations(folder)
    connection = connect(path, memory_limit)
    try:
        todo = migrate.pending(connection, known)
        if todo and not migrate.is_new(connection):
            connection.execute("CHECKPOINT")
            connection.close()
            migrate.copy_before(path, todo[0].number)
            connection = connect(path, memory_limit)
        migrate.apply(connection, todo)
    except duckdb.Error as error:
        connection.close()
        raise explain(error) from error
    except BaseException:
        connection.close()
        raise
    return connection
