"""When a text column is read word by word, and not as names that come back."""

from __future__ import annotations

from typing import Final

LONG_TEXT: Final = 30.0
"""Characters of a text, on average, from which on it holds sentences."""
MOST_SPACED: Final = 0.5
FEWEST_TEXTS: Final = 60
"""Fewer different texts than this are labels, however long each is."""


def is_prose(spaced: float, mean_length: float) -> bool:
    """`spaced` is the share of the texts that hold a blank; `mean_length` is in characters."""
    return spaced > MOST_SPACED and mean_length >= LONG_TEXT
