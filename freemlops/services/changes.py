"""Cheap counters that tell a page whether something it shows has changed."""

from __future__ import annotations

import threading
from collections import defaultdict


class Changes:
    """A version number a topic (`runs`, `run:<id>`, `datasets`, …), only ever growing.

    Writers bump after their write is committed; readers compare with the number they last
    saw. Thread-safe; nothing is kept but the numbers.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._everything = 0
        self._versions: defaultdict[str, int] = defaultdict(int)

    def version(self, topic: str) -> int:
        with self._lock:
            return self._versions.get(topic, 0) + self._everything

    def bump(self, *topics: str) -> None:
        with self._lock:
            for topic in topics:
                self._versions[topic] += 1

    def bump_all(self) -> None:
        """Everything may have changed."""
        with self._lock:
            self._everything += 1
