"""Two versions of a dataset, compared in a real warehouse."""

from __future__ import annotations

import random
from typing import Any

import pytest

from freemlops.domain.dataset import ColumnType
from freemlops.domain.diff import ChangeKind, Diff, ShiftLevel, stability_index
from freemlops.domain.errors import InvalidError, NotFoundError
from freemlops.services.diffs import DiffService
from freemlops.services.profiles import ProfileService
from freemlops.warehouse.warehouse import Warehouse
from tests.unit.services.tables import store

DICE = random.Random(1)
OLD: dict[str, Any] = {
    "id": list(range(100)),
    "city": [DICE.choice(["Rio", "São Paulo", None]) for _ in range(100)],
    "age": [DICE.gauss(40, 10) for _ in range(100)],
    "gone": [1] * 100,
    "code": [7] * 100,
}
NEW: dict[str, Any] = {
    "id": list(range(10, 115)),
    "city": ["Recife", None, *OLD["city"][12:], *["Rio"] * 15],
    "age": [OLD["age"][10] + 1, *OLD["age"][11:], *[40.0] * 15],
    "code": ["7"] * 105,
    "fresh": [True, None] * 52 + [False],
}


def diff(
    warehouse: Warehouse, old: dict[str, Any], new: dict[str, Any], key: str | None = None
) -> Diff:
    made = store(warehouse, old)
    store(warehouse, new)
    return DiffService(warehouse, ProfileService(warehouse)).diff(made.dataset, 1, 2, key)


def test_columns_that_came_went_and_changed_are_named(warehouse: Warehouse) -> None:
    found = {c.name: (c.kind, c.before, c.after) for c in diff(warehouse, OLD, NEW).columns}
    assert found == {
        "gone": (ChangeKind.REMOVED, ColumnType.INTEGER, None),
        "code": (ChangeKind.RETYPED, ColumnType.INTEGER, ColumnType.TEXT),
        "fresh": (ChangeKind.ADDED, None, ColumnType.BOOLEAN),
    }


def test_rows_are_matched_by_the_column_that_names_them(warehouse: Warehouse) -> None:
    rows = diff(warehouse, OLD, NEW).rows
    assert rows.key == "id"
    assert (rows.added, rows.removed) == (15, 10)
    assert rows.changed + rows.same == 90
    cells = {c.column: c for c in rows.cells}
    assert cells["age"].count == 1
    assert cells["age"].examples == ((10, OLD["age"][10], OLD["age"][10] + 1),)
    changed = [old != new for old, new in zip(OLD["city"][10:12], ["Recife", None], strict=True)]
    assert cells["city"].count == sum(changed)
    assert {r["id"] for r in rows.added_rows} <= set(range(100, 115))
    assert {r["id"] for r in rows.removed_rows} <= set(range(10))


def test_without_a_key_rows_are_compared_as_wholes_with_their_number(warehouse: Warehouse) -> None:
    rows = diff(
        warehouse, {"a": [1, 1, 2, None], "b": ["x"] * 4}, {"a": [1, 2, 3, None], "b": ["x"] * 4}
    ).rows
    assert (rows.key, rows.added, rows.removed, rows.same) == (None, 1, 1, 3)
    assert rows.added_rows == ({"a": 3, "b": "x"},)


def test_the_same_table_does_not_differ(warehouse: Warehouse) -> None:
    found = diff(warehouse, OLD, {**OLD, "id": list(OLD["id"]), "gone": OLD["gone"]})
    assert found.columns == ()
    assert (found.rows.added, found.rows.removed, found.rows.changed) == (0, 0, 0)
    assert {s.level for s in found.shifts} == {ShiftLevel.NONE}


def test_values_that_moved_are_told_and_chance_is_not(warehouse: Warehouse) -> None:
    dice = random.Random(5)
    n = 400
    old = {
        "still": [dice.gauss(0, 1) for _ in range(n)],
        "moved": [dice.gauss(0, 1) for _ in range(n)],
        "emptied": [1.0] * n,
        "name": [dice.choice("abc") for _ in range(n)],
    }
    new = {
        "still": [dice.gauss(0, 1) for _ in range(n)],
        "moved": [dice.gauss(2, 1) for _ in range(n)],
        "emptied": [1.0, None] * (n // 2),
        "name": ["new"] * n,
    }
    levels = {s.column: s.level for s in diff(warehouse, old, new).shifts}
    assert levels == {
        "still": ShiftLevel.NONE,
        "moved": ShiftLevel.LARGE,
        "emptied": ShiftLevel.LARGE,
        "name": ShiftLevel.LARGE,
    }


def test_a_key_must_name_each_row_in_both(warehouse: Warehouse) -> None:
    for key, words in (("city", "comes up twice"), ("code", "same type"), ("nope", "same type")):
        with pytest.raises(InvalidError, match=words):
            diff(warehouse, OLD, NEW, key)


def test_versions_that_are_not_there_are_named(warehouse: Warehouse) -> None:
    made = store(warehouse, OLD)
    with pytest.raises(NotFoundError):
        DiffService(warehouse, ProfileService(warehouse)).diff(made.dataset, 1, 2)


def test_tables_with_nothing_in_common_can_be_compared(warehouse: Warehouse) -> None:
    found = diff(warehouse, {"a": [1, 2]}, {"b": ["x", "y"]})
    assert [c.kind for c in found.columns] == [ChangeKind.REMOVED, ChangeKind.ADDED]
    assert found.shifts == ()


def test_the_stability_index_is_that_of_the_textbook() -> None:
    index, level = stability_index([5000, 5000], [7000, 3000])
    assert index == pytest.approx(0.2 * 0.3364722 + -0.2 * -0.5108256, abs=1e-6)
    assert level is ShiftLevel.SOME
    assert stability_index([0, 0], [1, 2]) == (0.0, ShiftLevel.NONE)
