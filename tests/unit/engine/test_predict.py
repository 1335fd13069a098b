from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from freemlops.domain.dataset import ColumnType
from freemlops.domain.errors import InvalidError
from freemlops.domain.model import Signature, SignatureColumn
from freemlops.domain.run import Task
from freemlops.engine.export.graph import build_graph
from freemlops.engine.export.pipeline import Member, TrainedModel
from freemlops.engine.families.constant import ConstantModel
from freemlops.engine.predict import Predictor
from freemlops.engine.preprocess.inputs import Encoding, Input
from freemlops.engine.preprocess.preparation import Levels, Preparation

SIGNATURE = Signature(
    (
        SignatureColumn("age", ColumnType.INTEGER, 18.0, 90.0, example=30),
        SignatureColumn("paid", ColumnType.BOOLEAN),
        SignatureColumn("color", ColumnType.TEXT, categories=("blue", "red")),
        SignatureColumn("since", ColumnType.DATE, "2020-01-01", "2024-12-31"),
    ),
    "target",
    Task.BINARY,
    ("no", "yes"),
)


@pytest.fixture(scope="module")
def graph() -> bytes:
    inputs = (
        Input("age", ColumnType.INTEGER, Encoding.NUMBER),
        Input("paid", ColumnType.BOOLEAN, Encoding.NUMBER),
        Input("color", ColumnType.TEXT, Encoding.CODE),
        Input("since", ColumnType.DATE, Encoding.DATE),
    )
    levels = {"color": Levels({"blue": (0.0,), "red": (1.0,)}, (-1.0,))}
    prepared = Preparation(inputs, levels, ("age", "paid", "color", *"1234567"))
    model = ConstantModel(np.array([0.25, 0.75], np.float32), 2)
    trained = TrainedModel(SIGNATURE, prepared, (Member("constant", 1.0, model),))
    return build_graph(trained).SerializeToString()


@pytest.fixture(scope="module")
def predictor(graph: bytes) -> Predictor:
    return Predictor(graph, SIGNATURE)


def row(**changes: Any) -> dict[str, list[Any]]:
    good = {"age": 40, "paid": True, "color": "red", "since": "2022-05-01"}
    return {name: [value] for name, value in (good | changes).items()}


def test_answers_with_label_and_chances(predictor: Predictor) -> None:
    made = predictor.predict(row(), 1)
    assert made.values == ("yes",)
    assert made.probabilities is not None
    assert made.probabilities[0].tolist() == [0.25, 0.75]
    assert made.warnings == ()


def test_none_is_missing_in_every_kind_of_column(predictor: Predictor) -> None:
    made = predictor.predict(row(age=None, paid=None, color=None, since=None), 1)
    assert made.values == ("yes",)
    assert made.warnings == ()


def test_columns_that_the_model_does_not_know_are_ignored(predictor: Predictor) -> None:
    assert predictor.predict(row(other="x"), 1).values == ("yes",)


def test_a_column_that_is_absent_is_named(predictor: Predictor) -> None:
    columns = row()
    del columns["color"]
    with pytest.raises(InvalidError, match="“color” is missing") as caught:
        predictor.predict(columns, 1)
    assert caught.value.details[0].column == "color"


def test_a_column_that_had_missing_values_may_be_absent(predictor: Predictor, graph: bytes) -> None:
    columns = tuple(replace(c, has_missing=c.name == "color") for c in SIGNATURE.columns)
    lenient = Predictor(graph, replace(SIGNATURE, columns=columns))
    given = row()
    del given["color"]
    absent = lenient.predict(given, 1)
    missing = lenient.predict(row(color=None), 1)
    assert absent.probabilities is not None
    assert missing.probabilities is not None
    assert absent.probabilities.tolist() == missing.probabilities.tolist()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"age": "40"}, "is no number"),
        ({"age": True}, "is no number"),
        ({"age": 10**400}, "too large"),
        ({"age": [1]}, "is no number"),
        ({"paid": "yes"}, "neither true nor false"),
        ({"paid": 2}, "neither true nor false"),
        ({"color": 3}, "is no text"),
        ({"since": "yesterday"}, "is no date"),
        ({"since": 20220501}, "is no date"),
    ],
)
def test_a_value_of_the_wrong_kind_is_pointed_at(
    predictor: Predictor, changes: dict[str, Any], words: str
) -> None:
    columns = {n: [*v, *row(**changes)[n]] for n, v in row().items()}
    with pytest.raises(InvalidError) as caught:
        predictor.predict(columns, 2)
    (detail,) = caught.value.details
    assert words in detail.message.english()
    assert (detail.row, detail.column) == (1, next(iter(changes)))


def test_every_mistake_is_listed(predictor: Predictor) -> None:
    with pytest.raises(InvalidError) as caught:
        predictor.predict(row(age="x", color=1), 1)
    assert {d.column for d in caught.value.details} == {"age", "color"}


def test_what_was_never_seen_is_a_warning_on_its_row(predictor: Predictor) -> None:
    columns = {
        "age": [30, 200],
        "paid": [True, False],
        "color": ["red", "green"],
        "since": ["2021-01-01", "1999-01-01"],
    }
    made = predictor.predict(columns, 2)
    assert made.warnings[0] == ()
    texts = [m.english() for m in made.warnings[1]]
    assert len(texts) == 3
    assert any("green" in t for t in texts)


@pytest.mark.parametrize("when", ["2022-05-01T10:00:00Z", "2022-05-01 10:00", "2022-05-01"])
def test_dates_may_have_a_time(predictor: Predictor, when: str) -> None:
    assert predictor.predict(row(since=when), 1).values == ("yes",)


def test_import_loads_no_training_library() -> None:
    """The server answers without the libraries that trained the model."""
    code = (
        "import sys, freemlops.engine.predict; "
        "print([m for m in ('pandas','sklearn','flaml','lightgbm','xgboost','onnx','pyarrow')"
        " if m in sys.modules])"
    )
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert made.stdout.strip() == "[]"
