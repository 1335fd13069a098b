"""Keeps the search's best trials while it goes on: what a killed run needs to go on."""

from __future__ import annotations

from freemlops.domain.run import EventKind
from freemlops.engine.board import Board
from freemlops.engine.memory import search_memory
from freemlops.engine.pool import Pool
from freemlops.engine.reporter import Reporter

MOST = 24
"""Trials that are kept."""
EVERY = 0.01
"""At most this often, of the budget…"""
LEAST_S = 2.0
"""…with so many seconds between…"""
COST = 50.0
"""…which are so many times those that it takes."""


class Checkpoints:
    """Of one run's search."""

    def __init__(self, board: Board, reporter: Reporter) -> None:
        self._board = board
        self._reporter = reporter
        self._due = 0.0

    def keep_if_due(self, pool: Pool) -> None:
        if self._reporter.clock.now() > self._due:
            self.keep(pool)

    def keep(self, pool: Pool) -> None:
        """Keep the best trials of `pool`, should the run be killed or given more time."""
        if not pool.count:
            return
        clock = self._reporter.clock
        begun = clock.now()
        artifacts = self._board.remember("search", search_memory(pool.best(MOST)))
        if artifacts:
            self._reporter.send(EventKind.MEMORY, {"artifacts": artifacts})
        took = clock.now() - begun
        self._due = clock.now() + max(LEAST_S, EVERY * clock.budget_s, COST * took)
