"""What an endpoint does besides answering with its main version, and what it served before."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from freemlops.domain.model import DeploymentRules, ServedVersion, Target
from freemlops.warehouse.database import Database
from freemlops.warehouse.records import moment, record, records, stamp
from freemlops.warehouse.sql import queries


class DeploymentRuleStore:
    """Thread-safe."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sql = queries("deployments")

    def get(self, name: str) -> DeploymentRules:
        """The rules of a deployment, those of a new one when none were set."""
        with self._database.reader() as cursor:
            row = record(cursor, self._sql["rules"], {"name": name})
        return DeploymentRules() if row is None else _made(row)

    def set(self, name: str, rules: DeploymentRules) -> None:
        challenger, shadow = rules.challenger or Target(), rules.shadow or Target()
        row = {
            "name": name,
            "challenger_alias": challenger.alias,
            "challenger_version": challenger.version,
            "share": rules.share,
            "by_key": rules.by_key,
            "shadow_alias": shadow.alias,
            "shadow_version": shadow.version,
            "needs_key": rules.needs_key,
            "log_share": rules.log_share,
            "log_inputs": rules.log_inputs,
            "log_days": rules.log_days,
        }
        self._database.write(lambda cursor: cursor.execute(self._sql["set_rules"], row) and None)

    def note_served(self) -> None:
        """Write down what each endpoint serves from now on, where that is not what it did."""
        at = stamp(datetime.now(UTC))

        def work(cursor: Any) -> None:
            cursor.execute(self._sql["note_served"], {"at": at})

        self._database.write(work)

    def served(self, name: str) -> tuple[ServedVersion, ...]:
        """Newest first."""
        with self._database.reader() as cursor:
            rows = records(cursor, self._sql["served"], {"name": name})
        return tuple(ServedVersion(r["version"], moment(r["since"]), r["deleted"]) for r in rows)


def _made(row: dict[str, Any]) -> DeploymentRules:
    return DeploymentRules(
        challenger=_target(row["challenger_alias"], row["challenger_version"]),
        share=row["share"],
        by_key=row["by_key"],
        shadow=_target(row["shadow_alias"], row["shadow_version"]),
        needs_key=row["needs_key"],
        log_share=row["log_share"],
        log_inputs=row["log_inputs"],
        log_days=row["log_days"],
    )


def _target(alias: str | None, version: int | None) -> Target | None:
    return None if alias is None and version is None else Target(alias, version)
