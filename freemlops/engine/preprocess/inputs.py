"""Which columns are learned from, and how: decided once, from the development rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from freemlops.domain.dataset import Column, ColumnType
from freemlops.domain.prose import FEWEST_TEXTS
from freemlops.domain.words import Message, say
from freemlops.engine.preprocess.text import MOST_COMPONENTS as WORD_FEATURES
from freemlops.engine.preprocess.tokens import share_words
from freemlops.engine.table import InputKind, Table, Text, Values, input_kind

UNIQUE_SHARE = 0.9
MIN_UNIQUE = 50
MIN_COUNT = 2
"""A text seen less often than this is treated like one never seen."""
MAX_LEVELS = 5_000
MOST_LOOKED_AT = 500
ORDERED_LEVELS = 60
"""Up to here a text becomes a code; above it, the mean of the target among its rows."""


class Encoding(StrEnum):
    NUMBER = "number"
    DATE = "date"
    CODE = "code"
    MEAN = "mean"
    WORDS = "words"
    """Read word by word."""


@dataclass(frozen=True, slots=True)
class Input:
    """A raw column that the model reads."""

    name: str
    type: ColumnType
    encoding: Encoding


def choose_inputs(
    table: Table, columns: Sequence[Column], target: str, exclude: Sequence[str]
) -> tuple[tuple[Input, ...], tuple[Message, ...]]:
    """The columns to learn from, and a sentence for each one that is left aside."""
    inputs: list[Input] = []
    notes: list[Message] = []
    for column in columns:
        if column.name == target or column.name in exclude:
            continue
        if has_words(table.columns[column.name]):
            inputs.append(Input(column.name, column.type, Encoding.WORDS))
        elif (reason := _useless(table, column)) is not None:
            notes.append(reason)
        else:
            inputs.append(Input(column.name, column.type, _encoding(table, column)))
    notes += [_read(i.name) for i in inputs if i.encoding is Encoding.WORDS]
    return tuple(inputs), tuple(notes)


def width(table: Table, columns: Sequence[str]) -> int:
    """About how many features `columns` become."""
    return sum(WORD_FEATURES if has_words(table.columns[n]) else 1 for n in columns)


def has_words(values: Values) -> bool:
    """Whether a column is a text that is read word by word: many different sentences whose words
    come back. Some of the texts stand for all."""
    if not isinstance(values, Text):
        return False
    seen = np.flatnonzero(np.bincount(values.codes[values.codes >= 0], minlength=1))
    if len(seen) <= FEWEST_TEXTS:
        return False
    some = seen[np.linspace(0, len(seen) - 1, min(len(seen), MOST_LOOKED_AT)).astype(np.intp)]
    return share_words([values.levels[c] for c in some])


def _read(name: str) -> Message:
    return say(
        "“{column}” is read word by word: which words come up in it, and how often.", column=name
    )


def _useless(table: Table, column: Column) -> Message | None:
    """Why nothing can be learned from the column, the plainest reason first."""
    name, values = column.name, table.columns[column.name]
    if isinstance(values, Text):
        counts = np.bincount(values.codes[values.codes >= 0], minlength=1)
        filled, distinct, most = int(counts.sum()), int((counts > 0).sum()), int(counts.max())
    else:
        there = values[~np.isnan(values)]
        filled = most = len(there)
        distinct = 0 if not filled else 1 + int(float(there.min()) != float(there.max()))
    if distinct == 0:
        return say("“{column}” is left aside: the rows to learn from hold no value.", column=name)
    if distinct == 1 and filled == table.rows:
        return say("“{column}” is left aside: it is the same in every row.", column=name)
    if most < MIN_COUNT and isinstance(values, Text):
        return say("“{column}” is left aside: no text occurs twice.", column=name)
    if isinstance(values, Text) and distinct > MIN_UNIQUE and distinct >= UNIQUE_SHARE * filled:
        return say("“{column}” is left aside: almost every row has its own text.", column=name)
    return None


def _encoding(table: Table, column: Column) -> Encoding:
    values = table.columns[column.name]
    if isinstance(values, Text):
        kept = int((np.bincount(values.codes[values.codes >= 0], minlength=1) >= MIN_COUNT).sum())
        return Encoding.CODE if kept <= ORDERED_LEVELS else Encoding.MEAN
    return Encoding.DATE if input_kind(column.type) is InputKind.DATE else Encoding.NUMBER
