"""Where a number lies on a line, and the round numbers to write beside it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from freemlops.i18n import Translator

MOST = 1e300
"""What is larger is drawn here: a reach must be a number too."""
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Axis:
    """From `low` to `high`, never of no length; `labels` are the `ticks` as they are written."""

    label: str
    low: float
    high: float
    ticks: tuple[float, ...]
    labels: tuple[str, ...]

    def share(self, value: float) -> float:
        """0 at the low end, 1 at the high one; what lies beyond is put on the end."""
        return min(max((value - self.low) / (self.high - self.low), 0.0), 1.0)


def numbers(label: str, values: Iterable[float], t: Translator, *, also: float = math.nan) -> Axis:
    """As long as the finite `values` reach (and `also`), with a little room at both ends."""
    found = [min(max(v, -MOST), MOST) for v in (*values, also) if math.isfinite(v)]
    low, high = (min(found), max(found)) if found else (0.0, 1.0)
    reach = high - low
    if reach <= abs(high) * 1e-12:
        low, high = low - abs(low) * 0.05 - 1e-9, high + abs(high) * 0.05 + 1e-9
    else:
        low, high = low - 0.04 * reach, high + 0.04 * reach
    return _written(label, low, high, ticks(low, high), t.number)


def shares(label: str, t: Translator) -> Axis:
    """From nothing to all, in percent."""
    return _written(label, 0.0, 1.0, (0.0, 0.25, 0.5, 0.75, 1.0), t.percent)


def parts(label: str, most: float, t: Translator) -> Axis:
    """From nothing to a little over the share `most`, in percent as exact as its steps."""
    high = max(most, 1e-6) * 1.05
    marks = ticks(0.0, high)
    digits = 0 if all(abs(100 * m - round(100 * m)) < 1e-9 for m in marks) else 1
    return _written(label, 0.0, high, marks, lambda v: t.percent(v, digits))


def counts(label: str, most: float, t: Translator) -> Axis:
    """From 0 to a little over `most`."""
    high = max(most, 1.0) * 1.05
    marks = tuple(tick for tick in ticks(0.0, high) if tick.is_integer())
    return _written(label, 0.0, high, marks, lambda v: t.number(v, 0))


def _written(
    label: str, low: float, high: float, marks: tuple[float, ...], write: Callable[[float], str]
) -> Axis:
    return Axis(label, low, high, marks, tuple(write(mark) for mark in marks))


def ticks(low: float, high: float, most: int = 5) -> tuple[float, ...]:
    """At most `most` round numbers between the ends; none when the ends can't be divided."""
    reach = high - low
    if not math.isfinite(reach) or reach <= 0:
        return ()
    rough = reach / most
    size = 10.0 ** math.floor(math.log10(rough)) if rough > 1e-300 else 0.0
    step = next((size * s for s in _STEPS if size * s >= rough), 0.0)
    if step <= 0 or low + step == low:
        return ()
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    # rounded: 0.1 * 3 is not 0.3; with + 0.0 there is no minus nought
    digits = max(0, 2 - math.floor(math.log10(step)))
    made = (round(i * step, min(digits, 300)) + 0.0 for i in range(first, last + 1))
    return tuple(dict.fromkeys(tick for tick in made if low <= tick <= high))
