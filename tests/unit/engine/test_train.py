from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import joblib
import msgspec
import numpy as np
import pyarrow as pa
import pytest

from freemlops.domain.holdout import PREDICTIONS
from freemlops.domain.job import TrainJob
from freemlops.domain.metric import metrics_for
from freemlops.domain.model import Signature
from freemlops.domain.run import Candidate, Event, EventKind, Receipt, Split, SplitKind, Task
from freemlops.engine.evaluate import measure
from freemlops.engine.predict import Predictor
from freemlops.engine.train import train

from .conftest import TARGETS, MakeJob, mixed_table

pytestmark = pytest.mark.filterwarnings("ignore")


def run(job: TrainJob, stop: Callable[[], str | None] = lambda: None) -> list[Event]:
    events: list[Event] = []
    train(job, events.append, stop)
    return events


def of_kind(events: list[Event], kind: EventKind) -> list[Event]:
    return [e for e in events if e.kind is kind]


def error_of(events: list[Event]) -> str:
    assert events[-1].data["status"] == "failed"
    return str(events[-1].data["error"]["template"])


def check_answers(event: Event, candidate: Candidate, task: Task) -> None:
    """The answers that go along give the board's figures, for rows found by their place."""
    path = event.data["artifacts"][PREDICTIONS]["path"]
    table = pa.ipc.open_file(pa.memory_map(path)).read_all()
    classes = json.loads(table.schema.metadata[b"classes"])
    names = [f"share_{i}" for i in range(len(classes))] or ["value"]
    made = np.stack([table[n].to_numpy().astype(float) for n in names], axis=1)
    truth = table["truth"].to_numpy()
    y = truth.astype(int) if classes else truth
    for name, score in candidate.holdout.items():
        assert measure(name, y, made)[0] == pytest.approx(score.value, abs=1e-5)
    raw = mixed_table()[TARGETS[task]].take(table["row"]).to_pylist()
    if classes:
        assert [str(v) for v in raw] == [classes[int(v)] for v in truth]
    else:
        assert raw == pytest.approx(truth)


@pytest.mark.parametrize("task", list(Task))
def test_board_has_baseline_linear_lightgbm_and_forest_all_exported(
    make_job: MakeJob, task: Task
) -> None:
    """Every task gets a full board, each candidate with every metric and proven files."""
    events = run(make_job(mixed_table(), task))
    assert events[-1].kind is EventKind.DONE
    assert events[-1].data["status"] == "finished"
    found = of_kind(events, EventKind.CANDIDATE)
    made = {e.data["id"]: msgspec.convert(dict(e.data), Candidate) for e in found}
    assert {"constant", "linear", "lightgbm", "random_forest"} <= set(made)
    assert {e.data["id"] for e in found if "artifacts" in e.data} == set(made)
    for event in found:
        candidate = made[event.data["id"]]
        assert set(candidate.holdout) == {m.name for m in metrics_for(task)}
        assert all(s.low <= s.value <= s.high for s in candidate.holdout.values())
        assert candidate.parity is not None and candidate.parity <= 1e-5
        assert candidate.latency_ms is not None and candidate.size_bytes
    for event in (e for e in found if "artifacts" in e.data):
        for format in ("onnx", "pickle"):
            assert Path(event.data["artifacts"][format]["path"]).stat().st_size > 0
        check_answers(event, made[event.data["id"]], task)
    assert events[-1].data["best"] in made
    assert events[-1].data["best"] != "constant"
    receipt = msgspec.convert(events[-1].data["receipt"], Receipt)
    assert receipt.trials == 4
    assert sum(receipt.parts.values()) == pytest.approx(receipt.used_s, abs=0.05)


@pytest.mark.parametrize("task", list(Task))
def test_predictor_and_pickle_answer_alike_from_raw_columns(make_job: MakeJob, task: Task) -> None:
    """The stored graph and the pickle of the winner agree on JSON rows, missing included."""
    job = make_job(mixed_table(), task)
    events = run(job)
    plan = of_kind(events, EventKind.PLAN)[0].data
    signature = msgspec.convert(plan["signature"], Signature)
    files = of_kind(events, EventKind.BEST)[-1].data["artifacts"]
    rows = mixed_table(60, seed=9)
    columns = {c.name: rows[c.name].to_pylist() for c in signature.columns}
    predictor = Predictor(Path(files["onnx"]["path"]).read_bytes(), signature)
    made = predictor.predict(columns, 60)
    model = joblib.load(files["pickle"]["path"])
    frame = rows.to_pandas()
    if signature.classes:
        assert made.probabilities is not None
        assert np.allclose(made.probabilities, model.predict_proba(frame), atol=1e-5)
        assert list(made.values) == list(model.predict(frame))
    else:
        assert np.allclose(made.values, model.predict(frame), rtol=1e-5)


def test_same_seed_and_trials_give_the_same_bits(make_job: MakeJob) -> None:
    """The clock has no say when the number of trials is fixed."""
    table = mixed_table(120)
    boards = []
    for _ in range(2):
        events = run(make_job(table, Task.BINARY, max_trials=5))
        found = of_kind(events, EventKind.CANDIDATE)
        boards.append(
            (
                [(e.data["id"], e.data["holdout"], e.data["folds"]) for e in found],
                [e.data["artifacts"]["onnx"]["sha256"] for e in found if "artifacts" in e.data],
                [(e.data["family"], e.data["loss"]) for e in of_kind(events, EventKind.TRIAL)],
                of_kind(events, EventKind.BEST)[-1].data["artifacts"]["onnx"]["sha256"],
            )
        )
    assert boards[0] == boards[1]


def test_events_hold_only_json_values(make_job: MakeJob) -> None:
    """What goes into the history survives JSON unchanged."""
    for event in run(make_job(mixed_table(120), Task.BINARY, max_trials=2)):
        assert msgspec.json.decode(msgspec.json.encode(event.data)) == event.data


def test_rows_without_target_are_left_out_and_said(make_job: MakeJob) -> None:
    table = mixed_table(120)
    targets = table["alvo"].to_pylist()
    targets[:10] = [None] * 10
    table = table.set_column(table.column_names.index("alvo"), "alvo", pa.array(targets))
    events = run(make_job(table, Task.BINARY, max_trials=1))
    notes = events[-1].data["receipt"]["notes"]
    assert any(n["params"].get("rows") == 10 for n in notes)
    plan = of_kind(events, EventKind.PLAN)[0].data
    assert plan["develop_rows"] + plan["holdout_rows"] == 110


@pytest.mark.parametrize(
    ("values", "task", "words"),
    [
        (["a"] * 60, Task.BINARY, "same value in every row"),
        ([1.5] * 60, Task.REGRESSION, "same value in every row"),
        ([5e9 + i for i in range(60)], Task.REGRESSION, "hundred thousandth"),
        ([i * 1e300 for i in range(60)], Task.REGRESSION, "too large or too small"),
        ([i * 1e-12 for i in range(60)], Task.REGRESSION, "too large or too small"),
        (["x", "y"] * 30, Task.REGRESSION, "holds no numbers"),
        (["x", "y", "z"] * 20, Task.BINARY, "not two"),
        ([None] * 55 + ["x", "y", "x", "y", "x"], Task.BINARY, "at least"),
    ],
)
def test_refuses_target_that_cannot_be_learned(
    make_job: MakeJob, values: list[object], task: Task, words: str
) -> None:
    table = pa.table({"a": list(range(60)), "t": values})
    assert words in error_of(run(make_job(table, task, target="t", exclude=())))


def test_refuses_table_without_useful_column(make_job: MakeJob) -> None:
    table = pa.table({"a": [1] * 60, "t": ["x", "y"] * 30})
    events = run(make_job(table, Task.BINARY, target="t", exclude=()))
    assert "No column is left" in error_of(events)


def test_target_not_in_data_fails_in_words(make_job: MakeJob) -> None:
    events = run(make_job(mixed_table(60), Task.BINARY, target="nada", exclude=()))
    assert "There is no column" in error_of(events)


@pytest.mark.parametrize(("asked", "status"), [("stop", "stopped"), ("cancel", "cancelled")])
def test_asked_to_end_in_the_search_it_does(make_job: MakeJob, asked: str, status: str) -> None:
    """Stop keeps the best so far; cancel keeps nothing."""
    events: list[Event] = []

    def stop() -> str | None:
        return asked if any(e.kind is EventKind.TRIAL for e in events) else None

    train(make_job(mixed_table(120), Task.BINARY, max_trials=50), events.append, stop)
    assert events[-1].data["status"] == status
    assert (events[-1].data["best"] is not None) == (asked == "stop")


def test_two_rows_of_a_class_are_enough(make_job: MakeJob) -> None:
    """A rare class may be missing from a fold without ending anything."""
    table = pa.table({"a": list(range(90)), "t": ["x", "y"] * 43 + ["rare"] * 3 + ["once"]})
    events = run(make_job(table, Task.MULTICLASS, target="t", exclude=(), max_trials=5))
    assert events[-1].data["status"] == "finished", events[-1].data


@pytest.mark.parametrize(
    "split", [Split(SplitKind.TIME, "quando"), Split(SplitKind.GROUP, "label")]
)
def test_trains_with_time_and_group_splits(make_job: MakeJob, split: Split) -> None:
    job = make_job(mixed_table(), Task.REGRESSION, split=split, max_trials=2)
    assert run(job)[-1].data["status"] == "finished"
