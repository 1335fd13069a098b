from __future__ import annotations

import math
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pytest

from freemlops.domain.dataset import Column, ColumnType
from freemlops.engine.preprocess.dates import DATE_PARTS, ArrayArithmetic, civil_parts
from freemlops.engine.preprocess.inputs import Encoding, choose_inputs
from freemlops.engine.preprocess.preparation import fit_preparation, fit_transform, goals
from freemlops.engine.table import Table, values_of


def table(**columns: list[object]) -> tuple[Table, list[Column]]:
    made, described = {}, []
    rows = 0
    for name, values in columns.items():
        array = pa.chunked_array([pa.array(values)])
        type = ColumnType.TEXT if pa.types.is_string(array.type) else ColumnType.DECIMAL
        made[name] = values_of(array, type)
        described.append(Column(name, type))
        rows = len(values)
    return Table(made, rows), described


def test_constant_unique_and_empty_columns_are_left_aside_with_a_reason() -> None:
    made, columns = table(
        same=[1.0] * 100,
        key=[f"k{i}" for i in range(100)],
        empty=[math.nan] * 100,
        good=[float(i) for i in range(100)],
    )
    inputs, notes = choose_inputs(made, columns, "t", ())
    assert [i.name for i in inputs] == ["good"]
    assert {n.params["column"] for n in notes} == {"same", "key", "empty"}


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ([None] * 100, "hold no value"),
        ([math.nan] * 100, "hold no value"),
        (["a"] * 100, "the same in every row"),
        ([2.0] * 100, "the same in every row"),
        (["once"] + [None] * 99, "no text occurs twice"),
        ([f"k{i}" for i in range(100)], "no text occurs twice"),
        ([f"k{i}" for i in range(95)] + ["k0"] * 5, "almost every row has its own text"),
    ],
)
def test_a_column_is_left_aside_for_the_true_reason(values: list[object], reason: str) -> None:
    array = pa.array(values, pa.float64() if isinstance(values[0], float) else pa.string())
    type = ColumnType.DECIMAL if isinstance(values[0], float) else ColumnType.TEXT
    made = Table({"x": values_of(pa.chunked_array([array]), type)}, len(values))
    inputs, (note,) = choose_inputs(made, [Column("x", type)], "t", ())
    assert not inputs
    assert reason in note.english()


def test_a_column_that_is_sometimes_missing_says_something() -> None:
    made, columns = table(a=[1.0, math.nan] * 50)
    assert len(choose_inputs(made, columns, "t", ())[0]) == 1


def test_unseen_rare_and_missing_texts_are_told_apart() -> None:
    made, columns = table(a=["x"] * 10 + ["y"] * 9 + ["once"])
    inputs, _ = choose_inputs(made, columns, "t", ())
    y = np.array([0] * 10 + [1] * 10)
    prepared = fit_preparation(inputs, made, goals(y, 2))
    other, _ = table(a=["y", "never", "once", None, "x"])
    codes = prepared.transform(other)[:, 0]
    assert codes[:3].tolist() == [2.0, 0.0, 0.0]
    assert math.isnan(codes[3])
    assert codes[4] == 1.0


def test_means_of_a_row_do_not_know_its_own_target() -> None:
    """With a level a row and no signal, cross-fitted means must not predict the target."""
    random = np.random.default_rng(0)
    levels = [f"l{i // 2}" for i in range(400)]
    made, columns = table(a=levels)
    inputs, _ = choose_inputs(made, columns, "t", ())
    assert inputs[0].encoding is Encoding.MEAN
    y = random.normal(size=400)
    _, matrix = fit_transform(inputs, made, goals(y, 0), 0)
    assert abs(np.corrcoef(matrix[:, 0], y)[0, 1]) < 0.2


def test_date_parts_are_those_of_the_calendar() -> None:
    stamps = np.array([0.0, 951782400.0, 1709210096.0, -86401.0, 4102444799.0])
    parts = dict(zip(DATE_PARTS, civil_parts(stamps, ArrayArithmetic()), strict=True))
    for place, stamp in enumerate(stamps):
        when = datetime.fromtimestamp(stamp, UTC)
        assert parts["year"][place] == when.year
        assert parts["month"][place] == when.month
        assert parts["day"][place] == when.day
        assert parts["weekday"][place] == when.weekday()
        assert parts["second"][place] == when.hour * 3600 + when.minute * 60 + when.second
