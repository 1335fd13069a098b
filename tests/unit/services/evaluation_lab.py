"""A warehouse with one run whose answers are made up; the rows are not."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from freemlops.domain.dataset import Column, ColumnType
from freemlops.domain.metric import DEFAULT_METRIC
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
from freemlops.engine.evaluate import Judge
from freemlops.engine.reporter import fields
from freemlops.services.evaluation import EvaluationService
from freemlops.warehouse.warehouse import Warehouse

ROWS = 3000
RANDOM = np.random.default_rng(4)
CITY = RANDOM.choice(["Recife", "Belém", "Natal", "Olinda"], ROWS)
AGE = np.where(RANDOM.random(ROWS) < 0.3, np.nan, RANDOM.integers(18, 80, ROWS))
NEW = np.random.default_rng(40).random(ROWS) < 0.3
HARD = (CITY == "Recife") & np.isnan(AGE)
HELD = RANDOM.permutation(ROWS)[:2000]


class Incoming:
    """A table of city, age, two truths (one with words of its own), and two targets."""

    columns = (
        Column("city", ColumnType.TEXT),
        Column("age", ColumnType.DECIMAL),
        Column("novo", ColumnType.BOOLEAN, words=("não", "sim")),
        Column("flag", ColumnType.BOOLEAN),
        Column("yes", ColumnType.TEXT),
        Column("price", ColumnType.DECIMAL),
    )
    notes = ()

    def __init__(self, yes: np.ndarray, price: np.ndarray) -> None:
        age = pa.array(AGE, mask=np.isnan(AGE))
        labels = pa.array(["yes" if v else "no" for v in yes])
        truths = {"novo": pa.array(NEW), "flag": pa.array(NEW)}
        own = {"city": CITY.tolist(), "age": age} | truths
        table = pa.table(own | {"yes": labels, "price": price})
        self.reader = pa.RecordBatchReader.from_batches(table.schema, table.to_batches())


TRUTH = RANDOM.integers(0, 2, ROWS)
PRICE = RANDOM.normal(100, 20, ROWS)


def noisy(spread: float, seed: int) -> np.ndarray:
    """Probabilities of “yes” for all rows; a coin where it is `HARD`."""
    random = np.random.default_rng(seed)
    score = np.where(HARD, 0, TRUTH - 0.5) * 3 + random.normal(0, spread, ROWS)
    return 1 / (1 + np.exp(-2 * score))


class Lab:
    """A warehouse with one run and answers for it."""

    def __init__(self, warehouse: Warehouse, folder: Path) -> None:
        self.warehouse = warehouse
        self.folder = folder
        self.service = EvaluationService(warehouse)
        made = warehouse.datasets.add(
            name="d", filename="d.csv", sha256="a" * 64, size_bytes=1,
            table=Incoming(TRUTH, PRICE),
        )  # fmt: skip
        self.dataset = made.dataset

    def run(self, task: Task, name: str = "run_1") -> str:
        target = "price" if task is Task.REGRESSION else "yes"
        spec = RunSpec(self.dataset, 1, target, task, DEFAULT_METRIC[task], 15.0, seed=7)
        now = datetime.now(UTC)
        plan = {"split": {"folds": 5}}
        self.warehouse.runs.add(
            Run(name, spec, "d", RunStatus.FINISHED, Phase.DONE, 1.0, now, plan=plan)
        )
        return name

    def answer(
        self, run: str, family: str, made: Any, rows: Any = HELD, folds: Sequence[float] = ()
    ) -> str:
        """Store `made`, the probability of “yes” or the value for each row of the table."""
        task = self.warehouse.runs.get(run).spec.task
        truth = TRUTH if task is Task.BINARY else PRICE
        kept = np.asarray(made, float)[rows]
        columns = {"row": pa.array(rows), "truth": pa.array(truth[rows].astype(float))}
        if task is Task.BINARY:
            columns |= {"share_0": pa.array(1 - kept), "share_1": pa.array(kept)}
        else:
            columns["value"] = pa.array(kept)
        names = ["no", "yes"] if task is Task.BINARY else []
        table = pa.table(columns, metadata={"classes": json.dumps(names)})
        path = self.folder / f"{family}.arrow"
        with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as file:
            file.write_table(table)
        self.warehouse.holdouts.put(run, family, path)
        matrix = np.column_stack([1 - kept, kept]) if task is Task.BINARY else kept[:, None]
        y = truth[rows]
        known = np.isfinite(kept).all() and np.isfinite(y).all()
        scores = Judge(task, y, 7).scores(matrix) if known else {}
        scores = {n: s for n, s in scores.items() if np.isfinite(s.value)}
        latency = 0.1 if family == "linear" else 5.0
        candidate = Candidate(
            family, run, family, scores or {"rmse": Score(1, 1, 1)}, tuple(folds),
            latency_ms=latency, size_bytes=10,
        )  # fmt: skip
        data = fields(candidate)
        self.warehouse.runs.add_events(run, [Event(EventKind.CANDIDATE, 1.0, data, 1)])
        return family
