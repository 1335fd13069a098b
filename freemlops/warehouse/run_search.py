"""Finding runs among very many: one columnar scan of the run table, no join."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from freemlops.domain.errors import InvalidError
from freemlops.domain.metric import METRICS
from freemlops.domain.page import Page
from freemlops.domain.run import Candidate, RunStatus, Task
from freemlops.domain.search import Annotation, Facet, Facets, RunFilter, RunSort, RunSummary
from freemlops.warehouse import paging
from freemlops.warehouse.database import Database
from freemlops.warehouse.history import board
from freemlops.warehouse.records import moment, record, records, stamp
from freemlops.warehouse.run_writes import unknown_run
from freemlops.warehouse.sql import queries

MOST_FACETS: Final = 200
MOST_KEPT: Final = 64
"""Filters whose facets are remembered."""

_PART: Final = re.compile(r"/\*(\w+)\*/ (?:[\w.]+|'')")

_TEXT: Final = (
    "strip_accents(lower(concat_ws(' ', name, dataset_name, target, notes, "
    "array_to_string(tags, ' '))))"
)
_MAXIMISED: Final = ", ".join(f"'{m.name}'" for m in METRICS.values() if m.higher_is_better)
# Keys rise along the list, so that NULL, which is infinite here, comes last in each order.
_KEYS: Final = {
    RunSort.NEWEST: "-epoch_us(created_at)",
    RunSort.SCORE: f"coalesce(if(metric IN ({_MAXIMISED}), -best_score, best_score), 'inf')",
    RunSort.DURATION: (
        "coalesce(-epoch(finished_at - coalesce(continued_at, started_at, created_at))"
        " - coalesce(used_before_s, 0), 'inf')"
    ),
    RunSort.NAME: "strip_accents(lower(if(name = '', concat_ws(' ', target, dataset_name), name)))",
}
_EXACT: Final = ("dataset", "target", "metric")
_COLUMNS: Final = {
    "datasets": ("dataset", "dataset_name"),
    "targets": ("target", "''"),
    "tasks": ("task", "''"),
    "metrics": ("metric", "''"),
    "statuses": ("status", "''"),
    "families": ("best_family", "''"),
}
# What each facet leaves out of the filter, to show what else could be chosen there.
_OPENED: Final[dict[str, dict[str, Any]]] = {
    "datasets": {"dataset": None},
    "targets": {"target": None},
    "tasks": {"task": None},
    "metrics": {"metric": None},
    "statuses": {"statuses": ()},
    "families": {"family": None},
    "tags": {},
}
_ALL_OPEN: Final = {name: open for parts in _OPENED.values() for name, open in parts.items()}


class RunSearch:
    """Thread-safe. Everything that people say is a parameter, never part of a statement."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sql = queries("run_search")
        self._facets: dict[tuple[RunFilter, int], tuple[object, Facets]] = {}

    def search(
        self,
        filter: RunFilter,
        sort: RunSort,
        limit: int = 50,
        cursor: str | None = None,
        skip: int = 0,
    ) -> Page[RunSummary]:
        """Stable under inserts: a page starts after the last line of the one before it. Who
        wants the page of a number instead skips lines.

        Raises `InvalidError` for a cursor of another order, and for runs judged by different
        metrics in the order of their scores.
        """
        limit = paging.clamp(limit)
        conditions, params = _conditions(filter)
        after, place = _after(sort, cursor)
        with self._database.reader() as reader:
            count = records(reader, self._filled("total", conditions), params)[0]
            if sort is RunSort.SCORE and count["mixed"]:
                raise _mixed()
            page = self._filled("page", [*conditions, *after], key=_KEYS[sort])
            rows = records(reader, page, {**params, **place, "limit": limit + 1, "skip": skip})
        more = len(rows) > limit
        last = (
            paging.pack(sort.value, rows[limit - 1]["key"], rows[limit - 1]["id"]) if more else ""
        )
        return Page(tuple(_summary(r) for r in rows[:limit]), last or None, count["total"])

    def facets(self, filter: RunFilter, most: int = MOST_FACETS) -> Facets:
        """What each filter can be set to, while the others stay as they are.

        Remembered until something is committed: every visit of a page asks for the same.
        """
        state = self._database.state
        known = self._facets.get((filter, most))
        if known is None or known[0] != state:
            known = state, self._count_facets(filter, most)
            if len(self._facets) >= MOST_KEPT:
                self._facets.clear()
            self._facets[filter, most] = known
        return known[1]

    def _count_facets(self, filter: RunFilter, most: int) -> Facets:
        common, params = _conditions(replace(filter, **_ALL_OPEN))
        parts = []
        for name, opened in _OPENED.items():
            conditions, more = _conditions(replace(_only_facets(filter), **opened))
            params |= more
            column, title = _COLUMNS.get(name, ("", ""))
            statement = "facet" if name in _COLUMNS else "tags"
            given = {"facet": f"'{name}'", "column": column, "title": title, "base": "base"}
            parts.append(f"({self._filled(statement, conditions, **given)})")
        sql = f"WITH base AS MATERIALIZED ({self._filled('facet_base', common)}) "
        sql += " UNION ALL ".join(parts)
        found: dict[str, list[Facet]] = {name: [] for name in _OPENED}
        with self._database.reader() as reader:
            for r in records(reader, sql, {**params, "most": most}):
                found[r["facet"]].append(Facet(r["value"], r["count"], r["title"] or ""))
            conditions, params = _conditions(filter)
            count = records(reader, self._filled("total", conditions), params)[0]
        return Facets(count["total"], **{name: tuple(values) for name, values in found.items()})

    def annotate(self, run: str, annotation: Annotation) -> None:
        """Change what is not None. Raises `NotFoundError`."""
        fields = {
            "name": annotation.name,
            "notes": annotation.notes,
            "tags": None if annotation.tags is None else list(annotation.tags),
            "starred": annotation.starred,
        }
        row = {name: value for name, value in fields.items() if value is not None}
        changes = ", ".join(f"{name} = ${name}" for name in row) or "id = id"
        sql = f"UPDATE app.run SET {changes} WHERE id = $id RETURNING id"  # noqa: S608 - own names

        def work(cursor: Any) -> None:
            if record(cursor, sql, {**row, "id": run}) is None:
                raise unknown_run(run)

        self._database.write(work)

    def leaders(self, runs: Sequence[str]) -> dict[str, Candidate]:
        """The best candidate of each of these runs, with all its metrics; without one, no entry."""
        params = {"ids": list(runs)}
        with self._database.reader() as reader:
            rows = records(reader, self._sql["compared"], params)
            scores = records(reader, self._sql["compared_metrics"], params)
        made = {}
        for row in rows:
            mine = [{**s, "candidate": row["id"]} for s in scores if s["run"] == row["run"]]
            (made[row["run"]],) = board([row], mine)
        return made

    def _filled(self, name: str, conditions: Sequence[str], **parts: str) -> str:
        """The statement with its marked words (see the file of queries) replaced."""
        parts["conditions"] = " AND ".join(conditions) or "true"
        return _PART.sub(lambda found: parts[found[1]], self._sql[name])


def _only_facets(filter: RunFilter) -> RunFilter:
    """The part of the filter that facets choose; the rest of it is in their common base."""
    return RunFilter(**{name: getattr(filter, name) for name in _ALL_OPEN})


def _conditions(filter: RunFilter) -> tuple[list[str], dict[str, Any]]:
    """SQL conditions that must all hold, and their parameters."""
    found = list(_parts(filter))
    params: dict[str, Any] = {}
    for _, more in found:
        params |= more
    return [sql for sql, _ in found], params


def _parts(filter: RunFilter) -> Iterator[tuple[str, dict[str, Any]]]:
    for at, word in enumerate(filter.text.split()):
        name = f"word{at}"
        yield f"contains({_TEXT}, strip_accents(lower(${name})))", {name: word}
    for column in _EXACT:
        if (value := getattr(filter, column)) is not None:
            yield f"{column} = ${column}", {column: value}
    if filter.task is not None:
        yield "task = $task", {"task": filter.task.value}
    if filter.family is not None:
        yield "best_family = $family", {"family": filter.family}
    if filter.statuses:
        statuses = [s.value for s in filter.statuses]
        yield "list_contains($statuses::VARCHAR[], status)", {"statuses": statuses}
    if filter.tags:
        yield "list_has_all(tags, $tags::VARCHAR[])", {"tags": list(filter.tags)}
    if filter.starred is not None:
        yield "starred = $starred", {"starred": filter.starred}
    yield from _ranges(filter)


def _ranges(filter: RunFilter) -> Iterator[tuple[str, dict[str, Any]]]:
    if filter.created_from is not None:
        yield "created_at >= $created_from", {"created_from": stamp(filter.created_from)}
    if filter.created_before is not None:
        yield "created_at < $created_before", {"created_before": stamp(filter.created_before)}
    if filter.least_score is not None:
        yield "best_score >= $least_score", {"least_score": filter.least_score}
    if filter.most_score is not None:
        yield "best_score <= $most_score", {"most_score": filter.most_score}


def _after(sort: RunSort, cursor: str | None) -> tuple[list[str], dict[str, Any]]:
    """The condition that leaves out the pages up to the cursor's."""
    if cursor is None:
        return [], {}
    values = paging.unpack(cursor)
    kind: Callable[[object], bool] = _is_text if sort is RunSort.NAME else _is_number
    if (
        len(values) != 3
        or values[0] != sort.value
        or not kind(values[1])
        or not _is_text(values[2])
    ):
        raise paging.bad_cursor()
    return [f"({_KEYS[sort]}, id) > ($key, $id)"], {"key": values[1], "id": values[2]}


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and (abs(value) < 2**63 or value == math.inf)


def _mixed() -> InvalidError:
    return InvalidError(
        "These runs are judged by different metrics, whose scores can't be compared. Choose "
        "one metric or one target to sort by score."
    )


def _summary(row: dict[str, Any]) -> RunSummary:
    return RunSummary(
        id=row["id"],
        name=row["name"],
        dataset=row["dataset"],
        dataset_name=row["dataset_name"],
        version=row["dataset_version"],
        target=row["target"],
        task=Task(row["task"]),
        metric=row["metric"],
        status=RunStatus(row["status"]),
        created_at=moment(row["created_at"]),
        duration_s=row["duration_s"],
        best=row["best"],
        best_family=row["best_family"],
        best_score=row["best_score"],
        baseline_score=row["baseline_score"],
        notes=row["notes"],
        tags=tuple(row["tags"]),
        starred=row["starred"],
    )
