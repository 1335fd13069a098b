"""What happened in a run: its event log, and the trials and candidates that come out of it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from freemlops.domain.learning import LearningCurve, LearningPoint
from freemlops.domain.model import Artifact
from freemlops.domain.run import Candidate, Event, EventKind, Score, Trial
from freemlops.warehouse.database import Database
from freemlops.warehouse.records import record, records
from freemlops.warehouse.run_rows import told
from freemlops.warehouse.run_writes import write_runs
from freemlops.warehouse.sql import queries


class History:
    """The part of the run store that grows with each event. Rows without primary keys: those
    made loading trials 4.5 times slower."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sql = queries("history")

    def add_events(self, run: str, events: Sequence[Event]) -> None:
        """Store the log, and the rows of trials and candidates with it, in one commit.

        A candidate that comes again replaces itself. Paths of artifact files are left out.
        """
        self._database.write_item(write_runs, told(run, events, {}))

    def events(self, run: str, after: int = 0, limit: int = 1000) -> tuple[Event, ...]:
        """In order, those with a larger `seq` than `after`."""
        params = {"run": run, "after": after, "limit": limit}
        with self._database.reader() as cursor:
            rows = records(cursor, self._sql["events"], params)
        return tuple(
            Event(EventKind(r["kind"]), r["at_s"], msgspec.json.decode(r["data"]), r["seq"])
            for r in rows
        )

    def last_event(self, run: str) -> tuple[int, float] | None:
        """Number and second of the last event; None when nothing has happened."""
        with self._database.reader() as cursor:
            row = record(cursor, self._sql["last_event"], {"run": run})
        return None if row is None else (row["seq"], row["at_s"])

    def trials(self, run: str) -> tuple[Trial, ...]:
        """In the order in which they were tried."""
        with self._database.reader() as cursor:
            rows = records(cursor, self._sql["trials"], {"run": run})
        return tuple(
            Trial(**{**r, "loss": _number(r["loss"]), "params": msgspec.json.decode(r["params"])})
            for r in rows
        )

    def candidates(self, run: str) -> tuple[Candidate, ...]:
        """In the order in which they came; ranking is the domain's."""
        with self._database.reader() as cursor:
            rows = records(cursor, self._sql["candidates"], {"run": run})
            scores = records(cursor, self._sql["metrics"], {"run": run})
        return board(rows, scores)

    def learning(self, run: str) -> LearningCurve | None:
        """None when it was not drawn."""
        with self._database.reader() as cursor:
            rows = records(cursor, self._sql["learning"], {"run": run})
        if not rows:
            return None
        points = (
            LearningPoint(r["rows"], Score(r["value"], r["low"], r["high"]), r["ahead"])
            for r in rows
        )
        return LearningCurve(rows[0]["candidate"], rows[0]["metric"], tuple(points))

    def set_ties(self, run: str, ids: Sequence[str]) -> None:
        """Exactly these candidates are as good as the best, within the noise."""
        params = {"run": run, "ids": list(ids)}
        self._database.write(lambda cursor: cursor.execute(self._sql["set_ties"], params) and None)

    def set_artifact(self, run: str, candidate: str, artifact: Artifact) -> None:
        """The candidate's file of that format; replaces an earlier one."""
        key = {"run": run, "candidate": candidate, "format": artifact.format}
        content = {"sha256": artifact.sha256, "size_bytes": artifact.size_bytes}

        def work(cursor: Any) -> None:
            cursor.execute(self._sql["drop_artifact"], key)
            cursor.execute(self._sql["add_artifact"], {**key, **content})

        self._database.write(work)

    def artifacts(self, run: str, candidate: str) -> dict[str, Artifact]:
        """By format; empty when nothing was exported."""
        with self._database.reader() as cursor:
            rows = records(cursor, self._sql["artifacts"], {"run": run, "candidate": candidate})
        return {r["format"]: Artifact(r["sha256"], r["format"], r["size_bytes"]) for r in rows}


def board(
    rows: Sequence[dict[str, Any]], scores: Sequence[dict[str, Any]]
) -> tuple[Candidate, ...]:
    """Candidates out of their rows and the rows of their metrics."""
    holdout: dict[str, dict[str, Score]] = {}
    for s in scores:
        made = Score(_number(s["value"]), _number(s["low"]), _number(s["high"]))
        holdout.setdefault(s["candidate"], {})[s["name"]] = made
    return tuple(_candidate(r, holdout.get(r["id"], {})) for r in rows)


def _candidate(row: dict[str, Any], holdout: Mapping[str, Score]) -> Candidate:
    members = msgspec.json.decode(row["members"], type=tuple[tuple[str, float], ...])
    params = msgspec.json.decode(row["params"])
    folds = tuple(_number(v) for v in row["folds"])
    return Candidate(
        **{**row, "folds": folds, "members": members, "params": params}, holdout=holdout
    )


def _number(stored: float | None) -> float:
    return math.nan if stored is None else stored
