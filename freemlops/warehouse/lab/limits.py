"""What one query may use."""

from __future__ import annotations

from dataclasses import dataclass

MOST_CHARACTERS = 200_000
"""Longer texts are no questions; they are refused before a child sees them."""
RESULT_BYTES = 64 * 1024**2
"""An answer ends here, as Arrow bytes, however many rows it has."""
SPILL = "1GB"
AT_ONCE = 2
MOST_WAITING = 8
PATIENCE_S = 15.0
"""How long a query waits for one of the `AT_ONCE` places."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What the owner of the server allows a query. `rows` is the most that anybody gets."""

    seconds: float = 10.0
    memory_mb: int = 512
    rows: int = 100_000
