"""Moves a booster's thresholds to the float32 grid, so that float32 comparisons decide alike."""

from __future__ import annotations

import re

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

_THRESHOLDS = re.compile(r"^threshold=(.*)$", re.MULTILINE)
_SIZES = re.compile(r"^tree_sizes=.*\n", re.MULTILINE)


def snap(booster: lgb.Booster) -> lgb.Booster:
    """A booster that answers every float32 input as before, with thresholds of 24 bits.

    `x <= t` for a float32 `x` is the same as `x <= t` rounded down to float32.
    """
    text = booster.model_to_string()
    text = _THRESHOLDS.sub(lambda m: "threshold=" + _snapped(m.group(1)), text)
    # The sizes are those of the old text, and optional.
    return lgb.Booster(model_str=_SIZES.sub("", text))


def _snapped(thresholds: str) -> str:
    wide = np.array(thresholds.split(), np.float64)
    return " ".join(repr(float(v)) for v in floor32(wide))


def floor32(values: NDArray[np.float64]) -> NDArray[np.float32]:
    """The largest float32 not above each value."""
    near = values.astype(np.float32)
    below = np.nextafter(near, np.float32(-np.inf))
    return np.where(near.astype(np.float64) > values, below, near).astype(np.float32)
