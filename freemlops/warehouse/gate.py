"""A gate that many may pass at once, or one alone."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Gate:
    """Thread-safe. Who waits to be alone keeps newcomers out, so that the wait ends.

    Not reentrant: a thread inside must not pass again, for it might wait for itself.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._inside = 0
        self._taken = False

    def enter(self) -> None:
        with self._changed:
            self._changed.wait_for(lambda: not self._taken)
            self._inside += 1

    def leave(self) -> None:
        with self._changed:
            self._inside -= 1
            self._changed.notify_all()

    @contextmanager
    def shared(self) -> Iterator[None]:
        """Inside with others, as soon as nobody is alone."""
        self.enter()
        try:
            yield
        finally:
            self.leave()

    @contextmanager
    def alone(self, patience_s: float) -> Iterator[None]:
        """Inside with nobody else. Raises `TimeoutError` when the others do not leave in time."""
        with self._changed:
            free = self._changed.wait_for(lambda: not self._taken, patience_s)
            if not free:
                raise TimeoutError
            self._taken = True
            if not self._changed.wait_for(lambda: self._inside == 0, patience_s):
                self._taken = False
                self._changed.notify_all()
                raise TimeoutError
        try:
            yield
        finally:
            with self._changed:
                self._taken = False
                self._changed.notify_all()
