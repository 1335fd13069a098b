"""The budget's clock: it started with the click, before this process existed."""

from __future__ import annotations

import time
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Clock:
    """Wall clock of one run, in seconds. The promise is `budget_s` from `clicked_at`."""

    clicked_at: float
    budget_s: float

    def now(self) -> float:
        """Seconds since the click."""
        return time.time() - self.clicked_at

    def left(self) -> float:
        return self.budget_s - self.now()

    def share(self) -> float:
        """The part of the budget used up, 0..1."""
        return min(1.0, max(0.0, self.now() / self.budget_s))
