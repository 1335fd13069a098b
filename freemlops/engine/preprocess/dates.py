"""Parts of a date by arithmetic on whole seconds, the same in numpy and in the exported graph.

Howard Hinnant, "chrono-compatible low-level date algorithms" (civil_from_days).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

DATE_PARTS = ("days", "year", "month", "day", "weekday", "yearday", "second")


class Arithmetic[V](Protocol):
    """The operations needed, over arrays or over names of graph values."""

    def add(self, a: V, b: V | float) -> V: ...

    def sub(self, a: V, b: V) -> V: ...

    def mul(self, a: V, b: float) -> V: ...

    def floor_div(self, a: V, b: float) -> V: ...


def civil_parts[V](seconds: V, on: Arithmetic[V]) -> Sequence[V]:
    """The `DATE_PARTS` of seconds since 1970, in UTC; the year's days count from March 1st."""
    add, sub, mul, div = on.add, on.sub, on.mul, on.floor_div
    day = div(seconds, 86400)
    z = add(day, 719468)
    era = div(z, 146097)
    doe = sub(z, mul(era, 146097))
    yoe = div(sub(add(sub(doe, div(doe, 1460)), div(doe, 36524)), div(doe, 146096)), 365)
    doy = sub(doe, sub(add(mul(yoe, 365), div(yoe, 4)), div(yoe, 100)))
    shifted = div(add(mul(doy, 5), 2), 153)
    of_month = add(sub(doy, div(add(mul(shifted, 153), 2), 5)), 1)
    carry = div(shifted, 10)
    month = sub(add(shifted, 3), mul(carry, 12))
    year = add(add(yoe, mul(era, 400)), carry)
    week = add(day, 3)
    weekday = sub(week, mul(div(week, 7), 7))
    return (day, year, month, of_month, weekday, doy, sub(seconds, mul(day, 86400)))


class ArrayArithmetic:
    """`Arithmetic` over float64 arrays; NaN stays NaN."""

    type Array = NDArray[np.float64]

    def add(self, a: Array, b: Array | float) -> Array:
        return a + b

    def sub(self, a: Array, b: Array) -> Array:
        return a - b

    def mul(self, a: Array, b: float) -> Array:
        return a * b

    def floor_div(self, a: Array, b: float) -> Array:
        return np.floor(a / b)
