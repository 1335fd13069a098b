"""Evaluation of large holdouts: is it quick? `just bench evaluate [--rows 100000 1000000]`.

Stores the answers of three candidates on that many rows in a real warehouse, and prints what each
call takes the first time, and again.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import psutil
import pyarrow as pa

from freemlops.domain.dataset import Column, ColumnType
from freemlops.domain.evaluation.threshold import Costs
from freemlops.domain.run import Candidate, Event, EventKind, Phase, Run, RunSpec, RunStatus, Task
from freemlops.engine.evaluate import Judge
from freemlops.engine.reporter import fields
from freemlops.services.evaluation import EvaluationService
from freemlops.services.sql import SqlLimits, SqlService
from freemlops.warehouse.warehouse import Warehouse

CLASSES = ("no", "yes")


class Table:
    """Five times as many rows as are held out: a city, an age, a target."""

    columns = (
        Column("city", ColumnType.TEXT),
        Column("age", ColumnType.INTEGER),
        Column("y", ColumnType.TEXT),
    )
    notes = ()

    def __init__(self, rows: int, random: np.random.Generator) -> None:
        self.yes = random.random(rows) < 0.3
        city = pa.array(random.integers(0, 40, rows)).cast(pa.string())
        age = pa.array(random.integers(18, 90, rows))
        labels = pa.array(np.where(self.yes, "yes", "no"))
        made = pa.table({"city": city, "age": age, "y": labels})
        self.reader = pa.RecordBatchReader.from_batches(made.schema, made.to_batches(65_536))


def stored(warehouse: Warehouse, folder: Path, rows: int) -> tuple[str, float]:
    """A run with three candidates; the seconds that storing the answers of one took."""
    random = np.random.default_rng(0)
    table = Table(rows * 5, random)
    data = warehouse.datasets.add(
        name="big", filename="big.csv", sha256="a" * 64, size_bytes=1, table=table
    )
    spec = RunSpec(data.dataset, 1, "y", Task.BINARY, "roc_auc", 15.0)
    plan = {"split": {"folds": 5}}
    warehouse.runs.add(
        Run("run_big", spec, "big", RunStatus.FINISHED, Phase.DONE, 1.0, datetime.now(UTC),
            plan=plan)
    )  # fmt: skip
    held = np.sort(random.choice(rows * 5, rows, replace=False))
    y = table.yes[held].astype(int)
    judge = Judge(Task.BINARY, y, 0)
    took = 0.0
    for name, signal in (("constant", 0.0), ("linear", 1.0), ("lightgbm", 1.1)):
        sure = 1 / (1 + np.exp(-(signal * (2 * y - 1) + (signal > 0) * random.normal(0, 1, rows))))
        sure = sure.astype(np.float32)
        columns = {
            "row": pa.array(held), "truth": pa.array(y.astype(float)),
            "share_0": pa.array(1 - sure), "share_1": pa.array(sure),
        }  # fmt: skip
        answers = pa.table(columns, metadata={"classes": json.dumps(CLASSES)})
        path = folder / f"{name}.arrow"
        with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, answers.schema) as file:
            file.write_table(answers, max_chunksize=65_536)
        begun = time.perf_counter()
        warehouse.holdouts.put("run_big", name, path)
        took = time.perf_counter() - begun
        made = np.column_stack([1 - sure, sure]).astype(float)
        candidate = Candidate(name, "run_big", name, judge.scores(made), latency_ms=1, size_bytes=1)
        event = Event(EventKind.CANDIDATE, 1.0, fields(candidate), 1)
        warehouse.runs.add_events("run_big", [event])
    return "run_big", took


def timed(name: str, call: Callable[[], object]) -> None:
    took = []
    for _ in range(2):
        begun = time.perf_counter()
        call()
        took.append((time.perf_counter() - begun) * 1000)
    memory = psutil.Process(os.getpid()).memory_info().rss // 1024**2
    print(f"  {name:<34} first {took[0]:8.0f} ms  again {took[1]:7.1f} ms  {memory} MB", flush=True)


def measure(folder: Path, rows: int) -> None:
    warehouse = Warehouse.open(folder / "home")
    run, took = stored(warehouse, folder, rows)
    print(f"{rows:,} rows held out; answers of one candidate stored in {took:.2f} s", flush=True)
    service = EvaluationService(warehouse)
    best, costs = "lightgbm", Costs(500, 5)
    timed("all metrics", lambda: service.evaluation(run, best))
    timed("ties", lambda: service.ties(run))
    for name in ("roc", "precision_recall", "gain", "confusion", "calibration", "scores"):
        timed(f"curve {name}", lambda name=name: service.curve(run, best, name))
    timed("curve cost", lambda: service.curve(run, best, "cost", costs=costs))
    timed("threshold", lambda: service.thresholds(run, best, 0.3, costs))
    timed("groups by city", lambda: service.groups(run, best, "city"))
    timed("groups by age", lambda: service.groups(run, best, "age", "accuracy"))
    timed("mistakes", lambda: service.mistakes(run, best))
    timed("rows of a cell", lambda: service.cell(run, best, "yes", "no"))
    binned = "SELECT floor(shares[2] * 500) AS b, count(*) FROM answered GROUP BY b"
    timed("binned in SQL", lambda: warehouse.holdouts.query(run, best, binned))
    sql = SqlService(warehouse, SqlLimits(seconds=60))
    count = "SELECT candidate, avg(truth_probability) FROM lab.predictions GROUP BY candidate"
    timed("lab.predictions", lambda: sql.run(count))
    sql.close()
    begun = time.perf_counter()
    dataset = warehouse.runs.get(run).spec.dataset
    warehouse.datasets.delete(dataset)
    print(f"  deleted with the dataset in {time.perf_counter() - begun:.2f} s")
    warehouse.close()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, nargs="*", default=[100_000, 1_000_000])
    for rows in parser.parse_args().rows:
        with tempfile.TemporaryDirectory() as folder:
            measure(Path(folder), rows)


if __name__ == "__main__":
    main()
