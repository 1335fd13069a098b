"""The budget's clock: it started with the click, before this process existed."""

from __future__ import annotations

import time
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Clock:
    """Wall clock of one run, in seconds. The promise is `budget_s` from `clicked_at`.

    `before_s` is what a run that goes on has used already.
    """

    clicked_at: float
    budget_s: float
    before_s: float = 0.0

    def now(self) -> float:
        """Seconds since the click."""
        return time.time() - self.clicked_at

    def at(self) -> float:
        """Seconds of the whole run, for people: what it used before it went on counts too."""
        return self.before_s + self.now()

    def left(self) -> float:
        return self.budget_s - self.now()

    def share(self) -> float:
        """The part of the budget used up, 0..1."""
        return min(1.0, max(0.0, self.now() / self.budget_s))
