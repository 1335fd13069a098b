"""The service over a real warehouse: which graph and which rows the figures are of."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pytest

from freemlops.domain.dataset import ColumnType
from freemlops.domain.errors import NotFoundError
from freemlops.domain.explanation import TESTED
from freemlops.domain.model import Signature, SignatureColumn
from freemlops.domain.run import (
    Candidate,
    Event,
    EventKind,
    Phase,
    Run,
    RunSpec,
    RunStatus,
    Score,
    Task,
)
from freemlops.engine.export.graph import build_graph
from freemlops.engine.reporter import fields
from freemlops.services.changes import Changes
from freemlops.services.explanations import ExplanationService
from freemlops.services.recorder import Recorder
from freemlops.warehouse.warehouse import Warehouse
from tests.unit.engine.test_export import NAMES, fitted, numbers
from tests.unit.services.tables import store

BEST = "best"


def graph(family: str, path: Path) -> dict[str, Any]:
    path.write_bytes(build_graph(fitted(family, 2)).SerializeToString())
    return {"onnx": {"path": str(path)}}


@pytest.fixture
def run(warehouse: Warehouse, tmp_path: Path) -> Run:
    """A run of before held-out rows were kept, its candidate recorded as a training tells it."""
    table = numbers(seed=3, missing=0.1)
    columns: dict[str, list[Any]] = {
        n: [None if np.isnan(v) else float(v) for v in table.columns[n]] for n in NAMES
    }
    drive = np.nan_to_num(table.columns[NAMES[0]])
    columns["y"] = [None if at % 10 == 0 else "ab"[int(v > 0)] for at, v in enumerate(drive)]
    data = store(warehouse, columns)
    spec = RunSpec(data.dataset, data.version, "y", Task.BINARY, "roc_auc", 15.0)
    made = Run("run_1", spec, "t", RunStatus.RUNNING, Phase.SEARCH, 0.5, datetime.now(UTC))
    warehouse.runs.add(made)
    known = tuple(SignatureColumn(n, ColumnType.DECIMAL, has_missing=True) for n in NAMES)
    signature = Signature(known, "y", Task.BINARY, ("a", "b"))
    score = {"roc_auc": Score(0.8, 0.7, 0.9)}
    candidate = Candidate(BEST, made.id, "lightgbm", score, size_bytes=1, parity=0.0)
    record = Recorder(warehouse, Changes()).record
    plan = {"signature": msgspec.to_builtins(signature), "libraries": {}}
    assert record(made.id, Event(EventKind.PLAN, 0.1, plan))
    data_of = fields(candidate) | {"artifacts": graph("lightgbm", tmp_path / "first.onnx")}
    assert record(made.id, Event(EventKind.CANDIDATE, 1.0, data_of))
    return made


def again(warehouse: Warehouse, run: Run, path: Path) -> None:
    """The winner comes once more, trained on all rows."""
    data = {"candidate": BEST, "tied": [], "artifacts": graph("linear", path)}
    recorder = Recorder(warehouse, Changes())
    assert recorder.record(run.id, Event(EventKind.BEST, 2.0, data))


def hold_out(warehouse: Warehouse, run: Run, path: Path) -> list[int]:
    """Store answers on some rows, as a training does."""
    rows = [at for at in range(0, 80) if at % 10]
    truth = [float(at % 2) for at in rows]
    share = pa.array([0.5] * len(rows), pa.float32())
    columns = {"row": pa.array(rows, pa.int64()), "truth": pa.array(truth)}
    table = pa.table(
        columns | {"share_0": share, "share_1": share}, metadata={"classes": '["a", "b"]'}
    )
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as file:
        file.write_table(table)
    warehouse.holdouts.put(run.id, BEST, path)
    return rows


def test_the_graph_that_was_tested_is_kept_beside_the_one_of_all_rows(
    warehouse: Warehouse, run: Run, tmp_path: Path
) -> None:
    first = warehouse.runs.artifacts(run.id, BEST)["onnx"]
    again(warehouse, run, tmp_path / "second.onnx")
    kept = warehouse.runs.artifacts(run.id, BEST)
    assert kept[TESTED].sha256 == first.sha256
    assert kept["onnx"].sha256 != first.sha256
    assert warehouse.artifacts.drop_unused() == 0


def test_importance_is_of_the_tested_graph_and_reasons_of_the_served_one(
    warehouse: Warehouse, run: Run, tmp_path: Path
) -> None:
    rows = hold_out(warehouse, run, tmp_path / "held.arrow")
    before = ExplanationService(warehouse).importance(run.id, BEST)
    served = ExplanationService(warehouse).contributions_at(run.id, BEST, [1], "b")
    again(warehouse, run, tmp_path / "second.onnx")
    service = ExplanationService(warehouse)
    after = service.importance(run.id, BEST)
    assert after.basis.held_out
    assert after.basis.unseen
    assert after.basis.rows == len(rows)
    assert [e.by_fit.value for e in after.effects] == [e.by_fit.value for e in before.effects]
    assert service.contributions_at(run.id, BEST, [1], "b")[0].made != served[0].made
    assert {r.row for r in service.rows(run.id, BEST)} == set(rows)


def test_a_run_without_held_out_rows_says_so(warehouse: Warehouse, run: Run) -> None:
    """Rows with a target stand in for them, and the figures are not called honest."""
    service = ExplanationService(warehouse)
    made = service.importance(run.id, BEST)
    assert not made.basis.held_out
    assert not made.basis.unseen
    rows = service.rows(run.id, BEST)
    assert rows
    assert all(r.row % 10 for r in rows)
    assert made is service.importance(run.id, BEST)


def test_a_row_of_the_data_is_explained_like_the_same_row_typed(
    warehouse: Warehouse, run: Run
) -> None:
    service = ExplanationService(warehouse)
    row = service.rows(run.id, BEST)[0]
    (by_place,) = service.contributions_at(run.id, BEST, [row.row])
    (typed,) = service.contributions(run.id, BEST, [row.values])
    assert by_place.parts == typed.parts
    total = typed.base + sum(p.amount for p in typed.parts)
    assert total == pytest.approx(typed.made, abs=1e-9)


def test_deleted_data_is_missed_in_words(warehouse: Warehouse, run: Run) -> None:
    service = ExplanationService(warehouse)
    service.importance(run.id, BEST)
    warehouse.datasets.delete(run.spec.dataset)
    with pytest.raises(NotFoundError, match="deleted"):
        service.importance(run.id, BEST)
