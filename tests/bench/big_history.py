"""A long history, loaded in bulk into the real tables: what years of trainings leave behind."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa

from freemlops.domain.run import new_run_id
from freemlops.warehouse.warehouse import Warehouse

FAMILIES = np.array(["constant", "linear", "lightgbm", "ensemble"])
METRICS = ("roc_auc", "log_loss", "accuracy", "balanced_accuracy", "f1")
TRIALS = 50
STATUSES = np.array(["finished", "finished", "finished", "stopped", "failed", "cancelled"])
TAGS = ("production", "baseline", "ação", "paper", "retrain")
START = datetime(2023, 1, 1, tzinfo=UTC)
CHUNK = 10_000

RUNS = """
INSERT INTO app.run SELECT
    id, 'ds_' || experiment % 40, 1 + number % 3, 'dataset ' || experiment % 40,
    if(number % 3 = 0, 'study ' || number, ''), 'target ' || experiment % 7, 'binary', 'roc_auc',
    60, 'random', NULL, [], number, NULL, status, 'done', 1,
    created_at, created_at, created_at + to_seconds(20 + number % 40), 'c3',
    '{"asked_s": 60, "used_s": 41.5, "parts": {"search": 40.0}, "trials": 50}'::JSON::VARIANT,
    '{"holdout_rows": 200}'::JSON::VARIANT, '{"lightgbm": "4.7.0"}'::JSON::VARIANT,
    NULL, NULL, if(number % 20 = 0, 'A note on run ' || number, ''), tags, number % 50 = 0,
    'ensemble', score, 0.5, NULL, NULL, NULL
FROM chunk
"""
CANDIDATES = """
INSERT INTO app.candidate SELECT run, id, family, [value, value], 1.5, 0.05, 20000, false, 1e-7,
    200, '[]', '{"leaves": 31, "rate": 0.1}'::JSON::VARIANT FROM chunk
"""
METRIC_ROWS = "INSERT INTO app.metric SELECT run, candidate, name, value, low, high FROM chunk"
TRIAL_ROWS = """
INSERT INTO app.trial SELECT run, number, family, loss, fit_s, at_s,
    '{"leaves": ' || number || ', "rate": 0.1}' FROM chunk
"""


def load(warehouse: Warehouse, runs: int) -> list[str]:
    """Fill the tables; the identifiers of the runs, oldest first. 20 metrics and 50 trials each."""
    pick, ids = np.random.default_rng(1), []
    for first in range(0, runs, CHUNK):
        numbers = np.arange(first, min(first + CHUNK, runs))
        made = [START + timedelta(minutes=15 * int(n)) for n in numbers]
        chunk_ids = [new_run_id(at) for at in made]
        ids += chunk_ids
        for sql, table in _tables(numbers, chunk_ids, made, pick):
            _insert(warehouse, sql, table)
    return ids


def _insert(warehouse: Warehouse, sql: str, table: pa.Table) -> None:
    def work(cursor: object) -> None:
        cursor.register("chunk", table)  # type: ignore[attr-defined]
        cursor.execute(sql)  # type: ignore[attr-defined]
        cursor.unregister("chunk")  # type: ignore[attr-defined]

    warehouse._database.write(work)


def _tables(
    numbers: np.ndarray, ids: list[str], made: list[datetime], pick: np.random.Generator
) -> Iterator[tuple[str, pa.Table]]:
    count, each, rows = len(ids), len(FAMILIES), np.array(ids, dtype=object)
    score = pick.uniform(0.55, 0.99, count)
    yield (
        RUNS,
        pa.table(
            {
                "id": ids,
                "number": numbers,
                "experiment": pick.integers(0, 400, count),
                "status": STATUSES[pick.integers(0, len(STATUSES), count)],
                "created_at": pa.array([m.replace(tzinfo=None) for m in made], pa.timestamp("us")),
                "tags": pa.array([[TAGS[n // 10 % 5]] if n % 10 == 0 else [] for n in numbers]),
                "score": score,
            }
        ),
    )
    run, candidate = np.repeat(rows, each), np.tile([f"c{n}" for n in range(each)], count)
    value = np.where(candidate == "c3", np.repeat(score, each), 0.5)
    yield (
        CANDIDATES,
        pa.table({"run": run, "id": candidate, "family": np.tile(FAMILIES, count), "value": value}),
    )
    several = len(METRICS)
    value = np.repeat(value, several)
    yield (
        METRIC_ROWS,
        pa.table(
            {
                "run": np.repeat(run, several),
                "candidate": np.repeat(candidate, several),
                "name": np.tile(METRICS, count * each),
                "value": value,
                "low": value - 0.02,
                "high": value + 0.02,
            }
        ),
    )
    trials = count * TRIALS
    yield (
        TRIAL_ROWS,
        pa.table(
            {
                "run": np.repeat(rows, TRIALS),
                "number": np.tile(np.arange(TRIALS), count),
                "family": FAMILIES[pick.integers(1, 3, trials)],
                "loss": pick.uniform(0.01, 0.5, trials),
                "fit_s": pick.uniform(0.1, 2, trials),
                "at_s": np.tile(np.linspace(0, 40, TRIALS), count),
            }
        ),
    )


def loaded(home: Path, runs: int) -> tuple[list[str], float]:
    """Load a home; also the seconds that it took."""
    warehouse = Warehouse.open(home)
    started = time.monotonic()
    try:
        return load(warehouse, runs), time.monotonic() - started
    finally:
        warehouse.close()
