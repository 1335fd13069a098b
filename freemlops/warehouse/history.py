"""What happened in a run: its event log, and the trials and candidates that come out of it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from freemlops.domain.model import Artifact
from freemlops.domain.run import Candidate, Event, EventKind, Score, Trial
from freemlops.warehouse.connection import Cursor
from freemlops.warehouse.database import Database
from freemlops.warehouse.records import records, to_json
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

        self._database.write(lambda cursor: self._add_events(cursor, run, events))

    def _add_events(self, cursor: Cursor, run: str, events: Sequence[Event]) -> None:
        told = [{k: v for k, v in event.data.items() if k != "artifacts"} for event in events]
        rows = {
            "run": run,
            "seq": [event.seq for event in events],
            "kind": [event.kind.value for event in events],
            "at_s": [event.at_s for event in events],
            "data": [to_json(data) for data in told],
        }
        cursor.execute(self._sql["add_events"], rows)
        for event, data in zip(events, told, strict=True):
            if event.kind is EventKind.TRIAL:
                self._add_trial(cursor, run, data)
            elif event.kind is EventKind.CANDIDATE:
                candidate = msgspec.convert({**data, "run": run}, Candidate, strict=False)
                self._add_candidate(cursor, candidate)

    def _add_trial(self, cursor: Cursor, run: str, data: Mapping[str, Any]) -> None:
        row = {k: data[k] for k in ("number", "family", "loss", "fit_s", "at_s")}
        params = to_json(data.get("params", {}))
        cursor.execute(self._sql["add_trial"], {"run": run, **row, "params": params})

    def _add_candidate(self, cursor: Cursor, candidate: Candidate) -> None:
        key = {"run": candidate.run, "id": candidate.id}
        cursor.execute(self._sql["drop_candidate"], key)
        cursor.execute(self._sql["drop_metrics"], key)
        row = {
            **key,
            "family": candidate.family,
            "folds": list(candidate.folds),
            "fit_s": candidate.fit_s,
            "latency_ms": candidate.latency_ms,
            "size_bytes": candidate.size_bytes,
            "tied_with_best": candidate.tied_with_best,
            "parity": candidate.parity,
            "parity_rows": candidate.parity_rows,
            "members": to_json(candidate.members),
            "params": to_json(candidate.params),
        }
        cursor.execute(self._sql["add_candidate"], row)
        scores = candidate.holdout.values()
        metrics = {
            "run": candidate.run,
            "candidate": candidate.id,
            "name": list(candidate.holdout),
            "value": [score.value for score in scores],
            "low": [score.low for score in scores],
            "high": [score.high for score in scores],
        }
        cursor.execute(self._sql["add_metrics"], metrics)

    def events(self, run: str, after: int = 0, limit: int = 1000) -> tuple[Event, ...]:
        """In order, those with a larger `seq` than `after`."""
        params = {"run": run, "after": after, "limit": limit}
        with self._database.reader() as cursor:
            rows = records(cursor, self._sql["events"], params)
        return tuple(
            Event(EventKind(r["kind"]), r["at_s"], msgspec.json.decode(r["data"]), r["seq"])
            for r in rows
        )

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
