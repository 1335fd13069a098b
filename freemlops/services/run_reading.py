"""What there is to read of runs."""

from __future__ import annotations

from freemlops.domain.errors import NotFoundError
from freemlops.domain.learning import LearningCurve
from freemlops.domain.model import Artifact, Signature
from freemlops.domain.page import Page
from freemlops.domain.ranking import rank
from freemlops.domain.run import Candidate, Event, Run, Trial
from freemlops.services.going_on import time_left, used_by, why_not
from freemlops.warehouse.warehouse import Warehouse


class RunReading:
    """The part of the run service that changes nothing."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse
        self._store = warehouse.runs

    def get(self, run: str) -> Run:
        return self._store.get(run)

    def latest(self, limit: int = 50, cursor: str | None = None) -> Page[Run]:
        return self._store.latest(limit, cursor)

    def candidates(self, run: str) -> tuple[Candidate, ...]:
        """The leaderboard: the run's best, then the others by its metric on the holdout."""
        found = self._store.get(run)
        return rank(self._store.candidates(run), found.spec.metric, found.best)

    def trials(self, run: str) -> tuple[Trial, ...]:
        return self._store.trials(run)

    def events(self, run: str, after: int = 0, limit: int = 1000) -> tuple[Event, ...]:
        return self._store.events(run, after, limit)

    def learning(self, run: str) -> LearningCurve | None:
        """How good the winner is with fewer rows; None when that was not drawn, or only of an
        earlier winner, before the run went on."""
        best, made = self._store.get(run).best, self._store.learning(run)
        return made if made is not None and made.candidate == best else None

    def signature(self, run: str) -> Signature:
        return self._store.signature(run)

    def artifact(self, run: str, candidate: str, format: str) -> tuple[Artifact, bytes]:
        """A stored export of a candidate, its checksum verified."""
        found = self._store.artifacts(run, candidate).get(format)
        if found is None:
            raise NotFoundError(
                "This candidate has no export in the format “{format}”.", format=format
            )
        return found, self._warehouse.artifacts.read(found.sha256)

    def can_go_on(self, run: Run) -> bool:
        """Whether the run can be given more time, as far as its own row tells."""
        return why_not(run) is None

    def time_left(self, run: Run) -> float:
        """Seconds of an interrupted run's budget that it had not used."""
        return time_left(run, used_by(self._warehouse, run))
