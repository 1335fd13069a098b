"""What trainings write while they run: one statement a table, for all runs that wait to be stored.

A statement costs a millisecond whether it brings one row or a hundred, so trainings that report
at the same moment share theirs (see `Writer`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

from freemlops.domain.errors import NotFoundError
from freemlops.warehouse.connection import Cursor
from freemlops.warehouse.run_rows import Row, RunWrite
from freemlops.warehouse.sql import parsed, queries

type Key = tuple[str, str]

# What is set by whoever stores a run, as it is given: a VARIANT comes as the text of its JSON.
_TYPES: Final = {
    "id": "VARCHAR",
    "dataset": "VARCHAR",
    "dataset_version": "INTEGER",
    "dataset_name": "VARCHAR",
    "name": "VARCHAR",
    "target": "VARCHAR",
    "task": "VARCHAR",
    "metric": "VARCHAR",
    "budget_s": "DOUBLE",
    "split_kind": "VARCHAR",
    "split_column": "VARCHAR",
    "exclude": "VARCHAR[]",
    "seed": "BIGINT",
    "max_trials": "BIGINT",
    "status": "VARCHAR",
    "phase": "VARCHAR",
    "progress": "DOUBLE",
    "created_at": "TIMESTAMP",
    "started_at": "TIMESTAMP",
    "finished_at": "TIMESTAMP",
    "best": "VARCHAR",
    "receipt": "VARIANT",
    "plan": "VARIANT",
    "libraries": "VARIANT",
    "error": "VARCHAR",
    "signature": "VARCHAR",
    "notes": "VARCHAR",
    "tags": "VARCHAR[]",
    "starred": "BOOLEAN",
    "best_family": "VARCHAR",
    "best_score": "DOUBLE",
    "baseline_score": "DOUBLE",
    "continued_at": "TIMESTAMP",
    "continued_s": "DOUBLE",
    "used_before_s": "DOUBLE",
}


def write_runs(cursor: Cursor, writes: Sequence[RunWrite]) -> list[None]:
    """Store them, in their order where it matters. Raises `NotFoundError` for an unknown run."""
    _insert(cursor, "add_events", [row for w in writes for row in w.events])
    _insert(cursor, "add_trials", [row for w in writes for row in w.trials])
    _insert(cursor, "drop_learning", [{"run": w.run} for w in writes if w.learning])
    _insert(cursor, "add_learning", [row for w in writes for row in w.learning])
    added = [dict(w.added) for w in writes if w.added is not None]
    changes = _folded(writes)
    led = {run for run, fields in changes.items() if "best" in fields}
    families = _families(cursor, led | {w.run for w in writes if w.candidates})
    _add_candidates(cursor, writes, families)
    if led:
        metrics = {row["id"]: row["metric"] for row in added if row["id"] in led}
        metrics |= dict(_among(cursor, "judged", led - metrics.keys()))
        _lead(cursor, changes, metrics, families)
    for row in added:
        row |= changes.pop(row["id"], {})
    if added:
        _add_runs(cursor, added)
    _change(cursor, changes)
    return [None] * len(writes)


def _folded(writes: Sequence[RunWrite]) -> dict[str, dict[str, Any]]:
    """What is to change in each run; what was said last holds."""
    changes: dict[str, dict[str, Any]] = {}
    for write in writes:
        if write.fields:
            changes.setdefault(write.run, {}).update(write.fields)
    return changes


def _families(cursor: Cursor, runs: Collection[str]) -> dict[Key, str]:
    """Of the candidates that these runs have."""
    return {(run, name): family for run, name, family in _among(cursor, "known", runs)}


def _add_candidates(cursor: Cursor, writes: Sequence[RunWrite], families: dict[Key, str]) -> None:
    """Also into the families."""
    rows: dict[Key, Row] = {}
    metrics: dict[Key, Sequence[Row]] = {}
    for write in writes:
        for name, row in write.candidates.items():
            rows.pop((write.run, name), None)  # it comes last now
            rows[write.run, name] = row
            metrics[write.run, name] = write.metrics[name]
    again = [{"run": key[0], "id": key[1]} for key in rows if key in families]
    _insert(cursor, "drop_metrics", again)
    _insert(cursor, "drop_candidates", again)
    _insert(cursor, "add_candidates", list(rows.values()))
    _insert(cursor, "add_metrics", [row for several in metrics.values() for row in several])
    families |= {key: row["family"] for key, row in rows.items()}


def _lead(
    cursor: Cursor,
    changes: Mapping[str, dict[str, Any]],
    metrics: Mapping[str, str],
    families: Mapping[Key, str],
) -> None:
    """Put into the changes what lists of runs show of the best candidate and the baseline, by
    the runs' metrics."""
    scores = {
        (run, name): value
        for run, name, by, value in _among(cursor, "scores", metrics)
        if by == metrics[run]
    }
    for run in metrics:
        changes[run] |= {"best_family": None, "best_score": None, "baseline_score": None}
    for (run, name), family in families.items():
        if run not in metrics:
            continue
        fields, score = changes[run], scores.get((run, name))
        if name == fields["best"]:
            fields |= {"best_family": family, "best_score": score}
        if family == "constant":
            fields["baseline_score"] = score


def _add_runs(cursor: Cursor, rows: Sequence[Row]) -> None:
    # what nobody has yet stays out: each column more takes its time to plan
    names = [name for name in _TYPES if any(row.get(name) is not None for row in rows)]
    whole = [{name: row.get(name) for name in names} for row in rows]
    given, params = _given(names, whole)
    cursor.execute(parsed(f"INSERT INTO app.run BY NAME SELECT {_select(given)}"), params)


def _change(cursor: Cursor, changes: Mapping[str, Row]) -> None:
    """One statement for all runs of which the same fields change."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for run, fields in changes.items():
        alike.setdefault(tuple(fields), []).append(run)
    for names, runs in alike.items():
        rows = [{"id": run, **changes[run]} for run in runs]
        given, params = _given(("id", *names), rows)
        if len(runs) == 1:
            sets = ", ".join(f"{name} = {given[name]}" for name in names)
            sql = f"UPDATE app.run SET {sets} WHERE id = $id"  # noqa: S608 - own names
        else:
            sets = ", ".join(f"{name} = n.{name}" for name in names)
            rows_given = f"(SELECT {_select(given)}) n"
            sql = f"UPDATE app.run AS r SET {sets} FROM {rows_given} WHERE r.id = n.id"  # noqa: S608
        done = cursor.execute(parsed(sql), params).fetchone()
        if done is None or done[0] != len(runs):
            raise unknown_run(runs[0])


def _given(names: Sequence[str], rows: Sequence[Row]) -> tuple[dict[str, str], dict[str, Any]]:
    """An expression for each column, and the parameters. One row needs no lists: that is a third
    quicker."""
    several = len(rows) > 1
    parts = {}
    for name in names:
        variant = _TYPES[name] == "VARIANT"
        plain = "VARCHAR" if variant else _TYPES[name]
        part = f"unnest(${name}::{plain}[])" if several else f"${name}::{plain}"
        parts[name] = f"{part}::JSON::VARIANT" if variant else part
    return parts, _columns(rows) if several else dict(rows[0])


def _select(given: Mapping[str, str]) -> str:
    return ", ".join(f"{expression} AS {name}" for name, expression in given.items())


def _columns(rows: Sequence[Row]) -> dict[str, list[Any]]:
    return {name: [row[name] for row in rows] for name in rows[0]}


def _insert(cursor: Cursor, statement: str, rows: Sequence[Row]) -> None:
    if rows:
        cursor.execute(parsed(queries("run_writes")[statement]), _columns(rows))


def _among(cursor: Cursor, query: str, runs: Iterable[str]) -> list[tuple[Any, ...]]:
    """The query's rows of these runs. Between the first and the last, as the rows lie in the
    order of their runs: the rest of a long history is not looked at."""
    ids = sorted(runs)
    if not ids:
        return []
    sql = queries("run_writes")[query]
    if len(ids) == 1:
        return cursor.execute(parsed(f"{sql} = $run"), {"run": ids[0]}).fetchall()
    column = sql.rsplit(maxsplit=1)[1]
    sql += f" IN (SELECT unnest($runs::VARCHAR[])) AND {column} BETWEEN $first AND $last"
    return cursor.execute(parsed(sql), {"runs": ids, "first": ids[0], "last": ids[-1]}).fetchall()


def unknown_run(run: str) -> NotFoundError:
    return NotFoundError("There is no run “{run}”.", run=run)
