"""What a run's events are in rows, before they wait for the writer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from freemlops.domain.learning import LearningCurve
from freemlops.domain.run import Candidate, Event, EventKind
from freemlops.warehouse.records import to_json

type Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RunWrite:
    """One thing to store of a run, made into rows before it waits for the writer."""

    run: str
    added: Row | None = None
    """The row of the run itself, when it is new."""
    events: Sequence[Row] = ()
    trials: Sequence[Row] = ()
    candidates: Mapping[str, Row] = field(default_factory=dict)
    """By their ids; one that is there already is replaced, its metrics too."""
    metrics: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    """By the ids of their candidates."""
    learning: Sequence[Row] = ()
    """The points of its learning curve; they replace those of an earlier one."""
    fields: Row = field(default_factory=dict)
    """What changes in the row of the run."""


def told(run: str, events: Sequence[Event], fields: Row) -> RunWrite:
    """What the events say, and the new state of the run. Paths of artifact files are left out."""
    data = [{k: v for k, v in event.data.items() if k != "artifacts"} for event in events]
    logged = [
        {"run": run, "seq": e.seq, "kind": e.kind.value, "at_s": e.at_s, "data": to_json(d)}
        for e, d in zip(events, data, strict=True)
    ]
    of = [(event.kind, d) for event, d in zip(events, data, strict=True)]
    candidates = {
        d["id"]: msgspec.convert({**d, "run": run}, Candidate, strict=False)
        for kind, d in of
        if kind is EventKind.CANDIDATE
    }
    return RunWrite(
        run,
        events=logged,
        trials=[_trial(run, d) for kind, d in of if kind is EventKind.TRIAL],
        candidates={name: _candidate(c) for name, c in candidates.items()},
        metrics={name: _metrics(c) for name, c in candidates.items()},
        learning=[row for kind, d in of if kind is EventKind.LEARNING for row in _points(run, d)],
        fields=fields,
    )


def _trial(run: str, data: Row) -> Row:
    row = {k: data[k] for k in ("number", "family", "loss", "fit_s", "at_s")}
    return {"run": run, **row, "params": to_json(data.get("params", {}))}


def _candidate(candidate: Candidate) -> Row:
    return {
        "run": candidate.run,
        "id": candidate.id,
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


def _metrics(candidate: Candidate) -> list[Row]:
    key = {"run": candidate.run, "candidate": candidate.id}
    return [
        {**key, "name": name, "value": score.value, "low": score.low, "high": score.high}
        for name, score in candidate.holdout.items()
    ]


def _points(run: str, data: Row) -> list[Row]:
    curve = msgspec.convert(data, LearningCurve, strict=False)
    key = {"run": run, "candidate": curve.candidate, "metric": curve.metric}
    return [
        {
            **key,
            "rows": point.rows,
            "value": point.score.value,
            "low": point.score.low,
            "high": point.score.high,
            "ahead": point.ahead,
        }
        for point in curve.points
    ]
