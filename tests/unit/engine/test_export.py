"""The exported graph against the Python model, where float32 and missing values bite."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from freemlops.domain.dataset import ColumnType
from freemlops.domain.errors import ExportError
from freemlops.domain.model import Signature
from freemlops.domain.run import Task
from freemlops.engine.export.files import export
from freemlops.engine.export.graph import build_graph
from freemlops.engine.export.parity import check_parity
from freemlops.engine.export.pipeline import Member, TrainedModel
from freemlops.engine.families import FAMILIES, Guard, Shape
from freemlops.engine.preprocess.inputs import Encoding, Input
from freemlops.engine.preprocess.preparation import Preparation
from freemlops.engine.session import open_session, run_session
from freemlops.engine.table import Table

pytestmark = pytest.mark.filterwarnings("ignore")
ROWS = 500
FREE = Guard(lambda: None)
NAMES = ("label", "probabilities", "prediction", "fm_1", 'a "b" [c].{d}', "é ç")


def numbers(seed: int = 0, missing: float = 0.1) -> Table:
    """Large whole numbers, seconds since 1970 and small decimals: hard for 24 bits."""
    random = np.random.default_rng(seed)
    made: dict[str, Any] = {}
    for place, name in enumerate(NAMES):
        scale = (1.0, 2e7, 1.6e9, 1e-4, 1.0, 1.0)[place]
        values = (random.normal(size=ROWS) * scale).astype(np.float32)
        values[random.random(ROWS) < missing] = np.nan
        made[name] = values
    return Table(made, ROWS)


def fitted(
    family: str, classes: int, missing: float = 0.1, skewed: bool = False, **params: Any
) -> TrainedModel:
    """`skewed` values are never negative, others as often as not."""
    table = numbers(missing=missing)
    inputs = tuple(Input(n, ColumnType.DECIMAL, Encoding.NUMBER) for n in NAMES)
    prepared = Preparation(inputs, {}, NAMES)
    x = prepared.transform(table)
    signal = np.nan_to_num(x[:, 0]) + np.sign(np.nan_to_num(x[:, 1]))
    y = np.exp(signal) * 1000 if skewed else signal * 1000
    if classes:
        y = np.clip(np.digitize(signal, [-0.5, 0.8]), 0, classes - 1)
    shape = Shape(ROWS, len(NAMES), classes, (), 1, 0)
    chosen = FAMILIES[family].portfolio(shape)[0] | params
    model = FAMILIES[family].fit(chosen, x, y, shape, Guard(lambda: None))
    task = (Task.REGRESSION, Task.REGRESSION, Task.BINARY, Task.MULTICLASS)[classes]
    signature = Signature((), "t", task, tuple("abc"[:classes]))
    return TrainedModel(signature, prepared, (Member(family, 1.0, model),))


@pytest.mark.parametrize("classes", [0, 2, 3])
@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_graph_answers_like_the_model(family: str, classes: int) -> None:
    """All families and tasks, with missing, extreme and barely representable values."""
    model = fitted(family, classes)
    session = open_session(build_graph(model).SerializeToString())
    parity = check_parity(model, session, numbers(seed=5), 0)
    assert parity.worst < 1e-5
    assert parity.rows > ROWS


@pytest.mark.parametrize("family", [f for f in sorted(FAMILIES) if f != "constant"])
def test_a_logarithm_of_the_target_is_raised_alike(family: str) -> None:
    model = fitted(family, 0, skewed=True, log_target=True)
    session = open_session(build_graph(model).SerializeToString())
    assert check_parity(model, session, numbers(seed=5), 0).worst < 1e-5


@pytest.mark.parametrize("classes", [0, 2, 3])
def test_sets_of_codes_are_asked_alike(classes: int) -> None:
    """Codes of few and of many levels, missing, new and out of range; means are left alone."""
    random = np.random.default_rng(3)
    made = {
        "few": random.integers(0, 6, ROWS).astype(np.float32),
        "mean": random.normal(size=ROWS).astype(np.float32),
        "many": random.integers(0, 120, ROWS).astype(np.float32),
        "size": random.normal(size=ROWS).astype(np.float32),
    }
    inputs = tuple(Input(n, ColumnType.DECIMAL, Encoding.NUMBER) for n in made)
    prepared = Preparation(inputs, {}, tuple(made), (0,), (2,), (1,))
    signal = np.isin(made["few"], [1, 4]) * 2.0 + np.sin(made["many"]) + made["size"]
    y = signal if not classes else np.clip(np.digitize(signal, [0.3, 1.5]), 0, classes - 1)
    shape = Shape(ROWS, 4, classes, (0,), 1, 0, (2,), (1,))
    params = FAMILIES["lightgbm"].portfolio(shape)[0] | {
        "categories": "native", "min_child_samples": 5,
    }  # fmt: skip
    model = FAMILIES["lightgbm"].fit(params, prepared.transform(Table(made, ROWS)), y, shape, FREE)
    task = (Task.REGRESSION, Task.REGRESSION, Task.BINARY, Task.MULTICLASS)[classes]
    whole = TrainedModel(
        Signature((), "t", task, tuple("abc"[:classes])), prepared, (Member("x", 1.0, model),)
    )
    odd = {n: v.copy() for n, v in made.items()}
    odd["few"][:40:4], odd["few"][1:40:4], odd["many"][2:40:4] = np.nan, 77, 10_000
    graph = build_graph(whole)
    assert "cat_threshold" in model.model.booster_.model_to_string()
    session = open_session(graph.SerializeToString())
    for table in (Table(made, ROWS), Table(odd, ROWS)):
        theirs = run_session(session, table.feed(tuple(made)))[-1]
        assert np.abs(theirs.reshape(ROWS, -1) - whole.outputs(table)).max() < 1e-5


def test_a_temperature_is_in_the_graph() -> None:
    model = replace(fitted("lightgbm", 3), temperature=1.7)
    session = open_session(build_graph(model).SerializeToString())
    made = check_parity(model, session, numbers(seed=6), 0)
    assert made.worst < 1e-5
    plain = replace(model, temperature=1.0).outputs(numbers(seed=6))
    assert np.abs(model.outputs(numbers(seed=6)) - plain).max() > 0.01


@pytest.mark.parametrize("family", ["lightgbm", "xgboost", "random_forest", "extra_trees"])
def test_trees_decide_alike_next_to_their_thresholds(family: str) -> None:
    """Values one step of float32 to either side of a training value go the same way."""
    model = fitted(family, 2, missing=0.0)
    session = open_session(build_graph(model).SerializeToString())
    table = numbers(seed=0, missing=0.0)
    for toward in (-np.inf, np.inf):
        moved = {
            n: np.nextafter(np.asarray(v, np.float32), np.float32(toward))
            for n, v in table.columns.items()
        }
        near = Table(moved, ROWS)
        theirs = run_session(session, near.feed(NAMES))[-1]
        assert np.abs(theirs - model.outputs(near)).max() < 1e-5


def test_lightgbm_without_missing_in_training_takes_missing_alike() -> None:
    model = fitted("lightgbm", 3, missing=0.0)
    session = open_session(build_graph(model).SerializeToString())
    assert check_parity(model, session, numbers(seed=2, missing=0.5), 0).worst < 1e-5


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_an_infinity_is_missing_for_the_graph_too(family: str) -> None:
    model = fitted(family, 2)
    table = numbers(seed=4)
    name = NAMES[1]
    feed = table.feed(NAMES)
    feed[name][:5], feed[name][5:10] = np.inf, -np.inf
    frame = {n: v.ravel() for n, v in feed.items()}
    theirs = run_session(open_session(build_graph(model).SerializeToString()), feed)[-1]
    assert np.abs(theirs - model.predict_proba(frame)).max() < 1e-5


def test_mixture_is_the_weighted_mean() -> None:
    one, two = fitted("lightgbm", 2), fitted("linear", 2)
    members = (
        Member("lightgbm", 0.3, one.members[0].model),
        Member("linear", 0.7, two.members[0].model),
    )
    mixed = TrainedModel(one.signature, one.preparation, members)
    table = numbers(seed=3)
    session = open_session(build_graph(mixed).SerializeToString())
    expected = 0.3 * one.outputs(table) + 0.7 * two.outputs(table)
    made = run_session(session, table.feed(NAMES))[-1]
    assert np.abs(made - expected).max() < 1e-5


def test_a_graph_that_answers_otherwise_is_refused() -> None:
    """Parity is a gate: another model's graph must not pass."""
    other = open_session(build_graph(fitted("linear", 2)).SerializeToString())
    with pytest.raises(ExportError, match="differently"):
        check_parity(fitted("lightgbm", 2), other, numbers(), 0)


def test_files_are_named_by_their_content(tmp_path: Path) -> None:
    made = export(fitted("lightgbm", 0), tmp_path, "x", numbers(), 0)
    assert set(made.artifacts) == {"onnx", "pickle"}
    assert made.size_bytes == (tmp_path / "x.onnx").stat().st_size
    assert len(made.artifacts["pickle"]["sha256"]) == 64
    assert made.latency_ms > 0
