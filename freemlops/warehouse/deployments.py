"""Deployments: a named endpoint, and the alias or version of a model that it serves."""

from __future__ import annotations

from typing import Any

from freemlops.domain.errors import ConflictError, NotFoundError
from freemlops.domain.model import Deployment, DeploymentStatus
from freemlops.warehouse.database import Database
from freemlops.warehouse.records import moment, record, records, stamp
from freemlops.warehouse.sql import queries


class DeploymentStore:
    """Thread-safe. A deployment that is not there is `NotFoundError`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sql = queries("deployments")

    def add(self, deployment: Deployment) -> None:
        """Raises `ConflictError` when the name is taken."""
        row = {
            "name": deployment.name,
            "model": deployment.model,
            "status": deployment.status.value,
            "alias": deployment.alias,
            "version": deployment.version,
            "at": stamp(deployment.created_at),
        }

        def work(cursor: Any) -> None:
            if record(cursor, self._sql["get"], {"name": deployment.name}) is not None:
                raise ConflictError(
                    "There is already a deployment called “{name}”. Choose another name.",
                    name=deployment.name,
                )
            cursor.execute(self._sql["add"], row)

        self._database.write(work)

    def get(self, name: str) -> Deployment:
        with self._database.reader() as cursor:
            row = record(cursor, self._sql["get"], {"name": name})
        if row is None:
            raise _unknown(name)
        return _made(row)

    def list(self) -> tuple[Deployment, ...]:
        """Newest first."""
        with self._database.reader() as cursor:
            rows = records(cursor, self._sql["list"])
        return tuple(_made(r) for r in rows)

    def set_status(self, name: str, status: DeploymentStatus) -> None:
        self._change("set_status", {"name": name, "status": status.value})

    def set_target(
        self, name: str, *, alias: str | None = None, version: int | None = None
    ) -> None:
        """Follow the alias, or serve the fixed version; exactly one of the two."""
        if (alias is None) == (version is None):
            raise ValueError("a deployment serves either an alias or a version")
        self._change("set_target", {"name": name, "alias": alias, "version": version})

    def delete(self, name: str) -> None:
        """With its rules, its history and its log."""
        row = {"name": name}

        def work(cursor: Any) -> None:
            if record(cursor, self._sql["delete"], row) is None:
                raise _unknown(name)
            for query in ("delete_rules", "delete_served", "delete_log"):
                cursor.execute(self._sql[query], row)

        self._database.write(work)

    def _change(self, query: str, params: dict[str, Any]) -> None:
        def work(cursor: Any) -> None:
            if record(cursor, self._sql[query], params) is None:
                raise _unknown(params["name"])

        self._database.write(work)

    def depends_on_dataset(self, dataset: str) -> tuple[str, ...]:
        """Names of the deployments that now serve a model trained on any version of it."""
        with self._database.reader() as cursor:
            rows = records(cursor, self._sql["depends_on_dataset"], {"dataset": dataset})
        return tuple(r["name"] for r in rows)


def _unknown(name: str) -> NotFoundError:
    return NotFoundError("There is no deployment called “{name}”.", name=name)


def _made(row: dict[str, Any]) -> Deployment:
    return Deployment(
        name=row["name"],
        model=row["model"],
        status=DeploymentStatus(row["status"]),
        created_at=moment(row["created_at"]),
        alias=row["alias"],
        version=row["version"],
    )
