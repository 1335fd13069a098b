"""SQL over the whole history, for people who want to look closer."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

import pyarrow as pa

from freemlops.domain.errors import InvalidError
from freemlops.domain.sql import Recipe, SavedQuery, SqlColumn, SqlTable
from freemlops.domain.words import Message
from freemlops.resources import resource
from freemlops.warehouse.lab.limits import Limits
from freemlops.warehouse.warehouse import Warehouse

LONGEST_NAME, LONGEST_ABOUT, LONGEST_SQL = 100, 500, 200_000
SqlLimits = Limits


@dataclass(frozen=True, slots=True)
class SqlAnswer:
    """`columns` carry DuckDB's types; in `table` nested values are JSON text, and types that
    Arrow has no like for are text. `truncated`: there were more rows than `limit`, or the answer
    reached its most bytes. `seconds` leaves out waiting for a place; `as_of` is when the history
    that was asked was made."""

    columns: tuple[SqlColumn, ...]
    table: pa.Table
    truncated: bool
    limit: int
    seconds: float
    as_of: datetime


class SqlService:
    """Thread-safe, blocking."""

    def __init__(self, warehouse: Warehouse, limits: Limits) -> None:
        self._lab = warehouse.lab
        self._lab.limits = limits
        self._saved = warehouse.saved
        self._limits = limits

    def run(
        self, sql: str, *, limit: int | None = None, stop: threading.Event | None = None
    ) -> SqlAnswer:
        """The first rows of the answer: `limit` of them, or as many as the owner allows.

        Raises `InvalidError` for what is refused or wrong, `QueryLimitError` for what takes too
        much, `UnavailableError` when too many queries wait or `stop` was set meanwhile.
        """
        if not sql.strip():
            raise InvalidError("Write a query first, such as FROM lab.runs.")
        if limit is not None and limit < 1:
            raise InvalidError("The limit must be at least 1.")
        most = min(limit or self._limits.rows, self._limits.rows)
        got = self._lab.run(sql, most, stop or threading.Event())
        return SqlAnswer(got.columns, got.table, got.truncated, most, got.seconds, got.as_of)

    def tables(self) -> tuple[SqlTable, ...]:
        """The documented views of `lab`, then the datasets in `data`: `churn` is the latest
        version of that dataset, `churn@2` its second."""
        return self._lab.tables()

    def recipes(self) -> tuple[Recipe, ...]:
        """The cookbook, in the order of its files."""
        return _recipes()

    def saved(self) -> tuple[SavedQuery, ...]:
        """By name; they are everybody's."""
        return self._saved.all()

    def save(self, name: str, sql: str, about: str = "") -> SavedQuery:
        """Keep a query; one of the same name is replaced. `InvalidError` without a name or a
        query, or when one is too long."""
        name, about = " ".join(name.split()), about.strip()
        if not name:
            raise InvalidError("Give the query a name.")
        if not sql.strip():
            raise InvalidError("Write a query first, such as FROM lab.runs.")
        for text, most in ((name, LONGEST_NAME), (about, LONGEST_ABOUT), (sql, LONGEST_SQL)):
            if len(text) > most:
                raise InvalidError(
                    "“{start}…” is too long: at most {most} characters.",
                    start=text[:40],
                    most=most,
                )
        return self._saved.put(name, sql, about)

    def forget(self, id: str) -> None:
        """Raises `NotFoundError`."""
        self._saved.remove(id)

    def snapshot(
        self, path: Path, *, storage_version: str | None = None, with_data: bool = False
    ) -> int:
        """Write the history as a DuckDB file that any DuckDB opens, whole or not at all; gives
        its bytes. `storage_version` such as `v1.2.0` is for older ones."""
        return self._lab.snapshot(path, storage_version, with_data)

    def cancel_all(self) -> None:
        """Break off the queries that run now."""
        self._lab.cancel_all()

    def close(self) -> None:
        """No query runs any more."""
        self._lab.close()


@cache
def _recipes() -> tuple[Recipe, ...]:
    folder = resource("store") / "cookbook"
    return tuple(
        _recipe(path.read_text("utf-8"), path.stem[3:]) for path in sorted(folder.glob("*.sql"))
    )


def _recipe(text: str, key: str) -> Recipe:
    """The headings are msgids: the catalog's extractor reads them in the files."""
    headings: Mapping[str, str] = dict(re.findall(r"^-- (title|about): (.+)$", text, re.MULTILINE))
    sql = "\n".join(line for line in text.splitlines() if not re.match("-- (title|about):", line))
    return Recipe(key, Message(headings["title"]), Message(headings["about"]), sql.strip())
