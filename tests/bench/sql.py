"""The SQL lab over a big history: `just bench sql [RUNS]`.

Loads 100,000 runs with 2 million metrics and 5 million trials in bulk into the real tables, then
prints how long the first publishing takes, one after a new run, and queries through the service.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from freemlops.services.sql import SqlLimits, SqlService
from freemlops.warehouse.warehouse import Warehouse
from tests.unit.lab.conftest import add_run

CANDIDATES, METRICS, TRIALS = 5, 4, 50

LOAD = """
INSERT INTO app.run BY NAME
SELECT 'run_' || i AS id, 'ds_' || i % 200 AS dataset, 1 AS dataset_version,
       'dataset ' || i % 200 AS dataset_name, 'try ' || i AS name, 'y' AS target, 'binary' AS task,
       'roc_auc' AS metric, 60.0 AS budget_s, 'random' AS split_kind, []::VARCHAR[] AS exclude,
       i AS seed, 'finished' AS status, 'done' AS phase, 1.0 AS progress,
       TIMESTAMP '2025-01-01' + INTERVAL (i) MINUTE AS created_at, created_at AS started_at,
       created_at + INTERVAL 55 SECOND AS finished_at, 'c0' AS best,
       {'folds': 5}::VARIANT AS plan, {'used_s': 55.0}::VARIANT AS receipt
FROM range($runs) t(i);
INSERT INTO app.candidate
SELECT 'run_' || i, 'c' || c, ['lgbm', 'xgboost', 'rf', 'linear', 'ensemble'][c + 1],
       [0.8, 0.81, 0.79], 1.5, 0.1, 1000, c < 2, 1e-7, 100, '[]', {'leaves': c}::VARIANT
FROM range($runs) t(i), range($candidates) u(c);
INSERT INTO app.metric
SELECT 'run_' || i, 'c' || c, ['roc_auc', 'accuracy', 'f1', 'log_loss'][m + 1],
       0.7 + random() / 5, 0.6, 0.9
FROM range($runs) t(i), range($candidates) u(c), range($metrics) v(m);
INSERT INTO app.trial
SELECT 'run_' || i, n, ['lgbm', 'xgboost'][n % 2 + 1], random(), 0.5, n * 1.0,
       {'leaves': n, 'rate': 0.1}::VARIANT
FROM range($runs) t(i), range($trials) u(n)
"""
QUESTIONS = (
    "SELECT count(*) FROM lab.runs",
    "SELECT count(*) FROM lab.trials",
    "SELECT family, count(*) FILTER (place = 1) FROM lab.leaderboard GROUP BY family",
    "SELECT * FROM lab.trials WHERE run = 'run_77' ORDER BY number",
)


def timed(what: str, work: Callable[[], Any]) -> Any:
    began = time.perf_counter()
    made = work()
    print(f"{time.perf_counter() - began:8.2f} s  {what}", flush=True)
    return made


def load(warehouse: Warehouse, runs: int) -> None:
    sizes = {"runs": runs, "candidates": CANDIDATES, "metrics": METRICS, "trials": TRIALS}
    for statement in LOAD.split(";\n"):
        text = statement
        for name, size in sizes.items():
            text = text.replace(f"${name}", str(size))
        warehouse.write(lambda cursor, text=text: cursor.execute(text) and None)


def main(runs: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        warehouse = Warehouse.open(home)
        service = SqlService(warehouse, SqlLimits())
        try:
            timed(f"load {runs:,} runs", lambda: load(warehouse, runs))
            timed("first query: publish everything", lambda: service.run(QUESTIONS[0]))
            time.sleep(2)
            for question in QUESTIONS:
                timed(question, lambda question=question: service.run(question))
                time.sleep(1)
            for n in range(3):
                add_run(warehouse, f"new_{n}", "ds_0", n)
                mark = f"SELECT best_score FROM lab.runs WHERE run = 'new_{n}'"
                got = timed("a query after one new run", lambda mark=mark: service.run(mark))
                assert got.table.num_rows == 1
                time.sleep(1)
            size = (home / "lab" / "history.duckdb").stat().st_size
            print(f"{size / 1e6:8.0f} MB published")
        finally:
            service.close()
            warehouse.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
