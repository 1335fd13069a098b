"""Small tables that train in seconds, and jobs over them."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from freemlops.domain.dataset import Column, ColumnType
from freemlops.domain.job import TrainJob
from freemlops.domain.metric import DEFAULT_METRIC
from freemlops.domain.run import RunSpec, Split, Task

type MakeJob = Callable[..., TrainJob]


def column_type(type: pa.DataType) -> ColumnType:
    if pa.types.is_boolean(type):
        return ColumnType.BOOLEAN
    if pa.types.is_integer(type):
        return ColumnType.INTEGER
    if pa.types.is_floating(type):
        return ColumnType.DECIMAL
    if pa.types.is_timestamp(type):
        return ColumnType.DATETIME
    return ColumnType.DATE if pa.types.is_date(type) else ColumnType.TEXT


def described(table: pa.Table) -> tuple[Column, ...]:
    return tuple(
        Column(
            f.name,
            column_type(f.type),
            int(table[f.name].null_count),
            len(table[f.name].drop_null().unique()),
        )
        for f in table.schema
    )


def mixed_table(rows: int = 240, seed: int = 1) -> pa.Table:
    """Numbers, texts, dates and truths with missing values, under names that bite."""
    random = np.random.default_rng(seed)
    size = random.normal(size=rows).astype(np.float64)
    color = random.choice(["azul", "verde", "ação", None], rows)  # type: ignore[list-item]
    days = random.integers(0, 2000, rows)
    city = np.array([f"c{v}" for v in random.zipf(1.4, rows) % 150])
    score = size + (color == "azul") * 1.5 + np.sin(days / 50) + random.normal(size=rows) * 0.4
    holes = random.random(rows) < 0.15
    return pa.table(
        {
            'tam["x"] {á}': pa.array(size, mask=holes),
            "cor . nome": pa.array(color.tolist(), pa.string()),
            "label": pa.array(city.tolist()),
            "quando": pa.array((days * 86400).astype("datetime64[s]")),
            "ativo": pa.array((random.random(rows) < 0.5).tolist()),
            "fixo": pa.array([7] * rows),
            "valor": pa.array(score * 100 + 1000),
            "tipo": pa.array(np.digitize(score, [-0.5, 1.0]).astype(np.int64)),
            "alvo": pa.array(np.where(score > 0.4, "sim", "não").tolist()),
        }
    )


TARGETS: Mapping[Task, str] = {
    Task.BINARY: "alvo",
    Task.MULTICLASS: "tipo",
    Task.REGRESSION: "valor",
}


@pytest.fixture
def make_job(tmp_path: Path) -> MakeJob:
    """`make_job(table, task, target=…, exclude=…, …)`: a job of few trials and time enough."""

    def make(
        table: pa.Table,
        task: Task,
        target: str | None = None,
        metric: str | None = None,
        budget_s: float = 300.0,
        max_trials: int | None = 4,
        exclude: tuple[str, ...] | None = None,
        split: Split | None = None,
        run: str = "run_1",
        **changes: Any,
    ) -> TrainJob:
        target = target or TARGETS[task]
        if exclude is None:
            exclude = tuple(t for t in TARGETS.values() if t != target and t in table.column_names)
        folder = tmp_path / f"{run}_{time.monotonic_ns()}"
        (folder / "work").mkdir(parents=True)
        data = folder / "data.arrow"
        with pa.OSFile(str(data), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
            writer.write_table(table)
        spec = RunSpec(
            dataset="d1",
            version=1,
            target=target,
            task=task,
            metric=metric or DEFAULT_METRIC[task],
            budget_s=budget_s,
            max_trials=max_trials,
            exclude=exclude,
            split=split or Split(),
            seed=3,
        )
        return TrainJob(run, spec, described(table), data, folder / "work", time.time(), **changes)

    return make
