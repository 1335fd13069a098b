"""Columns whose values have the right JSON types already, to a graph's inputs, without a look at
each cell in Python. What is unusual is left to `feed`, which says what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from freemlops.domain.dataset import ColumnType
from freemlops.domain.model import Signature, SignatureColumn
from freemlops.domain.words import Message
from freemlops.engine.feed import MisfitError, seconds
from freemlops.engine.notice import outside, unseen

_MOST: float = float(np.finfo(np.float32).max)
_NAN = float("nan")
_DATES = (ColumnType.DATE, ColumnType.DATETIME)

type Feed = dict[str, NDArray[Any]]
type Warnings = dict[int, list[Message]]
"""By row; only rows that have one."""


class TypedFeed:
    """Immutable. Numbers and booleans are one matrix, so that each check is one numpy call."""

    def __init__(self, signature: Signature) -> None:
        every = tuple(enumerate(signature.columns))
        flat = [(i, c) for i, c in every if c.type.is_number]
        self._first_boolean = len(flat)
        flat += [(i, c) for i, c in every if c.type is ColumnType.BOOLEAN]
        self._flat = tuple(flat)
        self._words = {i: _truth(c.words) for i, c in flat if c.words is not None}
        self._texts = tuple((i, c, _known(c)) for i, c in every if c.type is ColumnType.TEXT)
        self._dates = tuple((i, c, bounds(c)) for i, c in every if c.type in _DATES)
        ends = np.array([bounds(c) or (np.nan, np.nan) for _, c in flat], np.float32)
        self._low, self._high = ends.reshape(-1, 2, 1).transpose(1, 0, 2)
        self._ends = [(low, high) for low, high in ends.tolist()]
        self._needed = np.array([not c.has_missing for _, c in flat], bool)

    def make(self, columns: Sequence[Sequence[Any]], n: int) -> tuple[Feed, Warnings] | None:
        """Inputs of shape [n, 1] and the warnings, from columns in the signature's order.

        None when a value may not fit, or a column may not be there at all: look closer then.
        """
        feed: Feed = {}
        odd: list[tuple[int, int, Message]] = []
        good = (
            self._add_flat(columns, n, feed, odd)
            and self._add_texts(columns, n, feed, odd)
            and self._add_dates(columns, feed, odd)
        )
        return (feed, _by_row(odd)) if good else None

    def _add_one(
        self, columns: Sequence[Sequence[Any]], feed: Feed, odd: list[tuple[int, int, Message]]
    ) -> bool:
        """`_add_flat` for one row, where a numpy call costs more than what it does."""
        values: list[float] = []
        for place, (i, column) in enumerate(self._flat):
            value = columns[i][0]
            if i in self._words and isinstance(value, str):
                value = self._words[i].get(value.lower(), "")
            if value is None or value != value:  # NaN
                if not column.has_missing:
                    return False
                value = _NAN
            elif (
                isinstance(value, str)
                or not -_MOST <= value <= _MOST
                or (place >= self._first_boolean and value not in (0, 1))
            ):
                return False
            values.append(value)
        made = np.array(values, np.float32)
        for place, value in enumerate(made.tolist()):
            i, column = self._flat[place]
            feed[column.name] = made[place : place + 1].reshape(1, 1)
            low, high = self._ends[place]
            if value < low or value > high:
                odd.append((0, i, outside(column)))
        return True

    def _add_flat(
        self,
        columns: Sequence[Sequence[Any]],
        n: int,
        feed: Feed,
        odd: list[tuple[int, int, Message]],
    ) -> bool:
        if not self._flat:
            return True
        if n == 1:
            return self._add_one(columns, feed, odd)
        values = [columns[i] for i, _ in self._flat]
        try:
            if self._words:
                values = [self._read_words(i, columns[i]) for i, _ in self._flat]
            exact = np.array(values, np.float64)
        except (KeyError, ValueError, TypeError, OverflowError):
            return False
        absent = np.isnan(exact)
        if (self._needed & absent.all(axis=1)).any() or (np.abs(exact) > _MOST).any():
            return False
        flags = exact[self._first_boolean :]
        if flags.size and not ((flags == 0) | (flags == 1) | np.isnan(flags)).all():
            return False
        made = exact.astype(np.float32)
        for place, (_, column) in enumerate(self._flat):
            feed[column.name] = made[place].reshape(-1, 1)
        strange = (made < self._low) | (made > self._high)
        if strange.any():
            for place, row in np.argwhere(strange).tolist():
                i, column = self._flat[place]
                odd.append((row, i, outside(column)))
        return True

    def _read_words(self, i: int, values: Sequence[Any]) -> Sequence[Any]:
        """The data's own words as truth values. Raises KeyError for any other text."""
        truth = self._words.get(i)
        if truth is None:
            return values
        return [truth[v.lower()] if isinstance(v, str) else v for v in values]

    def _add_texts(
        self,
        columns: Sequence[Sequence[Any]],
        n: int,
        feed: Feed,
        odd: list[tuple[int, int, Message]],
    ) -> bool:
        for i, column, known in self._texts:
            values = columns[i]
            if None in values:
                if not column.has_missing and not any(values):
                    return False
                values = [v or "" for v in values]
            made = np.empty((n, 1), object)
            made[:, 0] = values
            feed[column.name] = made
            if known and not known.issuperset(values):
                odd += ((r, i, unseen(column, v)) for r, v in enumerate(values) if v not in known)
        return True

    def _add_dates(
        self, columns: Sequence[Sequence[Any]], feed: Feed, odd: list[tuple[int, int, Message]]
    ) -> bool:
        for i, column, ends in self._dates:
            try:
                made = np.array([[seconds(v)] for v in columns[i]], np.float64)
            except MisfitError:
                return False
            if not column.has_missing and np.isnan(made).all():
                return False
            feed[column.name] = made
            if ends is not None:
                strange = (made[:, 0] < ends[0]) | (made[:, 0] > ends[1])
                if strange.any():
                    odd += ((int(r), i, outside(column)) for r in np.flatnonzero(strange))
        return True


def _by_row(odd: Sequence[tuple[int, int, Message]]) -> Warnings:
    """In the order of the signature's columns within a row."""
    found: Warnings = {}
    for row, _, message in sorted(odd, key=lambda one: one[:2]):
        found.setdefault(row, []).append(message)
    return found


def _truth(words: tuple[str, str]) -> Mapping[str, bool]:
    return {word.lower(): bool(i) for i, word in enumerate(words)}


def _known(column: SignatureColumn) -> frozenset[str]:
    """The categories and the empty text, which is missing; nothing when they are not listed."""
    return frozenset((*column.categories, "")) if column.categories else frozenset()


def bounds(column: SignatureColumn) -> tuple[float, float] | None:
    """What was seen in training, as the graph gets it; None when it was not noted."""
    if column.low is None or column.high is None:
        return None
    if column.type in _DATES:
        return seconds(column.low), seconds(column.high)
    low, high = np.float32(column.low), np.float32(column.high)
    return float(low), float(high)
