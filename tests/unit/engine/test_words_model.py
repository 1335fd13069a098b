"""A model that reads a text word by word, from raw rows to both files."""

from __future__ import annotations

import pickle
from pathlib import Path

import joblib
import numpy as np
import onnx
import pyarrow as pa
import pytest

from freemlops.domain.run import Task
from freemlops.engine.export import skops_file
from freemlops.engine.export.files import export
from freemlops.engine.export.members import OPSETS
from freemlops.engine.export.parity import TOLERANCE
from freemlops.engine.export.text import TEXT_OPSET
from freemlops.engine.families import FAMILIES, Guard
from freemlops.engine.preprocess.inputs import Encoding, choose_inputs
from freemlops.engine.preprocess.preparation import fit_preparation, fit_transform
from freemlops.engine.table import Table, Text, values_of
from freemlops.serving.onnx_gate import check_graph

from .conftest import described
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


def test_words_that_decide_the_target_are_learned(tmp_path: Path) -> None:
    assert share_right(tmp_path) > 0.9


def chosen(texts: list[str | None]) -> Encoding | None:
    """How such a column is read; None where it is left aside."""
    made = pa.table({"t": texts, "n": list(range(len(texts)))})
    known = described(made)
    columns = {c.name: values_of(made.column(c.name), c.type) for c in known}
    inputs, notes = choose_inputs(Table(columns, len(texts)), known, "n", ())
    assert len(notes) == (inputs == () or inputs[0].encoding is Encoding.WORDS)
    return inputs[0].encoding if inputs else None


def test_sentences_are_read_word_by_word_and_other_texts_are_not() -> None:
    texts = reviews()["review"].to_pylist()
    assert chosen(texts) is Encoding.WORDS
    assert chosen(texts[:50] * 8) is Encoding.CODE, "few different ones are labels"
    assert chosen([f"{t}_{t}"[:40].replace(" ", "") for t in texts]) is None, "no blanks"
    assert chosen([f"n {row}" for row in range(400)]) is None, "short names"
    strange = [f"{row}a{row} {row}b{row} {row}c{row} {row}d{row} {row}e" for row in range(400)]
    assert chosen(strange) is None, "no word comes back"


def test_the_folds_may_leave_the_words_out(tmp_path: Path) -> None:
    """A setting of every family; not where there is nothing else to learn from."""
    work = opened(table(Task.BINARY), Task.BINARY, tmp_path)
    for family in FAMILIES.values():
        settings = [p for p in family.portfolio(work.shape) if p.get("words") is False]
        assert len(settings) == 1
        model = family.fit(settings[0], work.x, work.y, work.shape, Guard(lambda: None))
        assert set(range(work.shape.features)) - set(work.shape.worded) == set(model.places)
    alone = opened(table(Task.BINARY).drop_columns(["amount"]), Task.BINARY, tmp_path)
    assert len(alone.shape.worded) == alone.shape.features > 0
    assert not any("words" in p for f in FAMILIES.values() for p in f.portfolio(alone.shape))


def test_the_signature_lists_no_texts_that_are_read_by_word(tmp_path: Path) -> None:
    work = opened(table(Task.BINARY), Task.BINARY, tmp_path)
    review = next(c for c in work.signature.columns if c.name == "review")
    assert review.categories == ()
    assert isinstance(review.example, str)


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
    work = opened(table(Task.BINARY).drop_columns(["review"]), Task.BINARY, tmp_path)
    new = fit_preparation(work.source.inputs, work.source.table, work.source.goal)
    loaded = object.__new__(type(new))
    loaded.__setstate__(new.__getstate__()[:-2])
    assert loaded == new
    assert pickle.loads(pickle.dumps(new)) == new
