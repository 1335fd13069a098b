"""Turns a run's events into rows: the history, the leaderboard, the artifacts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import structlog

from freemlops.domain.errors import FreeMLOpsError
from freemlops.domain.explanation import TESTED
from freemlops.domain.holdout import PREDICTIONS
from freemlops.domain.job import MEMORY, SEARCH
from freemlops.domain.model import Artifact, Signature
from freemlops.domain.ranking import rank
from freemlops.domain.run import Event, EventKind, Phase, Receipt, RunStatus
from freemlops.domain.words import Message, say
from freemlops.services.changes import Changes
from freemlops.warehouse.warehouse import Warehouse

log = structlog.get_logger(__name__)


class Recorder:
    """Called on the trainer's thread, one event at a time for each run.

    Order matters in one place: a candidate's files are stored before the candidate is seen,
    so that whatever stands on the leaderboard can be downloaded and deployed.
    """

    def __init__(self, warehouse: Warehouse, changes: Changes) -> None:
        self._warehouse = warehouse
        self._store = warehouse.runs
        self._changes = changes
        self._problems: dict[str, Message] = {}

    def record(self, run: str, event: Event) -> bool:
        """Store what the event says; False when that cannot be done.

        A full disk is told by the run itself once there is room, and never ends the thread.
        """
        done = event.kind is EventKind.DONE
        try:
            if event.data.get("artifacts"):
                self._artifacts(run, event.data)
            told = self._told(run, event) if done else event
            self._store.record(run, [told], **self._fields(run, told))
            if event.data.get("tied") is not None:
                self._store.set_ties(run, tuple(event.data["tied"]))
        except FreeMLOpsError as error:
            log.error("event_not_stored", run=run, kind=event.kind, error=str(error))
            self._problems.setdefault(run, error.message)
            return False
        if done:
            self._problems.pop(run, None)
        self._changes.bump(f"run:{run}")
        return True

    def _told(self, run: str, done: Event) -> Event:
        """The end as the history can have it: its best is one that was stored, and the receipt
        says what kept others from being stored."""
        problem = self._problems.get(run)
        if problem is None:
            return done
        data = dict(done.data)
        spec = self._store.get(run).spec
        board = rank(self._store.candidates(run), spec.metric)
        if data.get("best") not in [None, *(c.id for c in board)]:
            data |= {"best": board[0].id if board else None, "tied": []}
            if not board:
                data |= {"status": RunStatus.FAILED.value, "error": problem.to_json()}
        lines = (say("Not everything could be stored while it trained."), problem)
        receipt = dict(data.get("receipt") or {})
        receipt["left_out"] = [*receipt.get("left_out", ()), *(m.to_json() for m in lines)]
        return replace(done, data=data | {"receipt": receipt})

    def _artifacts(self, run: str, data: Any) -> None:
        """Store the files; those of the best come again once it is trained on all rows."""
        candidate = data.get("id") or data.get("candidate") or SEARCH
        for format, file in data["artifacts"].items():
            if format == PREDICTIONS:
                self._warehouse.holdouts.put(run, candidate, Path(file["path"]))
                continue
            artifact = self._warehouse.artifacts.put(Path(file["path"]), format)
            before = self._store.artifacts(run, candidate).get(format)
            if format == "onnx":
                self._keep_tested(run, candidate, artifact)
            self._store.set_artifact(run, candidate, artifact)
            if before is not None and format == MEMORY:
                self._warehouse.artifacts.drop_unused([before.sha256])

    def _keep_tested(self, run: str, candidate: str, new: Artifact) -> None:
        """Keep the graph that the board's figures are of beside the one of all rows: only it has
        not seen the holdout, and what drives a model can only be measured on unseen rows."""
        known = self._store.artifacts(run, candidate)
        if "onnx" in known and TESTED not in known and known["onnx"].sha256 != new.sha256:
            self._store.set_artifact(run, candidate, replace(known["onnx"], format=TESTED))

    def _fields(self, run: str, event: Event) -> dict[str, Any]:
        data = event.data
        match event.kind:
            case EventKind.PLAN:
                plan = {k: v for k, v in data.items() if k not in ("signature", "libraries")}
                fields = {
                    "plan": plan,
                    "status": RunStatus.RUNNING,
                    "started_at": self._store.get(run).started_at or datetime.now(UTC),
                }
                if data.get("signature"):
                    fields["signature"] = msgspec.convert(data["signature"], Signature)
                return fields
            case EventKind.PHASE:
                return {
                    "status": RunStatus.RUNNING,
                    "phase": Phase(data["phase"]),
                    "progress": float(data["progress"]),
                }
            case EventKind.BEST:
                return {"best": data["candidate"]}
            case EventKind.DONE:
                return _ending(data)
            case _:
                return {}


def _ending(data: Any) -> dict[str, Any]:
    status = RunStatus(data["status"])
    error = data.get("error")
    if status is RunStatus.FAILED and not error:
        error = say("The training ended without a model.").to_json()
    fields: dict[str, Any] = {
        "status": status,
        "phase": Phase.DONE,
        "progress": 1.0,
        "finished_at": datetime.now(UTC),
        "best": data.get("best"),
        "error": Message.from_json(error) if error else None,
    }
    if data.get("receipt"):
        fields["receipt"] = msgspec.convert(data["receipt"], Receipt)
    if data.get("libraries"):
        fields["libraries"] = dict(data["libraries"])
    return fields
