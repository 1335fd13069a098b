"""A helper's part of a search: the same workspace as the leader's, some of the families."""

from __future__ import annotations

import time
from collections.abc import Callable

from freemlops.domain.run import Event
from freemlops.engine.clock import Clock
from freemlops.engine.failure import failed
from freemlops.engine.flaml_adapter import Search
from freemlops.engine.party import Found, Help, Joined, News, Stumbled
from freemlops.engine.recall import recall
from freemlops.engine.reporter import OUT_OF_TIME, Halted, Reporter
from freemlops.engine.shared import LISTEN_S, digest
from freemlops.engine.workspace import open_workspace


def assist(
    order: Help,
    tell: Callable[[News], None],
    families: Callable[[], tuple[str, ...] | None],
    stop: Callable[[], str | None],
) -> None:
    """Search until the time is over or `stop` answers; `families` is None until it is known.

    Raises what keeps the data from being read: the leader has met the same.
    """
    job, name = order.job, order.name
    reporter = Reporter(Clock(job.clicked_at, job.spec.budget_s), _silent, stop)

    def check() -> None:
        reporter.check()
        if reporter.clock.left() <= 0:
            raise Halted(OUT_OF_TIME)

    def stumbled(family: str, error: Exception) -> None:
        tell(Stumbled(name, failed(family, error)))

    try:
        work = open_workspace(job, reporter)
        folds = work.folds()
        tell(Joined(name, digest(work.shape, folds)))
        while (share := families()) is None:
            check()
            time.sleep(LISTEN_S)
        recalled = recall(job)
        search = Search(
            families=share,
            folds=folds,
            shape=work.shape,
            metric=job.spec.metric,
            check=check,
            on_trial=lambda tried: tell(Found.wrap(name, tried)),
            on_failure=stumbled,
            starts=recalled.starts or (job.warmth.starts if job.warmth else {}),
        )
        for tried in recalled.known:
            search.learn(tried)
        search.run(reporter.clock.left(), None, job.spec.seed)
    except Halted:
        return


def _silent(_: Event) -> None:
    """A helper's reading is the leader's too, who tells of it."""
