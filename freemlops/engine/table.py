"""Raw columns as arrays: what the data file, a data frame and the model's inputs share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from freemlops.domain.dataset import Column, ColumnType
from freemlops.engine.arrays import as_array

MISSING_TEXT = ""
"""Text that is missing, in the table and in the model's inputs: a graph has no null strings."""


class InputKind(StrEnum):
    """How a column enters the model: float32 (missing is NaN), text, or seconds in float64."""

    NUMBER = "number"
    TEXT = "text"
    DATE = "date"


def input_kind(type: ColumnType) -> InputKind:
    if type is ColumnType.TEXT:
        return InputKind.TEXT
    return InputKind.DATE if type in (ColumnType.DATE, ColumnType.DATETIME) else InputKind.NUMBER


@dataclass(frozen=True, slots=True)
class Text:
    """A text column as codes into `levels`; -1 is missing."""

    codes: NDArray[np.int32]
    levels: tuple[str, ...]

    def take(self, rows: NDArray[np.intp]) -> Text:
        return Text(self.codes[rows], self.levels)

    def strings(self) -> NDArray[np.object_]:
        lookup = np.array([*self.levels, MISSING_TEXT], dtype=object)
        return lookup[self.codes]


type Values = NDArray[np.float32] | NDArray[np.float64] | Text


@dataclass(frozen=True, slots=True)
class Table:
    """Named raw columns of `rows` rows."""

    columns: Mapping[str, Values]
    rows: int

    def take(self, rows: NDArray[np.intp]) -> Table:
        taken: dict[str, Values] = {
            n: v.take(rows) if isinstance(v, Text) else v[rows] for n, v in self.columns.items()
        }
        return Table(taken, len(rows))

    def feed(self, names: Sequence[str]) -> dict[str, NDArray[Any]]:
        """The inputs of an exported graph, each of shape [rows, 1]."""
        return {
            n: (v.strings() if isinstance(v, Text) else v).reshape(-1, 1)
            for n, v in ((n, self.columns[n]) for n in names)
        }


def read_table(path: Path, columns: Sequence[Column]) -> tuple[pa.Table, Table]:
    """The Arrow file and its `columns` as arrays. The Arrow table stays memory-mapped."""
    source = pa.ipc.open_file(pa.memory_map(str(path))).read_all()
    made = {c.name: values_of(source.column(c.name), c.type) for c in columns}
    return source, Table(made, source.num_rows)


def values_of(values: pa.ChunkedArray, type: ColumnType) -> Values:
    """One Arrow column as the model sees it."""
    match input_kind(type):
        case InputKind.TEXT:
            return _text(values)
        case InputKind.DATE:
            return _seconds(values)
        case _:
            return _numbers(values)


def _numbers(values: pa.ChunkedArray) -> NDArray[np.float32]:
    if pa.types.is_boolean(values.type):
        values = values.cast(pa.uint8())
    wide = values.cast(pa.float64(), safe=False)
    made = np.array(as_array(wide), np.float64)
    with np.errstate(over="ignore"):
        narrow = made.astype(np.float32)
    narrow[~np.isfinite(narrow)] = np.nan
    return narrow


def _seconds(values: pa.ChunkedArray) -> NDArray[np.float64]:
    if pa.types.is_timestamp(values.type) and values.type.tz is not None:
        values = values.cast(pa.timestamp("us", tz="UTC"))
    stamps = values.cast(pa.timestamp("us", tz=getattr(values.type, "tz", None)), safe=False)
    micros = stamps.cast(pa.int64()).cast(pa.float64(), safe=False)
    return np.floor(np.array(as_array(micros), np.float64) / 1e6)


def coded(values: pa.ChunkedArray) -> tuple[NDArray[np.int32], list[Any]]:
    """The place of each value among the different ones, -1 for none, and those."""
    made = pc.dictionary_encode(values).combine_chunks()
    if isinstance(made, pa.ChunkedArray):
        made = made.chunk(0) if made.num_chunks else pa.array([], values.type).dictionary_encode()
    places = np.array(as_array(made.indices.fill_null(-1)), np.int32)
    return places, made.dictionary.to_pylist()


def _text(values: pa.ChunkedArray) -> Text:
    if not (pa.types.is_string(values.type) or pa.types.is_large_string(values.type)):
        values = values.cast(pa.string())
    codes, different = coded(values)
    found = [str(v) for v in different]
    levels = sorted(v for v in found if v != MISSING_TEXT)
    place = {v: i for i, v in enumerate(levels)}
    lookup = np.array([*(place.get(v, -1) for v in found), -1], np.int32)
    return Text(lookup[codes], tuple(levels))
