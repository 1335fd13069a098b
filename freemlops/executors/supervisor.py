"""Holds the clock over one job: passes its events on, and kills it when it must end."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterable
from dataclasses import replace
from typing import Protocol

import structlog

from freemlops.domain.job import OnEvent, TrainJob
from freemlops.domain.run import Event, EventKind, RunStatus
from freemlops.domain.words import Message, say
from freemlops.executors.ledger import Ledger

log = structlog.get_logger(__name__)
TICK_S = 0.1
MEMORY_EVERY_S = 0.5
OVERTIME = 1.05
"""Killed when it is not done at this multiple of its budget…"""
GRACE_S = 0.4
"""…plus this, for the last event to arrive."""
FIRST_MODEL_S = 30.0
"""A run with nothing but the baseline yet gets this much more: some model beats none."""
STOP_S = 1.7
"""Asked to stop, it is killed after this, so that a person sees the end within 2 s."""


class Worker(Protocol):
    """A process somewhere that trains one job. No method blocks for long, and none raises when
    the process is gone."""

    @property
    def events(self) -> queue.SimpleQueue[Event | None]:
        """What it sent; None when there will be no more."""

    @property
    def alive(self) -> bool: ...
    @property
    def exit_code(self) -> int | None: ...
    @property
    def last_words(self) -> Iterable[str]:
        """The last lines of its log."""

    def train(self, job: TrainJob) -> None: ...

    def ask(self, reason: str) -> None:
        """`reason` is "stop" or "cancel"."""

    def kill(self) -> None: ...

    def memory(self) -> int:
        """Resident bytes, 0 when unknown."""


class Supervisor:
    """Delivers the events of one job in order, `done` last and once.

    They are numbered from 1, or from where those of a run ended that goes on.
    """

    def __init__(self, job: TrainJob, worker: Worker, on_event: OnEvent) -> None:
        self._job = job
        self._worker = worker
        self._on_event = on_event
        self._ledger = Ledger(job)
        self._seq = job.earlier.events if job.earlier else 0
        self._asked: tuple[str, float] | None = None
        self._abandoned = False
        self._memory_at = 0.0
        self._lock = threading.Lock()

    def ask(self, reason: str) -> None:
        """ "stop" or "cancel"; a later cancel wins over an earlier stop."""
        with self._lock:
            if self._asked is not None and (self._asked[0] == reason or reason == "stop"):
                return
            self._asked = (reason, time.monotonic())
        if reason == "cancel":
            self._worker.kill()
        else:
            self._worker.ask(reason)

    def abandon(self) -> None:
        """Kill it and deliver nothing more."""
        self._abandoned = True
        self._worker.kill()

    def run(self) -> None:
        """Blocks until the job is over and its `done` delivered."""
        self._worker.train(self._job)
        try:
            while True:
                try:
                    event = self._worker.events.get(timeout=TICK_S)
                except queue.Empty:
                    event = None
                    overdue = self._overdue()
                    if overdue is None:
                        continue
                    self._finish(overdue)
                    return
                if event is None:
                    self._finish(self._died())
                    return
                if self._pass_on(event):
                    return
                overdue = self._overdue()
                if overdue is not None:
                    self._finish(overdue)
                    return
        finally:
            self._worker.kill()

    def _pass_on(self, event: Event) -> bool:
        """True when it was the last."""
        if self._asked is not None and self._asked[0] == "cancel":
            return False  # the pipe ends in a moment, and the ledger says how
        self._ledger.note(event)
        self._deliver(event)
        return event.kind is EventKind.DONE

    def _deliver(self, event: Event) -> None:
        if self._abandoned:
            return
        self._seq += 1
        try:
            self._on_event(self._job.run, replace(event, seq=self._seq))
        except Exception:  # a listener's mistake must not leave the child without a supervisor
            log.exception("event_listener_failed", run=self._job.run, kind=event.kind)

    def _overdue(self) -> Message | None:
        """Why it must be killed now, in words for the receipt; None while it may go on."""
        if self._asked is not None:
            late = time.monotonic() - self._asked[1] > STOP_S
            return say("The model that was being trained was left.") if late else None
        budget = self._job.spec.budget_s
        used = time.time() - self._job.clicked_at
        limit = budget * OVERTIME + GRACE_S
        if used > limit and (self._ledger.candidates > 1 or used > limit + FIRST_MODEL_S):
            return say("The last step took too long and was ended, to keep the time promised.")
        return self._too_big()

    def _too_big(self) -> Message | None:
        most = self._job.memory_limit_bytes
        if most is None or time.monotonic() < self._memory_at:
            return None
        self._memory_at = time.monotonic() + MEMORY_EVERY_S
        used = self._worker.memory()
        if used <= most:
            return None
        return say(
            "The training needed more memory than it may use ({limit_mb} MB) and was ended.",
            limit_mb=most // 1024**2,
        )

    def _died(self) -> Message | None:
        if self._asked is not None or self._abandoned:
            return None
        log.error(
            "worker_died",
            run=self._job.run,
            exit_code=self._worker.exit_code,
            last_words="\n".join(self._worker.last_words),
        )
        return say("The training process ended unexpectedly, perhaps for lack of memory.")

    def _finish(self, reason: Message | None) -> None:
        self._worker.kill()
        status = RunStatus.FINISHED
        if self._asked is not None:
            status = RunStatus.CANCELLED if self._asked[0] == "cancel" else RunStatus.STOPPED
        self._deliver(self._ledger.done(status, reason))
