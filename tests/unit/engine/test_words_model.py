"""A model that reads a text word by word, from raw rows to both files.

No column is chosen for it yet, so the choice is made here.
"""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import onnx
import pyarrow as pa
import pytest

from freemlops.domain.run import Task
from freemlops.engine import source
from freemlops.engine.export import skops_file
from freemlops.engine.export.files import export
from freemlops.engine.export.members import OPSETS
from freemlops.engine.export.parity import TOLERANCE
from freemlops.engine.export.text import TEXT_OPSET
from freemlops.engine.preprocess.inputs import Encoding, Input, choose_inputs
from freemlops.engine.preprocess.preparation import fit_preparation, fit_transform
from freemlops.engine.table import Table, Text
from freemlops.serving.onnx_gate import check_graph

from .generated import TARGET
from .test_generated import answers, opened, trained

pytestmark = pytest.mark.filterwarnings("ignore")
GOOD, BAD = ("great", "Loved", "açaí", "perfect"), ("awful", "Broken", "hated", "worst")
PLAIN = ("the", "product", "arrived", "on", "monday", "box", "it", "was", "and", "very")


def reviews(rows: int = 400, seed: int = 1, later: bool = False) -> pa.Table:
    """The words alone decide the target; `later` rows have unseen words and odd spellings."""
    random = np.random.default_rng([seed, later])
    signal = random.integers(0, 2, rows)
    texts: list[str | None] = []
    for row, good in enumerate(signal):
        words = [*random.choice(PLAIN, 6), *random.choice(GOOD if good else BAD, 2), f"n{row}"]
        if later:
            words = [str(w).upper() if random.random() < 0.3 else f"{w}!" for w in words]
        missing = random.random() < 0.05
        texts.append(None if missing else " ".join(random.permutation(words).tolist()))
    amount = random.normal(size=rows)
    target = signal * 3.0 + random.normal(size=rows) * 0.1
    columns = {"review": texts, "amount": amount, "yes": signal.astype(str), TARGET: target}
    return pa.table(columns)


def table(task: Task, later: bool = False) -> pa.Table:
    made = reviews(later=later)
    goal = made[TARGET] if task is Task.REGRESSION else made["yes"]
    return made.drop_columns(["yes", TARGET]).append_column(TARGET, goal)


@pytest.fixture
def read_by_word(monkeypatch: pytest.MonkeyPatch) -> None:
    def chosen(made: Table, columns: Any, target: str, exclude: Any) -> Any:
        inputs, notes = choose_inputs(made, columns, target, exclude)
        text = [Input(c.name, c.type, Encoding.WORDS) for c in columns if c.name == "review"]
        return (*text, *inputs), notes

    monkeypatch.setattr(source, "choose_inputs", chosen)


@pytest.mark.usefixtures("read_by_word")
@pytest.mark.parametrize("task", [Task.BINARY, Task.REGRESSION])
def test_graph_and_pickle_of_every_family_agree(task: Task, tmp_path: Path) -> None:
    """Whole models and their mixture, on unseen words, other spellings and missing texts."""
    work = opened(table(task), task, tmp_path)
    for name, model in trained(work).items():
        made = export(model, tmp_path, name, work.holdout, 0)
        assert made.parity.worst <= TOLERANCE, name
        assert not made.parity.other_classes, name
        later = table(task, later=True)
        worst = answers(tmp_path / f"{name}.onnx", tmp_path / f"{name}.pickle", work, later)
        assert worst <= TOLERANCE, (name, worst)
        graph = (tmp_path / f"{name}.onnx").read_bytes()
        check_graph(graph)
        assert {o.domain: o.version for o in onnx.load_from_string(graph).opset_import} == (
            OPSETS | {"": TEXT_OPSET}
        )


@pytest.mark.usefixtures("read_by_word")
def test_a_skops_file_holds_the_words(tmp_path: Path) -> None:
    pytest.importorskip("skops")
    work = opened(table(Task.BINARY), Task.BINARY, tmp_path)
    model = trained(work)["linear"]
    later = table(Task.BINARY, later=True)
    columns = {c.name: later[c.name].to_pylist() for c in work.signature.columns}
    skops_file.prove(model, skops_file.dump(model), columns)


def share_right(tmp_path: Path) -> float:
    """The share of later rows that have a text and get the right class."""
    work = opened(table(Task.BINARY), Task.BINARY, tmp_path)
    model = trained(work)["lightgbm"]
    export(model, tmp_path, "m", work.holdout, 0)
    later = table(Task.BINARY, later=True)
    there = later.filter(later["review"].is_valid()).to_pandas()
    found = joblib.load(tmp_path / "m.pickle").predict(there)
    return float(np.mean(np.asarray(found) == there[TARGET].to_numpy()))


@pytest.mark.usefixtures("read_by_word")
def test_words_that_decide_the_target_are_learned(tmp_path: Path) -> None:
    assert share_right(tmp_path) > 0.9


def test_until_a_column_is_chosen_for_it_such_a_text_stays_out(tmp_path: Path) -> None:
    work = opened(table(Task.BINARY), Task.BINARY, tmp_path)
    assert [c.name for c in work.signature.columns] == ["amount"]
    assert share_right(tmp_path) < 0.7


@pytest.mark.usefixtures("read_by_word")
def test_features_are_learned_from_the_training_rows_alone(tmp_path: Path) -> None:
    """Texts of other rows leave no word in a fold's preparation, and a seed repeats it."""
    work = opened(table(Task.BINARY), Task.BINARY, tmp_path)
    half = work.source.table.take(np.arange(200))
    texts = half.columns["review"]
    assert isinstance(texts, Text)
    goal = np.zeros((200, 1))
    ours, x = fit_transform(work.source.inputs, half, goal, 1)
    again, y = fit_transform(work.source.inputs, half, goal, 1)
    np.testing.assert_array_equal(x, y)
    assert dict(ours.words["review"].terms) == dict(again.words["review"].terms)
    wider = Text(texts.codes, (*texts.levels, "zebra one", "zebra two"))
    other, z = fit_transform(
        work.source.inputs, Table({**half.columns, "review": wider}, 200), goal, 1
    )
    assert not any("zebra" in t for t in other.words["review"].terms)
    np.testing.assert_array_equal(x, z)


@pytest.mark.usefixtures("read_by_word")
def test_a_missing_text_is_missing_in_every_feature(tmp_path: Path) -> None:
    work = opened(table(Task.BINARY), Task.BINARY, tmp_path)
    texts = work.source.table.columns["review"]
    assert isinstance(texts, Text)
    matrix = work.preparation.transform(work.source.table)
    width = work.preparation.words["review"].components.shape[1]
    assert work.preparation.features[:width] == tuple(f"review.word{k + 1}" for k in range(width))
    there = texts.codes >= 0
    assert 0 < there.sum() < len(there)
    assert np.isnan(matrix[~there, :width]).all()
    assert not np.isnan(matrix[there, :width]).any()


def test_a_preparation_pickled_before_there_were_words_loads(tmp_path: Path) -> None:
    work = opened(table(Task.BINARY), Task.BINARY, tmp_path)
    new = fit_preparation(work.source.inputs, work.source.table, work.source.goal)
    loaded = object.__new__(type(new))
    loaded.__setstate__(new.__getstate__()[:-1])  # type: ignore[index]
    assert loaded == new
    assert pickle.loads(pickle.dumps(new)) == new
