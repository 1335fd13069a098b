"""What the SQL lab offers: documented tables, examples, and queries that people keep."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from freemlops.domain.words import Message


@dataclass(frozen=True, slots=True)
class SqlColumn:
    """A column of a table or of an answer; `type` is DuckDB's name of it."""

    name: str
    type: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class SqlTable:
    """Something that can stand behind FROM: a view of `lab` or a dataset version in `data`."""

    schema: str
    name: str
    about: str
    columns: tuple[SqlColumn, ...]


@dataclass(frozen=True, slots=True)
class Recipe:
    """An example of the cookbook: a question that researchers ask, and its query."""

    key: str
    title: Message
    about: Message
    sql: str


@dataclass(frozen=True, slots=True)
class SavedQuery:
    """A query that somebody kept under a name; everybody on this server sees it."""

    id: str
    name: str
    about: str
    sql: str
    changed_at: datetime
