"""What a job's events have brought so far: enough to end a run whose process is gone."""

from __future__ import annotations

import time
from typing import Any

import msgspec

from freemlops.domain.job import TrainJob
from freemlops.domain.ranking import rank
from freemlops.domain.run import Candidate, Event, EventKind, Phase, Receipt, RunStatus
from freemlops.domain.words import Message, say


class Ledger:
    """Fed with every event; makes the `done` event that the child could not send."""

    def __init__(self, job: TrainJob) -> None:
        self._job = job
        self._best: str | None = None
        self._board: dict[str, Candidate] = {}
        self._in_question: list[str] = []
        self._tied: list[str] = []
        self._trials = 0
        self._left_out: list[Message] = []
        self._parts: dict[str, float] = {}
        self._phase: tuple[str, float] = (Phase.READ.value, 0.0)
        self._libraries: dict[str, str] = {}
        self.candidates = 0

    def note(self, event: Event) -> None:
        match event.kind:
            case EventKind.PLAN:
                self._libraries = dict(event.data.get("libraries") or {})
            case EventKind.CANDIDATE:
                self.candidates += 1
                data = {k: v for k, v in event.data.items() if k != "artifacts"}
                made = msgspec.convert({**data, "run": self._job.run}, Candidate, strict=False)
                if made.id not in self._board:
                    self._in_question.append(made.id)
                self._board[made.id] = made
            case EventKind.BEST:
                self._best = str(event.data["candidate"])
                self._in_question = [self._best]
                self._tied = list(event.data.get("tied", []))
            case EventKind.TRIAL:
                self._trials = int(event.data["number"])
            case EventKind.PHASE:
                self._book(str(event.data["phase"]), event.at_s)
            case _:
                pass

    def done(self, status: RunStatus, reason: Message | None) -> Event:
        """`status` holds when there is a candidate; without one the run failed for `reason`."""
        now = time.time() - self._job.clicked_at
        self._book(Phase.DONE.value, now)
        best = None if status is RunStatus.CANCELLED else self._leader()
        tied = self._tied if best == self._best else []
        data: dict[str, Any] = {"best": best, "tied": tied if best else []}
        if status is not RunStatus.CANCELLED and best is None:
            status = RunStatus.CANCELLED if status is RunStatus.STOPPED else RunStatus.FAILED
        left_out = (reason,) if reason is not None and best is not None else ()
        if status is RunStatus.FAILED:
            data["error"] = (reason or say("The training ended without a model.")).to_json()
        receipt = Receipt(
            asked_s=self._job.spec.budget_s,
            used_s=round(now, 3),
            parts={k: round(v, 3) for k, v in self._parts.items()},
            trials=self._trials,
            left_out=left_out,
        )
        data |= {
            "status": status.value,
            "receipt": msgspec.to_builtins(receipt),
            "libraries": self._libraries,
        }
        return Event(EventKind.DONE, round(now, 3), data)

    def _leader(self) -> str | None:
        """The last `best`, unless a candidate that came after it is ahead of it."""
        board = rank((self._board[n] for n in self._in_question), self._job.spec.metric)
        return board[0].id if board else None

    def _book(self, phase: str, at_s: float) -> None:
        name, since = self._phase
        if phase != name:
            self._parts[name] = self._parts.get(name, 0.0) + at_s - since
            self._phase = (phase, at_s)
