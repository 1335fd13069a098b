"""How often endpoints answered with an error: counted in memory, for as long as the process."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

MINUTE_S = 60
KEPT_MINUTES = 7 * 24 * 60
MOST_ENDPOINTS = 1000


@dataclass(frozen=True, slots=True)
class Refused:
    """`count` errors of one HTTP status in the span that begins `at`."""

    at: datetime
    status: int
    count: int


class Refusals:
    """Thread-safe. The last week by minute, but nothing from before `began`."""

    def __init__(self) -> None:
        self.began = datetime.now(UTC)
        self._lock = threading.Lock()
        self._minutes: dict[str, dict[int, Counter[int]]] = {}

    def add(self, endpoint: str, status: int) -> None:
        minute = int(time.time()) // MINUTE_S
        with self._lock:
            if endpoint not in self._minutes and len(self._minutes) >= MOST_ENDPOINTS:
                return
            minutes = self._minutes.setdefault(endpoint, {})
            minutes.setdefault(minute, Counter())[status] += 1
            while len(minutes) > KEPT_MINUTES:
                del minutes[next(iter(minutes))]

    def since(self, endpoint: str, since: datetime, step_s: int) -> Sequence[Refused]:
        """In spans of `step_s` seconds, a multiple of a minute."""
        first = int(since.timestamp()) // MINUTE_S
        found: Counter[tuple[int, int]] = Counter()
        with self._lock:
            for minute, counts in self._minutes.get(endpoint, {}).items():
                if minute >= first:
                    at = minute * MINUTE_S // step_s * step_s
                    for status, count in counts.items():
                        found[at, status] += count
        return [
            Refused(datetime.fromtimestamp(at, UTC), status, count)
            for (at, status), count in sorted(found.items())
        ]
