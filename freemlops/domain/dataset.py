"""Datasets: a name, and under it immutable versions named by the hash of their bytes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from freemlops.domain.words import Message


class ColumnType(StrEnum):
    """What a column holds, as a person would say it; the warehouse maps each to one SQL type."""

    INTEGER = "integer"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    TEXT = "text"
    DATE = "date"
    DATETIME = "datetime"

    @property
    def is_number(self) -> bool:
        return self in (ColumnType.INTEGER, ColumnType.DECIMAL)


@dataclass(frozen=True, slots=True)
class Column:
    """One column as stored. `distinct` counts what is there; over 10,000 it may be approximate.

    `words` are what a boolean column's file wrote for false and true, such as `não` and `sim`.
    """

    name: str
    type: ColumnType
    missing: int = 0
    distinct: int = 0
    words: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """Something decided or noticed while reading the file. `lines` are physical, counted from 1."""

    code: str
    message: Message
    lines: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class DatasetVersion:
    """One immutable table. `sha256` is that of the uploaded bytes and names the content.

    `description` and `tags` belong to the dataset and can change. `source` is a
    `freemlops.domain.reading.Source`; `rejected` counts the lines that did not fit.
    """

    dataset: str
    version: int
    name: str
    filename: str
    sha256: str
    rows: int
    columns: tuple[Column, ...]
    size_bytes: int
    created_at: datetime
    notes: tuple[Note, ...] = ()
    synthetic: bool = False
    description: str = ""
    tags: tuple[str, ...] = ()
    source: str = "upload"
    added_by: str = ""
    rejected: int = 0

    def column(self, name: str) -> Column | None:
        return next((c for c in self.columns if c.name == name), None)


@dataclass(frozen=True, slots=True)
class Sample:
    """A data set that ships with the product. `synthetic` ones were generated from a seed."""

    key: str
    title: Message
    about: Message
    target: str
    rows: int
    synthetic: bool
