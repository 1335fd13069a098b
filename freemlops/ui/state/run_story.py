"""A run told by its events: the score over time, and the log in words."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from freemlops.domain.metric import METRICS
from freemlops.domain.run import Event, EventKind, Phase
from freemlops.domain.words import Message

LOG_LINES = 200


@dataclass(frozen=True, slots=True)
class LogLine:
    """`at_s` counts from the start of the run."""

    at_s: float
    message: Message | Phase


@dataclass(slots=True)
class RunStory:
    """Fed with events in order, each once. `best` holds (seconds, score) where it improved, by
    the test rows as on the board: what the search sees of its folds is no match for it."""

    metric: str
    seen: int = 0
    tried: int = 0
    best: list[tuple[float, float]] = field(default_factory=list)
    log: deque[LogLine] = field(default_factory=lambda: deque(maxlen=LOG_LINES))
    last_s: float = 0.0

    def take(self, events: Iterable[Event]) -> bool:
        """Add what is new; True when anything was."""
        before = self.seen
        for event in events:
            if event.seq <= self.seen:
                continue
            self.seen = event.seq
            self.last_s = max(self.last_s, event.at_s)
            self._add(event)
        return self.seen != before

    def _add(self, event: Event) -> None:
        if event.kind is EventKind.TRIAL:
            self.tried += 1
        elif event.kind is EventKind.LOG:
            self.log.append(LogLine(event.at_s, Message.from_json(event.data)))
        elif event.kind is EventKind.PHASE and event.data.get("phase") in set(Phase):
            phase = Phase(event.data["phase"])
            if not any(line.message is phase for line in self.log):
                self.log.append(LogLine(event.at_s, phase))
        elif event.kind is EventKind.CANDIDATE and event.data.get("family") != "constant":
            score = (event.data.get("holdout") or {}).get(self.metric) or {}
            if score.get("value") is not None:
                self._improve(event.at_s, float(score["value"]))

    def _improve(self, at_s: float, score: float) -> None:
        if not math.isfinite(score):
            return
        higher = METRICS[self.metric].higher_is_better
        if not self.best or ((score > self.best[-1][1]) is higher and score != self.best[-1][1]):
            self.best.append((at_s, score))
