"""What was worked out once, kept while there is room. Thread-safe."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any

from freemlops.services.turns import Turns


class Kept:
    """The latest used values, at most `most` by the sum of their weights.

    Only for what never changes under its key. Whoever asks for the same at the same time waits
    for the first.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._weight = 0
        self._values: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._lock = threading.Lock()
        self._turns = Turns()

    def get[T](
        self, key: Hashable, make: Callable[[], T], weigh: Callable[[T], int] = lambda _value: 1
    ) -> T:
        """The value of `key`, made now when it is not there. One too heavy is not kept."""
        with self._turns.of(key):
            with self._lock:
                if key in self._values:
                    self._values.move_to_end(key)
                    value: T = self._values[key][0]
                    return value
            made = make()
            self._put(key, made, weigh(made))
            return made

    def _put(self, key: Hashable, value: Any, weight: int) -> None:
        with self._lock:
            self._values[key] = value, weight
            self._weight += weight
            while self._weight > self._most:
                self._weight -= self._values.popitem(last=False)[1][1]
