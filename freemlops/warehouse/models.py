"""Registered models: versions that never change, aliases that move."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from freemlops.domain.errors import NotFoundError
from freemlops.domain.model import CHAMPION, Artifact, ModelVersion, Signature
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
    ) -> ModelVersion:
        """The next version of `model`, and `alias` moved to it in the same commit."""
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
            last = records(cursor, self._sql["last"], {"model": model})[0]["last"]
            version = (last or 0) + 1
            cursor.execute(self._sql["add"], {**row, "version": version})
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
        with self._database.reader() as cursor:
            rows = records(cursor, self._sql["versions"], {"model": model})
        if not rows:
            raise _unknown(model)
        return tuple(_made(r) for r in rows)

    def latest(self, limit: int = 50, cursor: str | None = None) -> Page[ModelVersion]:
        """The newest version of each model, newest first."""
        limit = paging.clamp(limit)
        with self._database.reader() as reader:
            rows = records(reader, self._sql["latest"], paging.place(cursor).params(limit))
        return paging.page(rows, limit, "model", lambda shown: [_made(r) for r in shown])

    def set_alias(self, model: str, alias: str, version: int) -> None:
        """Point `alias` at `version`, from wherever it pointed before."""
        self.get(model, version)  # versions are never deleted, so it stays there
        self._database.write(lambda cursor: self._point(cursor, model, alias, version))

    def _point(self, cursor: Cursor, model: str, alias: str, version: int) -> None:
        row = {"model": model, "alias": alias, "version": version}
        cursor.execute(self._sql["point"], {**row, "at": stamp(datetime.now(UTC))})


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
    )
