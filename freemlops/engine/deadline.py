"""The end of the budget, as those see it who do the last steps."""

from __future__ import annotations

import time

from freemlops.engine.families import Guard
from freemlops.engine.reporter import OUT_OF_TIME, Halted, Reporter

SPARE = 0.03
"""The part of the budget kept free at the very end, for whatever takes longer than it did."""


class Deadline:
    """How much time there is for last steps, and who ends a fit that takes too much of it."""

    def __init__(self, reporter: Reporter) -> None:
        self._reporter = reporter

    def left(self) -> float:
        """Seconds that may be planned with."""
        clock = self._reporter.clock
        return clock.left() - SPARE * clock.budget_s

    def guard(self, seconds: float = float("inf")) -> Guard:
        """Ends a fit by `Halted` after `seconds`, when the budget is all but over, or when
        somebody asks to end."""
        clock = self._reporter.clock
        rest = min(seconds, clock.left() - SPARE / 2 * clock.budget_s)
        last = self.until(time.monotonic() + rest)

        def check() -> None:
            self._reporter.check()
            last.check()

        return Guard(check)

    def until(self, ends: float) -> Guard:
        """Ends a fit by `Halted` at `ends` (`time.monotonic`), for who was asked to end already."""

        def check() -> None:
            if time.monotonic() > ends:
                raise Halted(OUT_OF_TIME)

        return Guard(check)
