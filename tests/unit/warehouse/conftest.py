"""A real DuckDB file in a temporary folder: the fixture of every test here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec
import pyarrow as pa
import pytest

from freemlops.domain.dataset import Column, ColumnType, Note
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
from freemlops.domain.words import say
from freemlops.services.changes import Changes
from freemlops.services.experiments import ExperimentService
from freemlops.warehouse.warehouse import Warehouse

COLUMNS = (
    Column("n", ColumnType.INTEGER),
    Column("valor médio", ColumnType.DECIMAL),
    Column('a "quoted" name', ColumnType.TEXT),
    Column("yes", ColumnType.BOOLEAN),
    Column("day", ColumnType.DATE),
    Column("at", ColumnType.DATETIME),
)
SCHEMA = pa.schema(
    zip(
        (c.name for c in COLUMNS),
        (pa.int64(), pa.float64(), pa.string(), pa.bool_(), pa.date32(), pa.timestamp("us")),
        strict=True,
    )
)

SIGNATURE = Signature(
    (
        SignatureColumn("município", ColumnType.TEXT, categories=("Rio", "São Paulo")),
        SignatureColumn("idade", ColumnType.INTEGER, 18.0, 90.0, example=30, has_missing=True),
        SignatureColumn("dia", ColumnType.DATE, "2020-01-01", "2024-01-01", example="2021-05-06"),
    ),
    "y",
    Task.BINARY,
    ("não", "sim"),
)

START = datetime(2026, 1, 1, tzinfo=UTC)


def _at(*parts: int) -> datetime:
    """A time as stored: without a zone."""
    return datetime(*parts, tzinfo=UTC).replace(tzinfo=None)


ROWS = (
    (1, 1.5, "São Paulo", True, date(2024, 1, 1), _at(2024, 1, 1, 10)),
    (2, None, "Rio", False, date(2024, 1, 2), _at(2024, 1, 2, 10)),
    (None, -3.0, "Rio", None, date(1850, 6, 3), _at(1850, 6, 3, 1, 2, 3)),
    (2, 8.0, None, True, None, None),
)


@dataclass
class Incoming:
    reader: pa.RecordBatchReader
    columns: tuple[Column, ...] = COLUMNS
    notes: tuple[Note, ...] = (Note("read.text", say("Read as {how}.", how="UTF-8"), (3, 9)),)


def batch(rows: tuple = ROWS) -> pa.RecordBatch:
    arrays = [pa.array(v, t.type) for v, t in zip(zip(*rows, strict=True), SCHEMA, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=SCHEMA)


@pytest.fixture
def incoming() -> Callable[[], Incoming]:
    return lambda: Incoming(pa.RecordBatchReader.from_batches(SCHEMA, [batch()]))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def warehouse(home: Path) -> Iterator[Warehouse]:
    opened = Warehouse.open(home)
    yield opened
    opened.close()


@pytest.fixture
def a_run() -> Callable[..., Run]:
    def make(id: str = "run_1", created_at: datetime | None = None, dataset: str = "ds_1") -> Run:
        spec = RunSpec(dataset, 1, "y", Task.BINARY, "roc_auc", 15.0, exclude=("id",), seed=7)
        return Run(
            id=id,
            spec=spec,
            dataset_name="clientes",
            status=RunStatus.QUEUED,
            phase=Phase.WAITING,
            progress=0.0,
            created_at=created_at or datetime.now(UTC),
        )

    return make


@pytest.fixture
def service(warehouse: Warehouse) -> ExperimentService:
    return ExperimentService(warehouse, Changes())


@pytest.fixture
def add(warehouse: Warehouse, a_run: Callable[..., Run]) -> Callable[..., Run]:
    def make(
        number: int,
        score: float | None = None,
        took: float | None = None,
        family: str = "linear",
        dataset_name: str = "clientes",
        **spec: object,
    ) -> Run:
        run = a_run(f"run_{number:03}", START + timedelta(minutes=number))
        run = replace(run, dataset_name=dataset_name, spec=replace(run.spec, **spec))  # type: ignore[arg-type]
        warehouse.runs.add(run)
        if score is not None:
            board = [("c0", "constant", 0.5), ("c1", family, score)]
            events = [_scored(run, at, *line) for at, line in enumerate(board)]
            warehouse.runs.add_events(run.id, events)
            warehouse.runs.update(run.id, best="c1", status=RunStatus.FINISHED)
        if took is not None:
            end = run.created_at + timedelta(seconds=took)
            warehouse.runs.update(run.id, started_at=run.created_at, finished_at=end)
        return run

    return make


def _scored(run: Run, seq: int, id: str, family: str, value: float) -> Event:
    holdout = {
        run.spec.metric: Score(value, value - 0.1, value + 0.1),
        "other": Score(9.0, 8.0, 10.0),
    }
    candidate = Candidate(id, run.id, family, holdout)
    return Event(EventKind.CANDIDATE, 1.0, msgspec.to_builtins(candidate), seq)
