"""Two tables side by side, compared by DuckDB."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from freemlops.domain.dataset import Column, ColumnType
from freemlops.domain.diff import CellChange, RowChanges
from freemlops.domain.errors import InvalidError
from freemlops.domain.profile import ColumnProfile
from freemlops.warehouse.connection import Cursor
from freemlops.warehouse.database import Database
from freemlops.warehouse.datasets import DatasetStore
from freemlops.warehouse.records import records
from freemlops.warehouse.sql import quoted
from freemlops.warehouse.tables import name_of

EXAMPLES = 5
CELLS_SHOWN = 20
COLUMNS_A_QUERY = 25


class DiffStore:
    """Thread-safe; compares two versions of one dataset."""

    def __init__(self, database: Database, datasets: DatasetStore) -> None:
        self._database = database
        self._datasets = datasets

    def bins(
        self, dataset: str, version: int, profiles: Sequence[ColumnProfile]
    ) -> dict[str, list[int]]:
        """By column, how many rows fall in each bin that its profile gives, missing ones last.

        Numbers and dates are cut at the quantiles, other columns at their frequent values. Bins
        of another version's profile serve to compare with it.
        """
        table = name_of(self._datasets.table_of(dataset, version)[1])
        found: dict[str, list[int]] = {}
        with self._database.reader() as cursor:
            for start in range(0, len(profiles), COLUMNS_A_QUERY):
                found |= _bins(cursor, table, profiles[start : start + COLUMNS_A_QUERY])
        return found

    def rows(
        self, dataset: str, before: int, after: int, columns: Sequence[Column], key: str | None
    ) -> RowChanges:
        """Rows of the two versions by the values of `columns`, matched by `key` when given.

        Raises `InvalidError` when the key is missing somewhere or comes up twice.
        """
        old = name_of(self._datasets.table_of(dataset, before)[1])
        new = name_of(self._datasets.table_of(dataset, after)[1])
        names = [c.name for c in columns]
        with self._database.reader() as cursor:
            if key is None:
                return _whole(cursor, old, new, names)
            for table, version in ((old, before), (new, after)):
                _check_key(cursor, table, key, version)
            return _keyed(cursor, old, new, [n for n in names if n != key], key)


def _bins(cursor: Cursor, table: str, profiles: Sequence[ColumnProfile]) -> dict[str, list[int]]:
    asked: list[str] = ["count(*)"]
    values: list[Any] = []
    for profile in profiles:
        name = quoted(profile.name)
        asked.append(f"count({name})")
        for edge in _edges(profile):
            asked.append(f"count(*) FILTER ({name} {_sign(profile)} ?)")
            values.append(edge)
    found: Any = cursor.execute(f"SELECT {', '.join(asked)} FROM {table}", values).fetchone()  # noqa: S608
    rows, rest = int(found[0]), iter(found[1:])
    made: dict[str, list[int]] = {}
    for profile in profiles:
        filled = int(next(rest))
        counts = [int(next(rest)) for _ in _edges(profile)]
        if _sign(profile) == "<=":
            counts = [b - a for a, b in zip([0, *counts], [*counts, filled], strict=True)]
        else:
            counts.append(filled - sum(counts))
        made[profile.name] = [*counts, rows - filled]
    return made


def _sign(profile: ColumnProfile) -> str:
    return "=" if profile.type in (ColumnType.TEXT, ColumnType.BOOLEAN) else "<="


def _edges(profile: ColumnProfile) -> list[Any]:
    if _sign(profile) == "=":
        return [t.value for t in profile.top]
    return sorted(set(profile.quantiles))


def _whole(cursor: Cursor, old: str, new: str, names: Sequence[str]) -> RowChanges:
    if not names:
        return RowChanges(None, 0, 0, 0, 0)
    mark = f"hash({', '.join(quoted(n) for n in names)})"
    found: Any = cursor.execute(
        f"WITH a AS (SELECT {mark} AS h, count(*) AS n FROM {old} GROUP BY h), "  # noqa: S608
        f"b AS (SELECT {mark} AS h, count(*) AS n FROM {new} GROUP BY h) "
        "SELECT coalesce(sum(greatest(coalesce(b.n, 0) - coalesce(a.n, 0), 0)), 0)::BIGINT, "
        "coalesce(sum(greatest(coalesce(a.n, 0) - coalesce(b.n, 0), 0)), 0)::BIGINT, "
        "coalesce(sum(least(coalesce(a.n, 0), coalesce(b.n, 0))), 0)::BIGINT "
        "FROM a FULL JOIN b USING (h)"
    ).fetchone()
    added, removed, same = (int(n) for n in found)
    shown = ", ".join(quoted(n) for n in names)

    def only(here: str, there: str) -> tuple[Mapping[str, Any], ...]:
        sql = (
            f"SELECT {shown} FROM {here} WHERE {mark} NOT IN (SELECT {mark} FROM {there}) "  # noqa: S608
            f"LIMIT {EXAMPLES}"
        )
        return tuple(records(cursor, sql))

    return RowChanges(
        None,
        added,
        removed,
        0,
        same,
        added_rows=only(new, old) if added else (),
        removed_rows=only(old, new) if removed else (),
    )


def _check_key(cursor: Cursor, table: str, key: str, version: int) -> None:
    name = quoted(key)
    found: Any = cursor.execute(
        f"SELECT count(*), count({name}), count(DISTINCT {name}) FROM {table}"  # noqa: S608
    ).fetchone()
    if found[0] != found[1] or found[1] != found[2]:
        raise InvalidError(
            "“{column}” is missing or comes up twice in version {version}. Rows can only be "
            "matched by a column that names each of them.",
            column=key,
            version=version,
        )


def _keyed(cursor: Cursor, old: str, new: str, names: Sequence[str], key: str) -> RowChanges:
    by = f"a.{quoted(key)} = b.{quoted(key)}"
    joined = f"{old} a JOIN {new} b ON {by}"
    mark = f"hash({', '.join(quoted(n) for n in names)})" if names else "0"
    found: Any = cursor.execute(
        f"WITH a AS (SELECT {quoted(key)}, {mark} AS h FROM {old}), "  # noqa: S608
        f"b AS (SELECT {quoted(key)}, {mark} AS h FROM {new}) "
        f"SELECT count(*) FILTER (a.h IS NULL), count(*) FILTER (b.h IS NULL), "
        f"count(*) FILTER (a.h <> b.h), count(*) FILTER (a.h = b.h) FROM a FULL JOIN b ON {by}"
    ).fetchone()
    added, removed, changed, same = (int(n) for n in found)

    def only(here: str, there: str) -> tuple[Mapping[str, Any], ...]:
        shown = ", ".join(f"a.{quoted(n)}" for n in (key, *names))
        sql = f"SELECT {shown} FROM {here} a ANTI JOIN {there} b ON {by} LIMIT {EXAMPLES}"  # noqa: S608
        return tuple(records(cursor, sql))

    return RowChanges(
        key,
        added,
        removed,
        changed,
        same,
        cells=_cells(cursor, joined, names, key) if changed else (),
        added_rows=only(new, old) if added else (),
        removed_rows=only(old, new) if removed else (),
    )


def _cells(cursor: Cursor, joined: str, names: Sequence[str], key: str) -> tuple[CellChange, ...]:
    counts: dict[str, int] = {}
    for start in range(0, len(names), COLUMNS_A_QUERY):
        part = names[start : start + COLUMNS_A_QUERY]
        asked = ", ".join(f"count(*) FILTER ({_differs(n)})" for n in part)
        found: Any = cursor.execute(f"SELECT {asked} FROM {joined}").fetchone()  # noqa: S608
        counts |= dict(zip(part, (int(n) for n in found), strict=True))
    most = sorted((n for n in names if counts[n]), key=lambda n: -counts[n])[:CELLS_SHOWN]
    made = []
    for place, name in enumerate(most):
        examples: tuple[Any, ...] = ()
        if place < EXAMPLES:
            sql = (
                f"SELECT a.{quoted(key)}, a.{quoted(name)}, b.{quoted(name)} "  # noqa: S608
                f"FROM {joined} WHERE {_differs(name)} LIMIT {EXAMPLES}"
            )
            examples = tuple(tuple(row) for row in cursor.execute(sql).fetchall())
        made.append(CellChange(name, counts[name], examples))
    return tuple(made)


def _differs(name: str) -> str:
    return f"a.{quoted(name)} IS DISTINCT FROM b.{quoted(name)}"
