"""A warehouse with a history, and secrets that no query may find."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pyarrow as pa
import pytest

from freemlops.domain.dataset import Column, ColumnType, Note
from freemlops.domain.learning import LearningCurve, LearningPoint
from freemlops.domain.model import Artifact, Deployment, DeploymentStatus, Signature
from freemlops.domain.run import (
    Candidate,
    Event,
    EventKind,
    Phase,
    Receipt,
    Run,
    RunSpec,
    RunStatus,
    Score,
    Split,
    SplitKind,
    Task,
    Trial,
)
from freemlops.domain.words import say
from freemlops.services.sql import SqlLimits, SqlService
from freemlops.warehouse.warehouse import Warehouse

CANARY = "canary-4f1c9d"
START = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class Incoming:
    reader: pa.RecordBatchReader
    columns: tuple[Column, ...]
    notes: tuple[Note, ...] = ()


def add_dataset(warehouse: Warehouse, name: str, rows: int, sha: str) -> str:
    table = pa.table(
        {
            "income": pa.array([i * 1.5 if i % 7 else None for i in range(rows)], pa.float64()),
            "city": pa.array([("Recife", "São Paulo")[i % 2] for i in range(rows)]),
        }
    )
    columns = (Column("income", ColumnType.DECIMAL), Column("city", ColumnType.TEXT))
    incoming = Incoming(
        pa.RecordBatchReader.from_batches(table.schema, table.to_batches()), columns
    )
    made = warehouse.datasets.add(
        name=name, filename=f"{name}.csv", sha256=sha, size_bytes=rows * 10, table=incoming
    )
    return made.dataset


def add_run(
    warehouse: Warehouse, key: str, dataset: str, seed: int, *, failed: bool = False
) -> None:
    spec = RunSpec(
        dataset, 1, "city", Task.BINARY, "roc_auc", 30.0,
        Split(SplitKind.RANDOM), seed=seed, name=f"try {seed}",
    )  # fmt: skip
    at = START + timedelta(hours=seed)
    run = Run(key, spec, "churn", RunStatus.QUEUED, Phase.WAITING, 0.0, at)
    warehouse.runs.add(run)
    status = RunStatus.FAILED if failed else RunStatus.FINISHED
    ended = {"status": status, "phase": Phase.DONE, "progress": 1.0, "started_at": at}
    ended["finished_at"] = at + timedelta(seconds=28 + seed)
    if failed:
        ended["error"] = say("The column {column} has one class.", column="city")
        warehouse.runs.update(key, **ended)
        return
    events = []
    for n in range(6):
        params = {"leaves": 2**n, "rate": 0.1 * (n + 1), "kind": "gbdt"}
        trial = Trial(n, ("lgbm", "xgboost")[n % 2], 0.5 - 0.03 * n, 0.4, 2.0 * n, params)
        events.append(Event(EventKind.TRIAL, 2.0 * n, msgspec.to_builtins(trial), n + 1))
    for n, family in enumerate(("lgbm", "xgboost", "ensemble")):
        candidate = Candidate(
            f"c{n}", key, family,
            {
                "roc_auc": Score(0.8 + 0.01 * n + 0.001 * seed, 0.75, 0.9),
                "accuracy": Score(0.7, 0.6, 0.8),
            },
            (0.8, 0.82, 0.79), 1.5, 0.1 * (n + 1), 1000 * (n + 1), n > 0, 1e-7 * (n + 1), 100,
            (("lgbm", 0.6), ("xgboost", 0.4)) if family == "ensemble" else (), {"leaves": 31},
        )  # fmt: skip
        events.append(Event(EventKind.CANDIDATE, 20.0, msgspec.to_builtins(candidate), n + 10))
    points = tuple(LearningPoint(n, Score(n / 1000, 0.5, 0.9), n / 900) for n in (400, 800))
    curve = LearningCurve("c2", "roc_auc", points)
    events.append(Event(EventKind.LEARNING, 24.0, msgspec.to_builtins(curve), 20))
    warehouse.runs.add_events(key, events)
    receipt = Receipt(30.0, 28.0, {"search": 20.0}, 6)
    warehouse.runs.update(key, **ended, best="c2", receipt=receipt, plan={"folds": 3})


def fill(warehouse: Warehouse) -> None:
    """Two datasets, one with two versions; five runs, one of them failed; a served model."""
    dataset = add_dataset(warehouse, "churn", 40, "a" * 64)
    add_dataset(warehouse, "churn", 50, "b" * 64)
    add_dataset(warehouse, 'Odd "name" @ 1', 5, "c" * 64)
    for seed in range(4):
        add_run(warehouse, f"run_{seed}", dataset, seed)
    add_run(warehouse, "run_9", dataset, 9, failed=True)
    signature = Signature((), "city", Task.BINARY, ("a", "b"))
    warehouse.models.register(
        model="churn", run="run_1", candidate="c2", family="ensemble", signature=signature,
        metric="roc_auc", score=0.82, alias="champion",
        artifacts={"onnx": Artifact("d" * 64, "onnx", 10)},
    )  # fmt: skip
    warehouse.deployments.add(
        Deployment("churn", "churn", DeploymentStatus.LIVE, START, alias="champion")
    )
    warehouse.settings.set("password", CANARY)
    answers = """
        INSERT INTO app.holdout_prediction
        SELECT 'run_1', c, r, r % 2, NULL, CASE WHEN r < 3 THEN [1 - r % 2, r % 2]
                    ELSE [0.5, 0.5] END
        FROM range(10) t(r), (VALUES ('c1'), ('c2')) n(c)
        UNION ALL SELECT 'run_1', c, 10, 1, NULL, [0.9, 0.1] FROM (VALUES ('c1'), ('c2')) n(c)
    """
    holdout = f"INSERT INTO app.holdout VALUES ('run_1', '{dataset}', 1, 11, ['a', 'b'])"
    for sql in (holdout, answers):
        warehouse.write(lambda cursor, sql=sql: cursor.execute(sql) and None)


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lab") / "home"


@pytest.fixture(scope="session")
def warehouse(home: Path) -> Iterator[Warehouse]:
    opened = Warehouse.open(home)
    fill(opened)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def canary_file(home: Path, warehouse: Warehouse) -> Path:
    path = home / "canary.csv"
    path.write_text(f"secret\n{CANARY}\n")
    return path


@pytest.fixture(scope="session")
def sql(warehouse: Warehouse) -> Iterator[SqlService]:
    os.environ["CANARY"] = CANARY
    service = SqlService(warehouse, SqlLimits(seconds=5))
    yield service
    service.close()
    del os.environ["CANARY"]
