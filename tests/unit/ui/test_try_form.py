"""The fields of the try-it form, and the row that they make."""

from __future__ import annotations

import pytest

from freemlops.domain.dataset import ColumnType
from freemlops.domain.model import Signature, SignatureColumn
from freemlops.domain.run import Task
from freemlops.ui.state import try_form

COLUMNS = (
    SignatureColumn("n", ColumnType.INTEGER),
    SignatureColumn("x", ColumnType.DECIMAL),
    SignatureColumn("plan", ColumnType.TEXT, categories=("a", "b")),
    SignatureColumn("free", ColumnType.TEXT),
    SignatureColumn("day", ColumnType.DATE),
    SignatureColumn("on", ColumnType.BOOLEAN),
)


def test_each_type_gets_the_field_that_fits() -> None:
    kinds = [try_form.field_kind(c) for c in COLUMNS]
    assert kinds == ["integer", "decimal", "choice", "text", "text", "yes_no"]


def test_too_many_categories_become_a_text_field() -> None:
    many = SignatureColumn("c", ColumnType.TEXT, categories=tuple(map(str, range(500))))
    assert try_form.field_kind(many) == "text"


def test_the_example_is_always_among_the_choices() -> None:
    assert try_form.choices(COLUMNS[2], "z") == ["z", "a", "b"]


def test_the_untouched_form_sends_the_example() -> None:
    example = {"n": 3, "x": 1.5, "plan": "a", "free": "hi", "day": "2024-01-31", "on": False}
    signature = Signature(COLUMNS, "y", Task.BINARY)
    values = {c.name: try_form.field_value(c, example[c.name]) for c in COLUMNS}
    assert try_form.row(signature, values) == example


def test_an_empty_field_is_a_missing_value() -> None:
    signature = Signature(COLUMNS[3:4], "y", Task.BINARY)
    assert try_form.row(signature, {"free": "  "}) == {"free": None}


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("31/01/2024", "2024-01-31"),
        ("1/2/2024", "2024-02-01"),
        ("31/01/2024 12:30:05", "2024-01-31T12:30:05"),
        ("2024-01-31", "2024-01-31"),
        ("ontem", "ontem"),
    ],
)
def test_a_day_is_read_as_the_reader_writes_it(written: str, iso: str) -> None:
    assert try_form.read_day(written) == iso


def test_a_date_is_shown_as_the_reader_writes_it_and_sent_as_iso() -> None:
    column = SignatureColumn("day", ColumnType.DATE)
    shown = try_form.field_value(column, "2024-01-31", day_first=True)
    assert shown == "31/01/2024"
    signature = Signature((column,), "y", Task.REGRESSION)
    assert try_form.row(signature, {"day": shown}, day_first=True) == {"day": "2024-01-31"}
