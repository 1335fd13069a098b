"""Slow work that somebody waits for a little at a time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Final

AT_A_TIME: Final = 2
KEPT_S: Final = 60.0
"""What is done and not asked for within this time is forgotten: it may have become untrue."""


@dataclass
class _Work:
    future: Future[Any]
    asked_at: float


class Preparing:
    """Each thing is made once however many ask for it, `AT_A_TIME` of them side by side, on
    threads that die with the process. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._turns = threading.Semaphore(AT_A_TIME)
        self._works: dict[Hashable, _Work] = {}

    def ask[T](self, key: Hashable, make: Callable[[], T], patience_s: float) -> T:
        """What `make` gives, once; the next who asks has it made anew.

        Raises what `make` raises, and `TimeoutError` when it is not there within `patience_s`: it
        goes on being made, for whoever asks again.
        """
        future = self._begun(key, make)
        try:
            made: T = future.result(patience_s)
        finally:
            if future.done():
                self._forget(key, future)
        return made

    def _begun(self, key: Hashable, make: Callable[[], Any]) -> Future[Any]:
        now = time.monotonic()
        with self._lock:
            stale = [
                k for k, w in self._works.items() if w.future.done() and now > w.asked_at + KEPT_S
            ]
            for old in stale:
                del self._works[old]
            if key in self._works:
                self._works[key].asked_at = now
                return self._works[key].future
            future: Future[Any] = Future()
            self._works[key] = _Work(future, now)
        threading.Thread(target=self._work, args=(future, make), daemon=True).start()
        return future

    def _work(self, future: Future[Any], make: Callable[[], Any]) -> None:
        with self._turns:
            try:
                future.set_result(make())
            except BaseException as error:  # else whoever waits for it would wait for ever
                future.set_exception(error)

    def _forget(self, key: Hashable, future: Future[Any]) -> None:
        with self._lock:
            if key in self._works and self._works[key].future is future:
                del self._works[key]
