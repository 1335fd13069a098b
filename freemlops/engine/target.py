"""The column to predict, as numbers the learners take; refuses what cannot be learned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from freemlops.domain.dataset import Column, ColumnType
from freemlops.domain.errors import InvalidError
from freemlops.domain.goal import MAX_CLASSES, MIN_ROWS
from freemlops.domain.run import Task
from freemlops.engine.arrays import as_array
from freemlops.engine.table import coded


@dataclass(frozen=True, slots=True)
class Target:
    """`y` holds class codes (int64) or values (float64), for the rows `rows` of the table.

    `classes` are the labels in the order of the codes; empty for a number.
    """

    name: str
    task: Task
    y: NDArray[Any]
    rows: NDArray[np.intp]
    classes: tuple[str, ...]

    @property
    def class_count(self) -> int:
        return len(self.classes)


LARGEST, SMALLEST_SPREAD, LEAST_CONTRAST = 1e15, 1e-6, 1e-5


def read_target(values: pa.ChunkedArray, known: Column, task: Task) -> Target:
    """Encode the column `known`; rows without a value are left out of `rows`.

    Raises `InvalidError` for one class, a constant, text or infinity where numbers are needed.
    """
    name, type = known.name, known.type
    if type in (ColumnType.DATE, ColumnType.DATETIME):
        raise InvalidError(
            "“{column}” holds dates, and a date cannot be predicted yet. Predict a number instead, "
            "such as the number of days until that date.",
            column=name,
        )
    made = _classes(values, known, task) if task.is_classification else _values(values, name, type)
    if len(made.rows) < MIN_ROWS:
        raise InvalidError(
            "Only {rows} rows have a value in “{column}”; at least {least} are needed.",
            rows=len(made.rows),
            column=name,
            least=MIN_ROWS,
        )
    return made


def _values(values: pa.ChunkedArray, name: str, type: ColumnType) -> Target:
    if not type.is_number:
        raise InvalidError(
            "“{column}” holds no numbers, so no number can be predicted.", column=name
        )
    wide = np.array(as_array(values.cast(pa.float64(), safe=False)), np.float64)
    rows = np.flatnonzero(np.isfinite(wide))
    y = wide[rows]
    if len(y) and float(y.min()) == float(y.max()):
        raise _constant(name)
    _check_scale(y, name)
    return Target(name, Task.REGRESSION, y, rows, ())


def _check_scale(y: NDArray[np.float64], name: str) -> None:
    """Models answer in single precision: what that cannot tell apart is refused."""
    if not len(y):
        return
    largest, spread = float(np.abs(y).max()), float(np.std(y))
    if largest > LARGEST or spread < SMALLEST_SPREAD:
        raise InvalidError(
            "The numbers in “{column}” are too large or too small for the models. Give them in "
            "another unit, such as thousands or thousandths.",
            column=name,
        )
    if spread < LEAST_CONTRAST * largest:
        raise InvalidError(
            "The numbers in “{column}” differ by less than a hundred thousandth of their size, "
            "and the models can't tell them apart. Subtract the same number from all of them.",
            column=name,
        )


def _classes(values: pa.ChunkedArray, known: Column, task: Task) -> Target:
    name = known.name
    codes, levels = coded(values)
    # what is not itself is no number
    is_value = np.array([*(v == v and v != "" for v in levels), False])
    rows = np.flatnonzero(is_value[codes]).astype(np.intp)
    found = sorted(levels[c] for c in np.unique(codes[rows]))
    if len(found) < 2:
        raise _constant(name)
    if task is Task.BINARY and len(found) > 2:
        raise InvalidError(
            "“{column}” has {count} different values, not two. Choose “several classes”.",
            column=name,
            count=len(found),
        )
    if len(found) > MAX_CLASSES:
        raise InvalidError(
            "“{column}” has {count} different values, and at most {limit} classes can be "
            "told apart. Is it a name or an identifier?",
            column=name,
            count=len(found),
            limit=MAX_CLASSES,
        )
    code = {v: i for i, v in enumerate(found)}
    lookup = np.array([code.get(v, -1) for v in levels], np.int64)
    y = lookup[codes[rows]]
    return Target(name, task, y, rows, _labels(found, known.words))


def _labels(found: Sequence[Any], words: tuple[str, str] | None) -> tuple[str, ...]:
    """Booleans are called as the file calls them: `não`, `sim`."""
    if words is not None:
        return tuple(words[bool(v)] for v in found)
    return tuple(label_text(v) for v in found)


def label_text(value: Any) -> str:
    """A class as text: `true`, `3` (never `3.0`), or the text itself."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _constant(name: str) -> InvalidError:
    return InvalidError(
        "“{column}” has the same value in every row, so there is nothing to predict. "
        "Choose another column.",
        column=name,
    )
