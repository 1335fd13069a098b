"""What went through an endpoint, in spans of time: for the charts of its page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from freemlops.domain.errors import NotFoundError
from freemlops.domain.logged import LoggedAnswer
from freemlops.services.prediction_log import PredictionLog, Traffic
from freemlops.services.refusals import Refused
from freemlops.warehouse.warehouse import Warehouse

MOST_ROWS: Final = 1_000
"""Of one request that are told; the others are in `lab.prediction_log`."""


@dataclass(frozen=True, slots=True)
class Flow:
    """From `since` to `until` in spans of `step_s` seconds; spans without requests are not there.

    `spans`: began, version, role, requests. `latencies`: began, p50_ms, p95_ms, p99_ms. `errors`
    in the same spans. `whole`: the figures of the time in all.
    """

    since: datetime
    until: datetime
    step_s: int
    spans: Sequence[dict[str, Any]]
    latencies: Sequence[dict[str, Any]]
    errors: Sequence[Refused]
    whole: Traffic

    @property
    def is_empty(self) -> bool:
        return not self.spans and not self.errors


@dataclass(frozen=True, slots=True)
class Beside:
    """The versions of an endpoint beside one another since `since`. `apart`: said, shadow_said,
    rows, where the shadow answered another class; `distance`: how far its numbers are off."""

    since: datetime
    whole: Traffic
    apart: Sequence[dict[str, Any]]
    distance: float | None


class TrafficService:
    """Blocking and thread-safe."""

    def __init__(self, warehouse: Warehouse, journal: PredictionLog) -> None:
        self._store = warehouse.predictions
        self._journal = journal

    def flow(self, name: str, minutes: int) -> Flow:
        """The last minutes of a deployment."""
        whole = self._journal.traffic(name, minutes)
        step = step_of(minutes)
        until = datetime.now(UTC)
        # whole spans alone: half of one at the beginning would look like a slow start
        began = int((until - timedelta(minutes=minutes)).timestamp()) // step * step + step
        since = datetime.fromtimestamp(began, UTC)
        return Flow(
            since=since,
            until=until,
            step_s=step,
            spans=self._store.spans(name, since, step),
            latencies=self._store.latencies(name, since, step),
            errors=self._journal.refusals.since(name, since, step),
            whole=whole,
        )

    def answered(self, name: str, request: str) -> tuple[LoggedAnswer, ...]:
        """What was answered to a request, row by row, and what each answer came from.

        Raises `NotFoundError` when it is not in the log (any more).
        """
        self._journal.flush()
        found = self._store.answered(name, request, MOST_ROWS)
        if not found:
            raise NotFoundError(
                "The log of “{name}” has no answer “{request}”. It may not have been logged, or "
                "was dropped when its days were over.",
                name=name,
                request=request,
            )
        return found

    def beside(self, name: str, *, numbers: bool, minutes: int = 7 * 24 * 60) -> Beside:
        """How the versions answered in the last week. `numbers`: whether they answer with some."""
        whole = self._journal.traffic(name, minutes)
        apart = [] if numbers else self._store.apart(name, whole.since)
        distance = self._store.distance(name, whole.since) if numbers else None
        return Beside(whole.since, whole, apart, distance)


def step_of(minutes: int) -> int:
    """Seconds of a span, so that there are some sixty to a hundred of them."""
    return next(s for limit, s in ((120, 60), (1440, 900), (10**9, 7200)) if minutes <= limit)
