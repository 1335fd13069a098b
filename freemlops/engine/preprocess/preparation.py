"""The fitted state between raw columns and matrix; the exporter writes the same as a graph."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from freemlops.engine.preprocess.dates import DATE_PARTS, ArrayArithmetic, civil_parts
from freemlops.engine.preprocess.inputs import MAX_LEVELS, MIN_COUNT, Encoding, Input
from freemlops.engine.preprocess.text import Words, fit_words
from freemlops.engine.table import Table, Text

type Matrix = NDArray[np.float32]
SMOOTHING = 10.0
"""How many rows of the overall mean are added to a level's own (Micci-Barreca 2001)."""
INNER_FOLDS = 5
UNSEEN_CODE = 0.0
"""Of texts that are rare or new; the others count from 1. Sets of codes know no negative ones."""
MOST_CODES = 250
"""A text of more levels is there as means only: sets of so many codes are found by chance."""


@dataclass(frozen=True, slots=True)
class Levels:
    """Texts and the number each becomes in each of the features; `unseen` is for any other."""

    values: Mapping[str, tuple[float, ...]]
    unseen: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Preparation:
    """What was learned from the training rows. Missing becomes NaN in every encoding."""

    inputs: tuple[Input, ...]
    levels: Mapping[str, Levels]
    features: tuple[str, ...]
    categorical: tuple[int, ...] = field(default=())
    """Places of the features that are codes, of at most `ORDERED_LEVELS` levels."""
    spare: tuple[int, ...] = field(default=())
    """Places of the bare codes of texts that are also there as means."""
    means: tuple[int, ...] = field(default=())
    """Places of the means of those texts."""
    words: Mapping[str, Words] = field(default_factory=dict)
    """What was learned of each text that is read word by word."""
    worded: tuple[int, ...] = field(default=())
    """Places of the features that come of words."""

    def __setstate__(self, state: list[Any]) -> None:
        """Of a pickle from before there were `words`, too."""
        for own, value in zip(fields(self), [*state, {}, ()], strict=False):
            object.__setattr__(self, own.name, value)

    def transform(self, table: Table) -> Matrix:
        """float32 of shape [rows, features]."""
        parts = [part for i in self.inputs for part in self._parts(table, i)]
        if not parts:
            return np.zeros((table.rows, 0), np.float32)
        return np.ascontiguousarray(np.column_stack(parts), np.float32)

    def _parts(self, table: Table, column: Input) -> list[NDArray[np.float32]]:
        values = table.columns[column.name]
        if isinstance(values, Text) and column.encoding is Encoding.WORDS:
            return list(_word_features(self.words[column.name], values).T)
        if isinstance(values, Text):
            lookup = self._lookup(column.name, values.levels)
            return [lookup[k][values.codes] for k in range(len(lookup))]
        if column.encoding is Encoding.DATE:
            wide = np.asarray(values, np.float64)
            return [p.astype(np.float32) for p in civil_parts(wide, ArrayArithmetic())]
        return [np.asarray(values, np.float32)]

    def _lookup(self, name: str, texts: tuple[str, ...]) -> NDArray[np.float32]:
        known = self.levels[name]
        rows = [known.values.get(t, known.unseen) for t in texts]
        missing = (float("nan"),) * len(known.unseen)
        return np.array([*rows, missing], np.float32).T


def fit_preparation(
    inputs: tuple[Input, ...], table: Table, goal: NDArray[np.float64], seed: int = 0
) -> Preparation:
    """Learn the levels and words of each text from `table`. `goal` is [rows, outputs], see
    `goals`. Of a text with too few words here there is no feature."""
    levels: dict[str, Levels] = {}
    words: dict[str, Words] = {}
    features: list[str] = []
    categorical: list[int] = []
    spare: list[int] = []
    means: list[int] = []
    worded: list[int] = []
    for column in inputs:
        values = table.columns[column.name]
        if isinstance(values, Text) and column.encoding is Encoding.WORDS:
            words[column.name] = made = _words(values, seed)
            worded += range(len(features), len(features) + made.components.shape[1])
            features += [f"{column.name}.word{k + 1}" for k in range(made.components.shape[1])]
        elif isinstance(values, Text):
            levels[column.name] = _levels(values, goal, column.encoding)
            if column.encoding is Encoding.CODE:
                categorical.append(len(features))
                features.append(column.name)
            else:
                first, count = len(features), goal.shape[1]
                features += [f"{column.name}.{k}" for k in range(count)]
                if len(levels[column.name].unseen) > count:
                    means += range(first, first + count)
                    spare.append(len(features))
                    features.append(f"{column.name}.code")
        elif column.encoding is Encoding.DATE:
            features += [f"{column.name}.{part}" for part in DATE_PARTS]
        else:
            features.append(column.name)
    return Preparation(
        inputs, levels, tuple(features), tuple(categorical), tuple(spare), tuple(means), words,
        tuple(worded),
    )  # fmt: skip


def goals(y: NDArray[np.float64] | NDArray[np.int64], classes: int) -> NDArray[np.float64]:
    """What means are taken of: the value, the chance of the second class, or of each class."""
    if classes <= 2:
        return np.asarray(y, np.float64).reshape(-1, 1)
    return np.eye(classes)[np.asarray(y, np.int64)][:, : min(classes, 8)]


def fit_transform(
    inputs: tuple[Input, ...], table: Table, goal: NDArray[np.float64], seed: int
) -> tuple[Preparation, Matrix]:
    """Fit, and transform the same rows without letting a row's own target into its features.

    Means are cross-fitted: each row's comes from the other parts of the rows.
    """
    prepared = fit_preparation(inputs, table, goal, seed)
    matrix = prepared.transform(table)
    part = np.random.default_rng(seed).permutation(table.rows) % INNER_FOLDS
    place = {name: i for i, name in enumerate(prepared.features)}
    for column in inputs:
        values = table.columns[column.name]
        if column.encoding is not Encoding.MEAN or not isinstance(values, Text):
            continue
        first = place[f"{column.name}.0"]
        block = matrix[:, first : first + goal.shape[1]]
        for k in range(INNER_FOLDS):
            there, others = part == k, part != k
            means = _means(values.codes[others], goal[others], len(values.levels))
            block[there] = np.where(np.isnan(block[there]), np.nan, means[values.codes[there]])
    return prepared, matrix


def _words(values: Text, seed: int) -> Words:
    there = values.codes[values.codes >= 0]
    made = fit_words([values.levels[c] for c in there], seed)
    return made or Words("", np.zeros(1, np.int32), np.ones(1), np.zeros((1, 0)))


def _word_features(words: Words, values: Text) -> Matrix:
    """[rows, components]; each text is cut once, and a missing one is NaN all over."""
    used, place = np.unique(values.codes, return_inverse=True)
    made = words.transform([values.levels[c] if c >= 0 else "" for c in used])
    made[used < 0] = np.nan
    return made[place]


def _levels(values: Text, goal: NDArray[np.float64], encoding: Encoding) -> Levels:
    counts = np.bincount(values.codes[values.codes >= 0], minlength=len(values.levels))
    kept = np.flatnonzero(counts >= MIN_COUNT)
    kept = kept[np.argsort(-counts[kept], kind="stable")][:MAX_LEVELS]
    means = _means(values.codes, goal, len(values.levels))
    if encoding is Encoding.CODE:
        order = kept[np.argsort(means[kept, 0], kind="stable")]
        coded = {values.levels[c]: (float(i),) for i, c in enumerate(order, 1)}
        return Levels(coded, (UNSEEN_CODE,))
    prior = tuple(float(v) for v in goal.mean(axis=0))
    known = {values.levels[c]: tuple(float(v) for v in means[c]) for c in kept}
    if len(kept) > MOST_CODES:
        return Levels(known, prior)
    codes = {t: (*v, float(i)) for i, (t, v) in enumerate(known.items(), 1)}
    return Levels(codes, (*prior, UNSEEN_CODE))


def _means(codes: NDArray[np.int32], goal: NDArray[np.float64], levels: int) -> NDArray[np.float64]:
    """Smoothed means of the goal by level, [levels + 1, outputs]; the last row is the prior."""
    there = codes >= 0
    prior = goal.mean(axis=0)
    counts = np.bincount(codes[there], minlength=levels).astype(np.float64)
    sums = np.column_stack(
        [np.bincount(codes[there], goal[there, k], minlength=levels) for k in range(goal.shape[1])]
    )
    made = (sums + SMOOTHING * prior) / (counts + SMOOTHING)[:, None]
    return np.vstack([made, prior])
