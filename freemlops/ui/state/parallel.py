"""Settings of trials as axes beside one another: where each value stands, from 0 to 1."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

WIDE: Final = 50
"""From so many times the least value on, an axis counts by powers."""
TAIL: Final = 0.05


@dataclass(frozen=True, slots=True)
class Axis:
    """A setting. `labels` are its values where they are no numbers; else it goes from `low` to
    `high`, downwards when `low` is the larger."""

    name: str
    low: float
    high: float
    logarithmic: bool = False
    labels: tuple[str, ...] = ()

    def place(self, value: Any) -> float | None:
        """From 0 to 1; None for what is not on the axis."""
        if self.labels:
            if value is None or str(value) not in self.labels:
                return None
            return self.labels.index(str(value)) / max(len(self.labels) - 1, 1)
        if not _is_number(value):
            return None
        low, high, at = self.low, self.high, float(value)
        if self.logarithmic:
            if at <= 0:
                return None
            low, high, at = math.log(low), math.log(high), math.log(at)
        return min(1.0, max(0.0, (at - low) / (high - low))) if high != low else 0.5


def axes(params: Sequence[Mapping[str, Any]]) -> tuple[Axis, ...]:
    """Of each setting that is not the same everywhere, in the order in which they come."""
    made = []
    for name in dict.fromkeys(n for p in params for n in p):
        values = [p[name] for p in params if p.get(name) is not None]
        if len({str(v) for v in values}) < 2:
            continue
        if all(_is_number(v) for v in values):
            low, high = float(min(values)), float(max(values))
            made.append(Axis(name, low, high, low > 0 and high / low >= WIDE))
        else:
            made.append(Axis(name, 0, 1, labels=tuple(sorted({str(v) for v in values}))))
    return tuple(made)


def score_range(scores: Sequence[float], *, higher_is_better: bool) -> tuple[float, float]:
    """What to show of the scores: all the good ones; of the bad ones those that are not far off.

    A first trial that fails badly would else press all others into one line.
    """
    ordered = sorted(scores)
    cut = int(len(ordered) * TAIL)
    low, high = ordered[0], ordered[-1]
    middle = ordered[len(ordered) // 2]
    if higher_is_better:
        near = high - 4 * max(high - middle, 1e-9)
        low = max(low, min(ordered[cut], near))
    else:
        near = low + 4 * max(middle - low, 1e-9)
        high = min(high, max(ordered[-1 - cut], near))
    pad = 0.06 * (high - low) or 0.01 * abs(high) or 0.01
    return low - pad, high + pad


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
