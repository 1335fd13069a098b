# /// script
# requires-python = ">=3.12"
# dependencies = ["mlflow==3.17.2"]
# ///
"""MLflow's side of `tests.bench.history`: `uv run --script FILE DATABASE RUNS`.

In an environment of its own: MLflow pins an older pyarrow than the product uses. It gets its
best case: its client on the sqlite file directly, no HTTP, and `log_batch`, which stores all of
a run's values at once.
Prints one JSON object with seconds and milliseconds.
"""

from __future__ import annotations

import json
import logging
import random
import statistics
import sys
import time
from typing import Any

import mlflow
from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag

METRICS = ("roc_auc", "log_loss", "accuracy", "balanced_accuracy", "f1")
FILTER = "metrics.roc_auc > 0.8 and tags.team = 'a' and params.target = 'target 3'"
ORDER = ["metrics.roc_auc DESC"]
SEARCHES = 30


def log(client: MlflowClient, experiment: str, runs: int) -> list[float]:
    """Milliseconds a run."""
    pick, took = random.Random(1), []
    for number in range(runs):
        started = time.perf_counter()
        run = client.create_run(experiment, run_name=f"study {number}").info.run_id
        now = int(time.time() * 1000)
        params = {"target": f"target {number % 7}", "dataset": "clientes", "seed": number}
        params |= {f"p{n}": n / 7 for n in range(7)}
        tags = {"team": "ab"[number % 2], "kind": "retrain", "owner": "me"}
        client.log_batch(
            run,
            metrics=[Metric(name, pick.uniform(0.5, 1), now, 0) for name in METRICS],
            params=[Param(k, str(v)) for k, v in params.items()],
            tags=[RunTag(k, v) for k, v in tags.items()],
        )
        client.set_terminated(run)
        took.append((time.perf_counter() - started) * 1000)
    return took


def search(client: MlflowClient, experiment: str) -> tuple[list[float], int]:
    took, found = [], 0
    for _ in range(SEARCHES):
        started = time.perf_counter()
        page = client.search_runs([experiment], FILTER, order_by=ORDER, max_results=50)
        took.append((time.perf_counter() - started) * 1000)
        found = len(page)
    return took, found


def main() -> None:
    path, runs = sys.argv[1], int(sys.argv[2])
    logging.disable(logging.INFO)
    client = MlflowClient(f"sqlite:///{path}")
    experiment = client.create_experiment("history")
    logged = log(client, experiment, runs)
    searched, found = search(client, experiment)
    answer: dict[str, Any] = {
        "version": mlflow.__version__,
        "log_s": sum(logged) / 1000,
        "log_ms": statistics.median(logged),
        "search_ms": statistics.median(searched),
        "search_p95_ms": sorted(searched)[int(SEARCHES * 0.95)],
        "found": found,
    }
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
