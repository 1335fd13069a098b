"""Registered models: versions that never change, aliases that move."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from freemlops.domain.errors import ConflictError, NotFoundError
from freemlops.domain.model import (
    CHAMPION,
    Approval,
    Artifact,
    Imported,
    LineageLine,
    ModelVersion,
    Signature,
)
from freemlops.domain.page import Page
from freemlops.warehouse import paging
from freemlops.warehouse.connection import Cursor
from freemlops.warehouse.database import Database
from freemlops.warehouse.records import from_json, moment, record, records, stamp, to_json
from freemlops.warehouse.sql import queries


class ModelStore:
    """Thread-safe. What is asked for and not there is `NotFoundError`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sql = queries("models")

    def register(
        self,
        *,
        model: str,
        run: str,
        candidate: str,
        family: str,
        signature: Signature,
        metric: str,
        score: float,
        artifacts: Mapping[str, Artifact],
        alias: str | None = None,
        imported: Imported | None = None,
    ) -> ModelVersion:
        """The next version of `model`, and `alias` moved to it in the same commit.

        The number of a deleted version is not given again.
        """
        row = {
            "model": model,
            "run": run,
            "candidate": candidate,
            "family": family,
            "signature": to_json(signature),
            "artifacts": to_json(artifacts),
            "metric": metric,
            "score": score,
            "at": stamp(datetime.now(UTC)),
        }

        def work(cursor: Any) -> int:
            last = records(cursor, self._sql["last_ever"], {"model": model})[0]["last"]
            version = (last or 0) + 1
            cursor.execute(self._sql["add"], {**row, "version": version})
            if imported is not None:
                self._detail(cursor, model, version, imported=imported)
            if alias is not None:
                self._point(cursor, model, alias, version)
            return version

        return self.get(model, self._database.write(work))

    def get(self, model: str, version: int | None = None, alias: str | None = None) -> ModelVersion:
        """That version, else the alias's, else the champion or (without one) the newest."""
        with self._database.reader() as cursor:
            if version is None:
                version = self._pointed(cursor, model, alias)
            row = record(cursor, self._sql["get"], {"model": model, "version": version})
        if row is not None:
            return _made(row)
        raise NotFoundError(
            "The model “{model}” has no version {version}.", model=model, version=version
        )

    def _pointed(self, cursor: Cursor, model: str, alias: str | None) -> int:
        known = records(cursor, self._sql["last"], {"model": model})[0]["last"]
        if known is None:
            raise _unknown(model)
        found = record(cursor, self._sql["alias"], {"model": model, "alias": alias or CHAMPION})
        if found is not None:
            return int(found["version"])
        if alias is not None:
            raise NotFoundError(
                "The model “{model}” has no alias “{alias}”.", model=model, alias=alias
            )
        return int(known)

    def versions(self, model: str) -> tuple[ModelVersion, ...]:
        """All versions, newest first."""
        found = self.versions_or_none(model)
        if not found:
            raise _unknown(model)
        return found

    def versions_or_none(self, model: str) -> tuple[ModelVersion, ...]:
        """All versions, newest first; none for a model that is not there."""
        with self._database.reader() as cursor:
            rows = records(cursor, self._sql["versions"], {"model": model})
        return tuple(_made(r) for r in rows)

    def latest(self, limit: int = 50, cursor: str | None = None) -> Page[ModelVersion]:
        """The newest version of each model, newest first."""
        limit = paging.clamp(limit)
        with self._database.reader() as reader:
            rows = records(reader, self._sql["latest"], paging.place(cursor).params(limit))
        return paging.page(rows, limit, "model", lambda shown: [_made(r) for r in shown])

    def set_alias(self, model: str, alias: str, version: int) -> None:
        """Point `alias` at `version`, from wherever it pointed before."""

        def work(cursor: Any) -> None:
            self._there(cursor, model, version)
            self._point(cursor, model, alias, version)

        self._database.write(work)

    def drop_alias(self, model: str, alias: str) -> None:
        """Raises `NotFoundError`, and `ConflictError` while a deployment follows it."""

        def work(cursor: Any) -> None:
            key = {"model": model, "alias": alias}
            followers = [r["name"] for r in records(cursor, self._sql["follow"], key)]
            if followers:
                raise ConflictError(
                    "The deployment “{name}” follows this alias. Let it serve another one first.",
                    name=followers[0],
                )
            if record(cursor, self._sql["unpoint"], key) is None:
                raise NotFoundError(
                    "The model “{model}” has no alias “{alias}”.", model=model, alias=alias
                )

        self._database.write(work)

    def annotate(
        self,
        model: str,
        version: int,
        notes: str,
        tags: Sequence[str],
        approval: Approval | None,
    ) -> None:
        """What people say of the version, in place of what they said before."""

        def work(cursor: Any) -> None:
            self._there(cursor, model, version)
            self._detail(cursor, model, version, notes, tags, approval)

        self._database.write(work)

    def delete(self, model: str, version: int) -> None:
        """For good, with the aliases that point to it.

        Raises `NotFoundError`, and `ConflictError` while a deployment serves it.
        """

        def work(cursor: Any) -> None:
            key = {"model": model, "version": version}
            self._there(cursor, model, version)
            users = [r["name"] for r in records(cursor, self._sql["used_by"], key)]
            if users:
                raise ConflictError(
                    "The deployment “{name}” serves this version. Let it serve another one, or "
                    "delete it, first.",
                    name=users[0],
                )
            gone = record(cursor, self._sql["remove"], key)
            assert gone is not None
            cursor.execute(self._sql["remove_detail"], key)
            cursor.execute(self._sql["remove_aliases"], key)
            cursor.execute(self._sql["remove_threshold"], key)
            cursor.execute(self._sql["bury"], {**key, **gone, "at": stamp(datetime.now(UTC))})

        self._database.write(work)

    def lineage(self, limit: int = 200, **asked: Any) -> tuple[LineageLine, ...]:
        """Versions by any of model, version, run, dataset, dataset_version, deployment, request;
        newest first."""
        names = ("model", "version", "run", "dataset", "dataset_version", "deployment", "request")
        params = {name: asked.get(name) for name in names} | {"limit": limit}
        with self._database.reader() as cursor:
            return tuple(_line(r) for r in records(cursor, self._sql["lineage"], params))

    def _there(self, cursor: Any, model: str, version: int) -> None:
        """Asked within a write, so that nobody deletes it meanwhile."""
        if record(cursor, self._sql["get"], {"model": model, "version": version}) is None:
            raise NotFoundError(
                "The model “{model}” has no version {version}.", model=model, version=version
            )

    def _point(self, cursor: Cursor, model: str, alias: str, version: int) -> None:
        row = {"model": model, "alias": alias, "version": version}
        cursor.execute(self._sql["point"], {**row, "at": stamp(datetime.now(UTC))})

    def _detail(
        self,
        cursor: Any,
        model: str,
        version: int,
        notes: str = "",
        tags: Sequence[str] = (),
        approval: Approval | None = None,
        imported: Imported | None = None,
    ) -> None:
        row = {
            "model": model,
            "version": version,
            "notes": notes,
            "tags": list(tags),
            "approval": None if approval is None else to_json(approval),
            "imported": None if imported is None else to_json(imported),
        }
        cursor.execute(self._sql["add_detail"], row)


def _unknown(model: str) -> NotFoundError:
    return NotFoundError("There is no model “{model}”.", model=model)


def _made(row: dict[str, Any]) -> ModelVersion:
    return ModelVersion(
        model=row["model"],
        version=row["version"],
        run=row["run"],
        candidate=row["candidate"],
        family=row["family"],
        signature=from_json(row["signature"], Signature),
        metric=row["metric"],
        score=math.nan if row["score"] is None else row["score"],
        created_at=moment(row["created_at"]),
        artifacts=from_json(row["artifacts"], dict[str, Artifact]),
        aliases=tuple(row["aliases"] or ()),
        notes=row["notes"] or "",
        tags=tuple(row["tags"] or ()),
        approval=None if row["approval"] is None else from_json(row["approval"], Approval),
        imported=None if row["imported"] is None else from_json(row["imported"], Imported),
    )


def _line(row: dict[str, Any]) -> LineageLine:
    lists = {name: tuple(row[name] or ()) for name in ("aliases", "deployments")}
    imported = None if row["imported"] is None else from_json(row["imported"], Imported)
    return LineageLine(**{**row, **lists, "imported": imported})
