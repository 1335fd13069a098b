"""Names where there is little room."""

from __future__ import annotations

from collections.abc import Sequence

MOST_LETTERS = 24


def short(names: Sequence[str], letters: int = MOST_LETTERS) -> list[str]:
    """Names cut to what an axis can hold, each still different from the others."""
    made: list[str] = []
    for at, name in enumerate(names):
        cut = name if len(name) <= letters else f"{name[: letters - 1]}…"
        made.append(cut if cut not in made else f"{cut[: letters - 4]} ({at + 1})")
    return made
