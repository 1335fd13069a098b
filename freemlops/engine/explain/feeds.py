"""Rows as the inputs of a graph, and pieces of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

type Feed = Mapping[str, NDArray[Any]]
"""One array [rows, 1] for each input of a graph."""
type Floats = NDArray[np.float64]
type Ask = Callable[[Feed], Floats]
"""The model: probabilities [rows, classes] or values [rows, 1]."""

MOST_CELLS = 1_000_000
"""Rows x columns that are asked in one go: about 8 MB a batch."""


def count(feed: Feed) -> int:
    return len(next(iter(feed.values())))


def take(feed: Feed, rows: NDArray[np.intp]) -> dict[str, NDArray[Any]]:
    return {name: values[rows] for name, values in feed.items()}


def at_a_time(feed: Feed) -> int:
    """How many rows of so many columns make one batch."""
    return max(1, MOST_CELLS // max(1, len(feed)))


def ask_all(ask: Ask, feeds: Iterable[Feed]) -> Floats:
    """The answers of one feed after another."""
    return np.concatenate([ask(feed) for feed in feeds])


def in_batches(feed: Feed) -> Iterable[Feed]:
    step = at_a_time(feed)
    for start in range(0, count(feed), step):
        yield {name: values[start : start + step] for name, values in feed.items()}
