"""Counts what was answered, in the text format of Prometheus."""

from __future__ import annotations

import bisect
import os
import threading
from collections import Counter
from collections.abc import MutableMapping
from typing import Any

from freemlops.serving.asgi import App, Receive, Scope, Send
from freemlops.serving.route import Served

BOUNDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0)
"""Seconds."""


class Tally:
    """A `Journal` of numbers. Thread-safe. Each worker process counts its own."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._status: Counter[int] = Counter()
        self._slots = [0] * (len(BOUNDS) + 1)
        self._rows = 0
        self._seconds = 0.0

    def note(self, served: Served) -> None:
        with self._lock:
            self._slots[bisect.bisect_left(BOUNDS, served.took_s)] += 1
            self._rows += len(served.answer.made.values)
            self._seconds += served.took_s

    def refuse(self, endpoint: str, status: int) -> None:
        """Nothing: `counted` sees every answer."""

    def counted(self, app: App) -> App:
        """`app`, with the status of each of its answers counted."""

        async def count(scope: Scope, receive: Receive, send: Send) -> None:
            async def noted(message: MutableMapping[str, Any]) -> None:
                if message["type"] == "http.response.start":
                    with self._lock:
                        self._status[message["status"]] += 1
                await send(message)

            await app(scope, receive, noted)

        return count

    def text(self, model: str, version: int) -> str:
        """`worker` tells the processes behind one port apart: a call reaches any of them."""
        with self._lock:
            status, slots = dict(self._status), list(self._slots)
            rows, seconds = self._rows, self._seconds
        by = f'worker="{os.getpid()}"'
        lines = [
            "# TYPE freemlops_model_info gauge",
            f'freemlops_model_info{{{by},model="{model}",version="{version}"}} 1',
            "# TYPE freemlops_requests_total counter",
            *(f'freemlops_requests_total{{{by},status="{s}"}} {n}' for s, n in status.items()),
            "# TYPE freemlops_predictions_total counter",
            f"freemlops_predictions_total{{{by}}} {rows}",
            "# TYPE freemlops_predict_seconds histogram",
        ]
        total = 0
        for bound, count in zip((*map(str, BOUNDS), "+Inf"), slots, strict=True):
            total += count
            lines.append(f'freemlops_predict_seconds_bucket{{{by},le="{bound}"}} {total}')
        lines.append(f"freemlops_predict_seconds_sum{{{by}}} {seconds:.6f}")
        lines.append(f"freemlops_predict_seconds_count{{{by}}} {total}")
        return "\n".join(lines) + "\n"
