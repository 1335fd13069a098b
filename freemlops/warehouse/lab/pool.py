"""Places for queries: a few run, a few wait, one process is started ahead."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from freemlops.domain.errors import UnavailableError
from freemlops.warehouse.lab import limits
from freemlops.warehouse.lab.child import Child

IDLE_S = 900.0
"""A prepared process that nobody uses is let go after this long: it holds some 80 MB."""


class Pool:
    """Thread-safe. Each child is for one query."""

    def __init__(self) -> None:
        self._places = threading.Semaphore(limits.AT_ONCE)
        self._waiting = 0
        self._lock = threading.Lock()
        self._spare: Child | None = None
        self._running: set[Child] = set()
        self._closed = False

    @contextmanager
    def child(self) -> Iterator[Child]:
        """A process of one's own. Raises `UnavailableError` when too many queries wait."""
        self._take_place()
        try:
            child = self._take_child()
            try:
                yield child
            finally:
                with self._lock:
                    self._running.discard(child)
                child.kill()
        finally:
            self._places.release()

    def warm(self) -> None:
        """Start the process of the next query ahead, so that it need not wait for imports."""
        with self._lock:
            if self._closed or (self._spare is not None and self._spare.alive):
                return
            self._spare = child = Child()
        timer = threading.Timer(IDLE_S, self._release, [child])
        timer.daemon = True
        timer.start()

    def cancel_all(self) -> None:
        with self._lock:
            running = list(self._running)
        for child in running:
            child.kill("cancelled")

    def close(self) -> None:
        with self._lock:
            self._closed = True
            spare, self._spare = self._spare, None
        self.cancel_all()
        if spare is not None:
            spare.discard()

    def _take_place(self) -> None:
        with self._lock:
            if self._closed or self._waiting >= limits.MOST_WAITING:
                raise _busy()
            self._waiting += 1
        try:
            if not self._places.acquire(timeout=limits.PATIENCE_S):
                raise _busy()
        finally:
            with self._lock:
                self._waiting -= 1

    def _take_child(self) -> Child:
        with self._lock:
            if self._closed:
                raise _busy()
            spare, self._spare = self._spare, None
            child = spare if spare is not None and spare.alive else Child()
            self._running.add(child)
        return child

    def _release(self, child: Child) -> None:
        with self._lock:
            if self._spare is not child:
                return
            self._spare = None
        child.discard()


def _busy() -> UnavailableError:
    return UnavailableError("Too many queries are waiting. Try again in a moment.")
