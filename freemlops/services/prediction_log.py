"""The prediction log: notes taken at once, written in batches by a thread of its own."""

from __future__ import annotations

import threading
import time
import zlib
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import msgspec
import structlog

from freemlops.domain.model import DeploymentRules
from freemlops.services.refusals import Refusals, Refused
from freemlops.serving.model import PredictionAnswer
from freemlops.serving.route import Served
from freemlops.warehouse.predictions import SCHEMA
from freemlops.warehouse.warehouse import Warehouse

log = structlog.get_logger(__name__)

PREDICTION_COLUMNS = tuple(SCHEMA)
_encode = msgspec.json.Encoder().encode
EVERY_S = 0.5
MOST_REQUESTS = 20_000
MOST_BYTES = 64 * 1024**2
"""Notes that wait. More are dropped and counted: a prediction is never late for its note."""
BATCH = 2_000
EXPIRE_EVERY_S = 3600.0


@dataclass(frozen=True, slots=True)
class Traffic:
    """What an endpoint answered since `since`, from its log. Errors are counted in memory, since
    `errors_since`, the start of this process."""

    since: datetime
    versions: Sequence[dict[str, Any]]
    minutes: Sequence[dict[str, Any]]
    compared: int
    same: int
    dropped: int
    errors: Sequence[Refused] = ()
    errors_since: datetime | None = None


class PredictionLog:
    """A `Journal`. Thread-safe. Notes reach the disk within a second; a kill -9 loses those of
    the last one. `beside` is called after each batch, off the path of requests."""

    def __init__(
        self,
        warehouse: Warehouse,
        beside: Callable[[], None] = lambda: None,
    ) -> None:
        self._store = warehouse.predictions
        self._beside = beside
        self.refusals = Refusals()
        self._waiting: deque[tuple[datetime, Served]] = deque()
        self._bytes = 0
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._writing = threading.Lock()
        self.dropped = 0
        """Notes that were dropped since the start, because too many waited or the write failed."""
        self._expired_at = 0.0
        self._thread = threading.Thread(target=self._loop, name="prediction-log", daemon=True)
        self._thread.start()

    def note(self, served: Served) -> None:
        rules = served.route.rules
        if not _is_drawn(served.answer.request_id, rules.log_share):
            return
        with self._lock:
            full = len(self._waiting) >= MOST_REQUESTS or self._bytes + served.size > MOST_BYTES
            if full:
                self.dropped += 1
            else:
                self._waiting.append((datetime.now(UTC), served))
                self._bytes += served.size

    def refuse(self, endpoint: str, status: int) -> None:
        self.refusals.add(endpoint, status)

    def _loop(self) -> None:
        while not self._closing.wait(EVERY_S):
            self.flush()
            try:
                self._beside()
                self._expire()
            except Exception as error:  # the thread must live on
                log.error("prediction_log_upkeep", problem=str(error))
        self.flush()

    def flush(self) -> None:
        """Write what waits, now. A write that fails is counted, and logged."""
        with self._writing:
            while batch := self._next():
                try:
                    self._store.add(_columns(batch))
                except Exception as error:
                    self.dropped += len(batch)
                    log.error("predictions_not_logged", requests=len(batch), problem=str(error))

    def _next(self) -> list[tuple[datetime, Served]]:
        with self._lock:
            batch = [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]
            self._bytes -= sum(served.size for _, served in batch)
        return batch

    def _expire(self) -> None:
        if time.monotonic() - self._expired_at > EXPIRE_EVERY_S or not self._expired_at:
            self._expired_at = time.monotonic()
            self._store.expire(DeploymentRules().log_days)

    def traffic(self, name: str, minutes: int = 60) -> Traffic:
        """The last minutes of a deployment."""
        self.flush()
        since = datetime.now(UTC) - timedelta(minutes=minutes)
        compared, same = self._store.agreement(name, since)
        return Traffic(
            since,
            self._store.traffic(name, since),
            self._store.minutes(name, since),
            compared,
            same,
            self.dropped,
            self.refusals.since(name, since, 60),
            self.refusals.began,
        )

    def close(self) -> None:
        """Write what waits, end the thread. Safe to call twice."""
        self._closing.set()
        self._thread.join()


def _is_drawn(request_id: str, share: float) -> bool:
    """The same for an answer and its shadow."""
    return share >= 1 or zlib.crc32(f"log {request_id}".encode()) / 2**32 < share


def _columns(batch: Sequence[tuple[datetime, Served]]) -> dict[str, list[Any]]:
    """The answered rows of the requests, column by column."""
    made: dict[str, list[Any]] = {name: [] for name in PREDICTION_COLUMNS}
    for at, served in batch:
        answer, model = served.answer, served.by.model
        values = answer.values
        n = len(values)
        same = {
            "deployment": served.route.endpoint,
            "model": model.model,
            "version": model.version,
            "role": served.by.role.value,
            "request": answer.request_id,
            "answered_at": at.replace(tzinfo=None),
            "took_ms": served.took_s * 1000,
            "api_key": served.key,
        }
        for name, value in same.items():
            made[name] += [value] * n
        made["row_number"] += range(n)
        made["prediction"] += map(_text, values)
        made["probabilities"] += _probabilities(answer) or [None] * n
        made["decision"] += map(_text, cast(list[Any], answer.decisions) or [None] * n)
        made["warnings"] += map(len, answer.made.warnings or [()] * n)
        keep = served.route.rules.log_inputs
        made["inputs"] += map(_json, model.rows(served.table)) if keep else [None] * n
    return made


def _probabilities(answer: PredictionAnswer) -> list[str] | None:
    chances, classes = answer.made.probabilities, answer.source.signature.classes
    if chances is None:
        return None
    return [_json(dict(zip(classes, row, strict=True))) for row in chances.tolist()]


def _json(value: Any) -> str:
    return _encode(value).decode()


def _text(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else _json(value)
