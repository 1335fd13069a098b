"""What a job's events have brought so far: enough to end a run whose process is gone."""

from __future__ import annotations

import time
from typing import Any

import msgspec

from freemlops.domain.job import Earlier, TrainJob
from freemlops.domain.ranking import rank
from freemlops.domain.run import Candidate, Event, EventKind, Phase, Receipt, RunStatus
from freemlops.domain.words import Message, say


class Ledger:
    """Fed with every event; makes the `done` event that the child could not send."""

    def __init__(self, job: TrainJob) -> None:
        earlier = job.earlier or Earlier(Receipt(0.0, 0.0))
        self._job = job
        self._earlier = earlier
        self._best = earlier.best
        self._board = {c.id: c for c in earlier.candidates}
        self._in_question = [earlier.best] if earlier.best else []
        self._tied = list(earlier.tied)
        self._trials = earlier.receipt.trials
        self._parts: dict[str, float] = {}
        self._phase: tuple[str, float] = (Phase.READ.value, earlier.receipt.used_s)
        self._libraries: dict[str, str] = {}
        self.candidates = len(earlier.candidates)

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
        """`status` holds when there is a candidate; without one the run failed for `reason`.

        A run that went on is never cancelled: what there was before stays.
        """
        used = time.time() - self._job.clicked_at
        now = self._earlier.receipt.used_s + used
        self._book(Phase.DONE.value, now)
        if status is RunStatus.CANCELLED and self._earlier.best:
            status = RunStatus.STOPPED
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
            used_s=round(used, 3),
            parts={k: round(v, 3) for k, v in self._parts.items()},
            trials=self._trials,
            left_out=left_out,
            notes=self._earlier.receipt.notes,
        ).after(self._earlier.receipt)
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
