"""The quick way and the close look give the same answers, or the same refusals."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from freemlops.domain.dataset import ColumnType
from freemlops.domain.errors import FreeMLOpsError, TooLargeError
from freemlops.domain.model import SignatureColumn
from freemlops.engine.predict import Predictor
from freemlops.serving.lane import Lane
from freemlops.serving.model import ServedModel, check_threshold
from freemlops.serving.rows import JsonReader, LooseColumns, TypedColumns, TypedRows
from tests.conftest import awaited
from tests.unit.engine.test_predict import SIGNATURE, graph  # noqa: F401 - a fixture

GOOD = {"age": 40, "paid": True, "color": "red", "since": "2022-05-01"}


@pytest.fixture(scope="module")
def model(graph: bytes) -> ServedModel:  # noqa: F811
    words = replace(SIGNATURE.columns[1], words=("não", "sim"))
    lenient = replace(SIGNATURE.columns[2], has_missing=True)
    columns = (SIGNATURE.columns[0], words, lenient, SIGNATURE.columns[3])
    return ServedModel(Predictor(graph, replace(SIGNATURE, columns=columns)), "m", 1, max_rows=100)


VALUES: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**50), 10**50),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=5),
    st.sampled_from(["sim", "NÃO", "red", "2022-05-01", "2022-05-01T10:00:00Z", "1999-01-01", ""]),
    st.lists(st.integers(), max_size=1),
)
ROWS = st.lists(
    st.builds(
        lambda changes, gone: {k: v for k, v in (GOOD | changes).items() if k not in gone},
        st.dictionaries(st.sampled_from([*GOOD, "other"]), VALUES, max_size=2),
        st.sets(st.sampled_from(list(GOOD)), max_size=1),
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=400, deadline=None)
@given(ROWS)
def test_typed_and_loose_rows_are_answered_alike(
    model: ServedModel, rows: list[dict[str, Any]]
) -> None:
    body = json.dumps({"rows": rows}).encode()
    assert told(model, model.read(body), body) == told(model, model._json.loose(body), b"")


@settings(max_examples=200, deadline=None)
@given(ROWS)
def test_columns_are_answered_like_rows(model: ServedModel, rows: list[dict[str, Any]]) -> None:
    names = list(dict.fromkeys(name for row in rows for name in row))
    body = json.dumps({"columns": {n: [r.get(n) for r in rows] for n in names}}).encode()
    said = told(model, model._json.loose(json.dumps({"rows": rows}).encode()), b"")
    made = told(model, model.read(body), body)
    assert made[:2] == said[:2]


def told(model: ServedModel, table: Any, body: bytes) -> tuple[Any, ...]:
    """The answer, or where and why there is none."""
    try:
        made = model.answer(table, body).made
    except FreeMLOpsError as error:
        places = [(d.row, d.column) for d in error.details]
        return type(error), places, [d.message.english() for d in error.details]
    assert made.probabilities is not None
    return made.values, made.probabilities.tolist(), made.warnings


def test_good_rows_go_the_quick_way(model: ServedModel) -> None:
    body = json.dumps({"rows": [GOOD, GOOD | {"color": None}]}).encode()
    assert isinstance(model.read(body), TypedRows)
    assert model.attempt(model.read(body)) is not None
    columns = json.dumps({"columns": {k: [v, v] for k, v in GOOD.items()}}).encode()
    assert isinstance(model.read(columns), TypedColumns)
    csv = b"age;paid;color;since\n40;sim;red;2022-05-01\n"
    assert isinstance(model.read(csv, "text/csv"), TypedColumns)


def test_names_that_msgspec_cannot_have_are_read_all_the_same() -> None:
    columns = (SignatureColumn('a "b" \\ c', ColumnType.DECIMAL),)
    reader = JsonReader(replace(SIGNATURE, columns=columns))
    table = reader.read(json.dumps({"rows": [{'a "b" \\ c': 1}]}).encode())
    assert isinstance(table, LooseColumns)
    assert table.columns == {'a "b" \\ c': [1]}


def test_braces_in_texts_are_no_rows(model: ServedModel) -> None:
    body = json.dumps({"rows": [GOOD | {"color": "{" * 1000 + '\\"{'}]}).encode()
    assert len(model.read(body)) == 1
    with pytest.raises(TooLargeError):
        model.read(b'{"rows": [' + b",".join([b"{}"] * 101) + b"]}")


async def together(model: ServedModel, tables: list[TypedRows]) -> list[Any]:
    lane = Lane(model)
    lane._crowded = True
    return await asyncio.gather(*(lane.attempt(t) for t in tables))


def test_rows_of_several_requests_are_answered_apart(model: ServedModel) -> None:
    """One of them is wrong: the others are answered, it gets its closer look."""
    bodies = [{"rows": [GOOD] * n} for n in (1, 3)]
    bodies += [{"rows": [GOOD | {"color": "green"}]}, {"rows": [GOOD | {"paid": "maybe"}]}]
    tables = [model.read(json.dumps(b).encode()) for b in bodies]
    assert all(isinstance(t, TypedRows) for t in tables)
    made = awaited(together(model, tables))
    assert [m and len(m.values) for m in made] == [1, 3, 1, None]
    good = awaited(together(model, tables[:3]))
    assert [len(m.values) for m in good] == [1, 3, 1]
    assert [bool(m.warnings and m.warnings[0]) for m in good] == [False, False, True]


def test_a_threshold_needs_two_classes() -> None:
    check_threshold(SIGNATURE, 0.3)
    with pytest.raises(FreeMLOpsError):
        check_threshold(replace(SIGNATURE, classes=("a", "b", "c")), 0.3)
