"""What a run tells while it works: events, the heartbeat, and the receipt's figures."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
import numpy as np

from freemlops.domain.run import Event, EventKind, Phase, Receipt, Trial
from freemlops.domain.words import Message
from freemlops.engine.clock import Clock

HEARTBEAT_S = 0.7
OUT_OF_TIME = "time"
"""The reason of a `Halted` that nobody asked for."""


class Halted(BaseException):
    """Somebody asked to end, or the time for this step is over.

    No `Exception`: libraries that swallow those must not swallow this.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def fields(value: Any) -> dict[str, Any]:
    """The fields of a domain object as JSON values."""
    made: dict[str, Any] = plain(value)
    return made


def plain(value: Any) -> Any:
    """`value` with JSON types only: lists for tuples, Python's numbers for numpy's."""
    return msgspec.json.decode(msgspec.json.encode(value, enc_hook=_scalar))


def _scalar(value: Any) -> Any:
    if isinstance(value, np.generic):
        return value.item()
    raise NotImplementedError(type(value).__name__)


class Reporter:
    """Sends the events of one run, from any thread, in order."""

    def __init__(
        self,
        clock: Clock,
        emit: Callable[[Event], None],
        stop: Callable[[], str | None],
        threads: int = 2,
    ) -> None:
        self.clock = clock
        self.threads = threads
        self.left_out: list[Message] = []
        self.notes: list[Message] = []
        self.parts: dict[str, float] = {}
        self.trials = 0
        self._emit = emit
        self._stop = stop
        self._phase = Phase.READ
        self._since = 0.0
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._beat = threading.Thread(target=self._heartbeat, name="heartbeat", daemon=True)

    def start(self) -> None:
        self._beat.start()
        self.phase(Phase.READ)

    def send(self, kind: EventKind, data: Mapping[str, Any]) -> None:
        with self._lock:
            if not self._over.is_set():
                self._emit(Event(kind, round(self.clock.at(), 3), plain(data)))

    def phase(self, phase: Phase) -> None:
        """Enter `phase`; the time since the last call is booked on the phase before."""
        now = self.clock.now()
        self.parts[self._phase] = self.parts.get(self._phase, 0.0) + now - self._since
        self._phase, self._since = phase, now
        self._progress()

    def log(self, message: Message) -> None:
        self.send(EventKind.LOG, message.to_json())

    def leave_out(self, message: Message) -> None:
        """A line in the receipt: something that was planned and is not in the result."""
        if message not in self.left_out:
            self.left_out.append(message)
            self.log(message)

    def note(self, message: Message) -> None:
        """A line in the receipt's notes, said at once."""
        if message not in self.notes:
            self.notes.append(message)
            self.log(message)

    def take_back(self, *templates: str) -> None:
        """Notes of an earlier part of the run that hold no longer."""
        self.notes = [n for n in self.notes if n.template not in templates]

    def trial(self, trial: Trial) -> None:
        self.trials = trial.number
        self.send(EventKind.TRIAL, fields(trial))

    def check(self) -> None:
        """Raise `Halted` when a person asked to end; called wherever work can be left."""
        reason = self._stop()
        if reason:
            raise Halted(reason)

    def receipt(self) -> Receipt:
        self.phase(Phase.DONE)
        parts = {k: round(v, 3) for k, v in self.parts.items()}
        return Receipt(
            asked_s=self.clock.budget_s,
            used_s=round(self.clock.now(), 3),
            parts=parts,
            trials=self.trials,
            left_out=tuple(self.left_out),
            notes=tuple(self.notes),
        )

    def done(self, data: Mapping[str, Any]) -> None:
        """The last event; nothing is sent after it."""
        with self._lock:
            if not self._over.is_set():
                self._over.set()
                self._emit(Event(EventKind.DONE, round(self.clock.at(), 3), plain(data)))

    def _progress(self) -> None:
        progress = round(min(0.999, self.clock.share()), 4)
        self.send(EventKind.PHASE, {"phase": self._phase.value, "progress": progress})

    def _heartbeat(self) -> None:
        while not self._over.wait(HEARTBEAT_S):
            self._progress()
