"""How far boosted trees may grow."""

from __future__ import annotations

from typing import Any

from freemlops.engine.families.base import Shape

MAX_TREES = 1500
MAX_LEAVES = 256


def patience(learning_rate: float) -> int:
    """Rounds without a gain after which growing ends: slow learners need more of them."""
    return round(min(100.0, max(15.0, 3.0 / learning_rate)))


def trees_within(params: dict[str, Any], leaves: str, shape: Shape) -> dict[str, Any]:
    """No more trees and leaves than there are rows."""
    most = max(4, shape.rows - 1)
    return params | {
        "n_estimators": min(params["n_estimators"], max(10, most)),
        leaves: min(params[leaves], most),
    }
