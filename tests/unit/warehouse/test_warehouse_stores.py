"""Runs, their history, artifacts, settings."""

from __future__ import annotations

import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from freemlops.domain.errors import NotFoundError, WarehouseError
from freemlops.domain.model import (
    Artifact,
)
from freemlops.domain.run import (
    Candidate,
    Event,
    EventKind,
    Phase,
    Receipt,
    Run,
    RunStatus,
    Score,
    Trial,
)
from freemlops.domain.words import say
from freemlops.warehouse.warehouse import Warehouse
from tests.unit.warehouse.conftest import SIGNATURE

CANDIDATE = Candidate(
    id="c1",
    run="run_1",
    family="ensemble",
    holdout={"roc_auc": Score(0.9, 0.85, 0.95), "accuracy": Score(0.8, 0.7, 0.9)},
    folds=(0.91, 0.89),
    fit_s=1.25,
    latency_ms=0.03,
    size_bytes=1000,
    tied_with_best=True,
    parity=1e-6,
    parity_rows=500,
    members=(("lgbm", 0.75), ("linear", 0.25)),
    params={"leaves": 31, "rate": 0.1, "nested": {"a": [1, None, "é"]}},
)
TRIAL = Trial(3, "lgbm", 0.25, 0.5, 2.5, {"leaves": 31, "flag": True})


def event(candidate: Candidate, seq: int) -> Event:
    data = {**msgspec.to_builtins(candidate), "artifacts": {"onnx": {"path": "/gone"}}}
    return Event(EventKind.CANDIDATE, 3.0, data, seq)


def test_a_run_comes_back_as_it_was_stored(warehouse: Warehouse, a_run: Callable[..., Run]) -> None:
    run = a_run()
    warehouse.runs.add(run)
    assert warehouse.runs.get("run_1") == run
    with pytest.raises(NotFoundError):
        warehouse.runs.get("run_2")


def test_every_part_of_the_state_can_be_updated(
    warehouse: Warehouse, a_run: Callable[..., Run]
) -> None:
    now = datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC)
    warehouse.runs.add(a_run())
    fields = {
        "status": RunStatus.FINISHED,
        "phase": Phase.DONE,
        "progress": 1.0,
        "started_at": now,
        "finished_at": now,
        "best": "c1",
        "receipt": Receipt(15.0, 14.5, {"search": 9.0}, 12, (say("{n} left out", n=2),)),
        "plan": {"families": ["lgbm"], "split": {"folds": 5}},
        "libraries": {"lightgbm": "4.6"},
        "error": say("It went {how}", how="wrong"),
    }
    warehouse.runs.update("run_1", **fields)
    got = warehouse.runs.get("run_1")
    assert {k: getattr(got, k) for k in fields} == fields
    warehouse.runs.update("run_1", error=None)
    assert warehouse.runs.get("run_1").error is None
    with pytest.raises(NotFoundError):
        warehouse.runs.update("run_2", best="c1")
    with pytest.raises(TypeError):
        warehouse.runs.update("run_1", dataset_name="x")


def test_unfinished_runs_and_pages_of_all(warehouse: Warehouse, a_run: Callable[..., Run]) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for i in range(5):
        same_moment = start + timedelta(seconds=i // 2)
        warehouse.runs.add(a_run(f"run_{i}", same_moment))
    warehouse.runs.update("run_1", status=RunStatus.CANCELLED)
    assert [r.id for r in warehouse.runs.unfinished()] == ["run_0", "run_2", "run_3", "run_4"]
    first = warehouse.runs.latest(3)
    second = warehouse.runs.latest(3, first.cursor)
    ids = [r.id for r in (*first.items, *second.items)]
    assert ids == ["run_4", "run_3", "run_2", "run_1", "run_0"]
    assert second.cursor is None


def test_events_become_trials_and_candidates(warehouse: Warehouse) -> None:
    trial = Event(EventKind.TRIAL, 2.5, msgspec.to_builtins(TRIAL), 1)
    log = Event(EventKind.LOG, 3.5, say("Olá {n}", n=1).to_json(), 3)
    warehouse.runs.add_events("run_1", [trial, event(CANDIDATE, 2), log])
    assert warehouse.runs.trials("run_1") == (TRIAL,)
    assert warehouse.runs.candidates("run_1") == (CANDIDATE,)
    assert [e.seq for e in warehouse.runs.events("run_1", 1, 10)] == [2, 3]
    assert warehouse.runs.events("run_1", 2, 10) == (log,)
    assert "artifacts" not in warehouse.runs.events("run_1", 1, 1)[0].data


def test_a_candidate_that_comes_again_replaces_itself(warehouse: Warehouse) -> None:
    better = msgspec.convert(
        {**msgspec.to_builtins(CANDIDATE), "family": "lgbm", "holdout": {}}, Candidate
    )
    warehouse.runs.add_events("run_1", [event(CANDIDATE, 1)])
    warehouse.runs.add_events("run_1", [event(better, 2)])
    assert warehouse.runs.candidates("run_1") == (better,)


def test_scores_that_are_no_numbers_survive(warehouse: Warehouse) -> None:
    odd = Candidate("c2", "run_1", "lgbm", {"rmse": Score(math.nan, math.inf, -math.inf)})
    failed = {"number": 1, "family": "rf", "loss": math.inf, "fit_s": 0.1, "at_s": 0.2}
    warehouse.runs.add_events("run_1", [event(odd, 1), Event(EventKind.TRIAL, 1.0, failed, 2)])
    (got,) = warehouse.runs.candidates("run_1")
    assert math.isnan(got.holdout["rmse"].value)
    assert got.holdout["rmse"].low == math.inf
    assert warehouse.runs.trials("run_1")[0].loss == math.inf


def test_ties_can_be_set_later(warehouse: Warehouse) -> None:
    warehouse.runs.add_events("run_1", [event(CANDIDATE, 1)])
    warehouse.runs.set_ties("run_1", [])
    assert not warehouse.runs.candidates("run_1")[0].tied_with_best
    warehouse.runs.set_ties("run_1", ["c1"])
    assert warehouse.runs.candidates("run_1")[0].tied_with_best


def test_the_signature_comes_back(warehouse: Warehouse, a_run: Callable[..., Run]) -> None:
    warehouse.runs.add(a_run())
    with pytest.raises(NotFoundError):
        warehouse.runs.signature("run_1")
    warehouse.runs.update("run_1", signature=SIGNATURE)
    assert warehouse.runs.signature("run_1") == SIGNATURE


def test_an_artifact_is_stored_once_in_pieces_and_comes_back(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    content = bytes(range(256)) * 80_000  # 20 MB: three pieces
    (tmp_path / "m.onnx").write_bytes(content)
    with ThreadPoolExecutor(3) as pool:
        one, two, _ = pool.map(
            lambda f: warehouse.artifacts.put(tmp_path / "m.onnx", f), ["onnx", "pickle", "onnx"]
        )
    assert (one.sha256, one.format, two.format) == (two.sha256, "onnx", "pickle")
    assert warehouse.artifacts.read(one.sha256) == content
    with warehouse.reader() as cursor:
        pieces = cursor.execute(f'SELECT count(*) FROM blob."b_{one.sha256}"').fetchone()
    assert pieces == (3,)


def test_an_empty_artifact_is_one_too(warehouse: Warehouse, tmp_path: Path) -> None:
    (tmp_path / "e").write_bytes(b"")
    assert warehouse.artifacts.read(warehouse.artifacts.put(tmp_path / "e", "log").sha256) == b""


def test_a_damaged_artifact_is_noticed(warehouse: Warehouse, tmp_path: Path) -> None:
    (tmp_path / "m").write_bytes(b"abc" * 1000)
    sha256 = warehouse.artifacts.put(tmp_path / "m", "onnx").sha256
    flip = f"UPDATE blob.\"b_{sha256}\" SET data = 'abd'::BLOB"
    warehouse.write(lambda c: c.execute(flip) and None)
    with pytest.raises(WarehouseError, match="damaged"):
        warehouse.artifacts.read(sha256)


def test_a_dropped_artifact_is_gone(warehouse: Warehouse, tmp_path: Path) -> None:
    (tmp_path / "m").write_bytes(b"abc")
    sha256 = warehouse.artifacts.put(tmp_path / "m", "onnx").sha256
    warehouse.artifacts.drop(sha256)
    warehouse.artifacts.drop(sha256)
    with pytest.raises(NotFoundError):
        warehouse.artifacts.read(sha256)
    assert warehouse.artifacts.read(warehouse.artifacts.put(tmp_path / "m", "onnx").sha256)


def test_a_candidates_artifacts_are_kept_by_format(warehouse: Warehouse) -> None:
    onnx, pickle = Artifact("a" * 64, "onnx", 1), Artifact("b" * 64, "pickle", 2)
    newer = Artifact("c" * 64, "onnx", 3)
    for artifact in (onnx, pickle, newer):
        warehouse.runs.set_artifact("run_1", "c1", artifact)
    assert warehouse.runs.artifacts("run_1", "c1") == {"onnx": newer, "pickle": pickle}
    assert warehouse.runs.artifacts("run_1", "c2") == {}


def test_settings_are_kept_and_replaced(warehouse: Warehouse) -> None:
    assert warehouse.settings.get("k") is None
    warehouse.settings.set("k", "um")
    warehouse.settings.set("k", "dois")
    assert warehouse.settings.get("k") == "dois"


def test_the_leaderboard_view_ranks_like_the_domain(
    warehouse: Warehouse, a_run: Callable[..., Run]
) -> None:
    from freemlops.domain.metric import METRICS

    with warehouse.reader() as cursor:
        sql = cursor.execute(
            "SELECT sql FROM duckdb_views() WHERE view_name = 'leaderboard'"
        ).fetchone()[0]
    lower = [m.name for m in METRICS.values() if not m.higher_is_better]
    assert all(f"'{name}'" in sql for name in lower)
    warehouse.runs.add(a_run())
    worse = msgspec.convert(
        {**msgspec.to_builtins(CANDIDATE), "id": "c0"}
        | {"holdout": {"roc_auc": {"value": 0.5, "low": 0.4, "high": 0.6}}},
        Candidate,
    )
    warehouse.runs.add_events("run_1", [event(worse, 1), event(CANDIDATE, 2)])
    with warehouse.reader() as cursor:
        rows = cursor.execute("SELECT candidate, place FROM lab.leaderboard ORDER BY 2").fetchall()
    assert rows == [("c1", 1), ("c0", 2)]
