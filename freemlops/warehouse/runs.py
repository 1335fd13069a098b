"""Runs: what was asked for, where it stands, and (from `History`) what happened."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from freemlops.domain.errors import NotFoundError
from freemlops.domain.model import Signature
from freemlops.domain.page import Page
from freemlops.domain.run import (
    Continued,
    Event,
    Phase,
    Receipt,
    Run,
    RunSpec,
    RunStatus,
    Split,
    SplitKind,
    Task,
)
from freemlops.domain.words import Message
from freemlops.warehouse import paging
from freemlops.warehouse.database import Database
from freemlops.warehouse.history import History
from freemlops.warehouse.records import from_json, moment, record, records, stamp, to_json
from freemlops.warehouse.run_rows import RunWrite, told
from freemlops.warehouse.run_writes import unknown_run, write_runs
from freemlops.warehouse.sql import queries

_PLAIN = ("status", "phase", "progress", "best")
_TIMES = ("started_at", "finished_at")
_VARIANTS = ("receipt", "plan", "libraries")
_JSONS = ("error", "signature")


class RunStore(History):
    """Thread-safe. A run that is not there is `NotFoundError`."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._runs = queries("runs")

    def add(self, run: Run) -> None:
        row = {**_spec_row(run.spec), **_state_row(run)}
        row |= {"id": run.id, "dataset_name": run.dataset_name}
        row |= {"notes": run.notes, "tags": list(run.tags), "starred": run.starred}
        row["created_at"] = stamp(run.created_at)
        self._database.write_item(write_runs, RunWrite(run.id, added=row))

    def update(self, run: str, **fields: Any) -> None:
        """Change fields of the state: status, phase, progress, started_at, finished_at, best,
        receipt, plan, libraries, error, signature."""
        self.record(run, (), **fields)

    def go_on(self, run: str, budget_s: float, continued: Continued | None) -> None:
        """The run waits for its turn again; `budget_s` is all that was asked for so far."""
        self._write(run, _waiting(budget_s, continued))

    def give_back(self, run: Run) -> None:
        """Everything as it was before the run was asked to go on."""
        fields = _waiting(run.spec.budget_s, run.continued)
        self._write(run.id, fields | _state_row(run))

    def _write(self, run: str, row: dict[str, Any]) -> None:
        self._database.write_item(write_runs, told(run, (), row))

    def record(self, run: str, events: Sequence[Event], **fields: Any) -> None:
        """`add_events` and `update` in one commit: the state never says more than the log."""
        row = {name: _stored(name, value) for name, value in fields.items()}
        self._database.write_item(write_runs, told(run, events, row))

    def get(self, run: str) -> Run:
        with self._database.reader() as cursor:
            row = record(cursor, self._runs["get"], {"id": run})
        if row is None:
            raise unknown_run(run)
        return _made(row)

    def many(self, runs: Sequence[str]) -> tuple[Run, ...]:
        """Those of them that are there, in the given order."""
        with self._database.reader() as cursor:
            rows = records(cursor, self._runs["many"], {"ids": list(runs)})
        made = {r["id"]: _made(r) for r in rows}
        return tuple(made[run] for run in dict.fromkeys(runs) if run in made)

    def latest(self, limit: int = 50, cursor: str | None = None) -> Page[Run]:
        """Newest first."""
        limit = paging.clamp(limit)
        with self._database.reader() as reader:
            rows = records(reader, self._runs["latest"], paging.place(cursor).params(limit))
        return paging.page(rows, limit, "id", lambda shown: [_made(r) for r in shown])

    def unfinished(self) -> tuple[Run, ...]:
        """Queued or running, oldest first."""
        statuses = [s.value for s in RunStatus if not s.is_over]
        with self._database.reader() as cursor:
            rows = records(cursor, self._runs["unfinished"], {"statuses": statuses})
        return tuple(_made(r) for r in rows)

    def newest_before(self, spec: RunSpec) -> Run | None:
        """The newest finished run of the same question on an earlier version of its dataset."""
        params = {
            "dataset": spec.dataset,
            "version": spec.version,
            "target": spec.target,
            "task": spec.task.value,
            "metric": spec.metric,
            "status": RunStatus.FINISHED.value,
        }
        with self._database.reader() as cursor:
            row = record(cursor, self._runs["newest_before"], params)
        return None if row is None else _made(row)

    def signature(self, run: str) -> Signature:
        """What the run's models take and give; not there until its plan has been made."""
        with self._database.reader() as cursor:
            row = record(cursor, self._runs["signature"], {"id": run})
        if row is None:
            raise unknown_run(run)
        if row["signature"] is None:
            raise NotFoundError("This run has not looked at its data yet.")
        return from_json(row["signature"], Signature)


def _stored(name: str, value: Any) -> Any:
    if name in _TIMES:
        return stamp(value)
    if name in _VARIANTS or name in _JSONS:
        return None if value is None else to_json(value)
    if name in _PLAIN:
        return value.value if isinstance(value, RunStatus | Phase) else value
    raise TypeError(f"a run has no changeable field {name}")


def _state_row(run: Run) -> dict[str, Any]:
    names = (*_PLAIN, *_TIMES, *_VARIANTS, "error")
    return {name: _stored(name, getattr(run, name)) for name in names}


def _spec_row(spec: RunSpec) -> dict[str, Any]:
    return {
        "dataset": spec.dataset,
        "dataset_version": spec.version,
        "name": spec.name,
        "target": spec.target,
        "task": spec.task.value,
        "metric": spec.metric,
        "budget_s": spec.budget_s,
        "split_kind": spec.split.kind.value,
        "split_column": spec.split.column,
        "exclude": list(spec.exclude),
        "seed": spec.seed,
        "max_trials": spec.max_trials,
    }


def _spec(row: dict[str, Any]) -> RunSpec:
    return RunSpec(
        dataset=row["dataset"],
        version=row["dataset_version"],
        target=row["target"],
        task=Task(row["task"]),
        metric=row["metric"],
        budget_s=row["budget_s"],
        split=Split(SplitKind(row["split_kind"]), row["split_column"]),
        exclude=tuple(row["exclude"]),
        seed=row["seed"],
        max_trials=row["max_trials"],
        name=row["name"],
    )


def _made(row: dict[str, Any]) -> Run:
    return Run(
        id=row["id"],
        spec=_spec(row),
        dataset_name=row["dataset_name"],
        status=RunStatus(row["status"]),
        phase=Phase(row["phase"]),
        progress=row["progress"],
        created_at=moment(row["created_at"]),
        started_at=moment(row["started_at"]) if row["started_at"] else None,
        finished_at=moment(row["finished_at"]) if row["finished_at"] else None,
        best=row["best"],
        receipt=from_json(row["receipt"], Receipt) if row["receipt"] else None,
        plan=msgspec.json.decode(row["plan"] or "{}"),
        libraries=msgspec.json.decode(row["libraries"] or "{}"),
        error=from_json(row["error"], Message) if row["error"] else None,
        notes=row["notes"],
        tags=tuple(row["tags"]),
        starred=row["starred"],
        continued=_continued(row),
    )


def _continued(row: dict[str, Any]) -> Continued | None:
    if row["continued_at"] is None:
        return None
    return Continued(moment(row["continued_at"]), row["continued_s"], row["used_before_s"])


def _waiting(budget_s: float, continued: Continued | None) -> dict[str, Any]:
    """A run's row while it waits to go on."""
    return {
        "status": RunStatus.QUEUED.value,
        "phase": Phase.WAITING.value,
        "progress": 0.0,
        "finished_at": None,
        "error": None,
        "budget_s": budget_s,
        "continued_at": stamp(continued.at) if continued else None,
        "continued_s": continued.budget_s if continued else None,
        "used_before_s": continued.used_s if continued else None,
    }
