# /// script
# requires-python = ">=3.12"
# dependencies = ["mlflow==3.17.2"]
# ///
"""MLflow's side of `tests.bench.beside_mlflow`: `uv run --script FILE DATABASE RUNS THREADS`.

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
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import mlflow
from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag

METRICS = ("roc_auc", "log_loss", "accuracy", "balanced_accuracy", "f1")
FILTER = "metrics.roc_auc > 0.8 and tags.team = 'a' and params.target = 'target 3'"
ORDER = ["metrics.roc_auc DESC"]
SEARCHES = 30
TRIALS = 50


def train(client: MlflowClient, experiment: str, number: int) -> float:
    """Seconds to log a run; the losses of its trials are the history of one metric."""
    pick, started = random.Random(number), time.perf_counter()
    run = client.create_run(experiment, run_name=f"study {number}").info.run_id
    now = int(time.time() * 1000)
    params = {"target": f"target {number % 7}", "dataset": "clientes", "seed": number}
    params |= {f"p{n}": n / 7 for n in range(7)}
    tags = {"team": "ab"[number % 2], "kind": "retrain", "owner": "me"}
    metrics = [Metric(name, pick.uniform(0.5, 1), now, 0) for name in METRICS]
    client.log_batch(
        run,
        metrics=metrics + [Metric("loss", pick.random(), now, n) for n in range(TRIALS)],
        params=[Param(k, str(v)) for k, v in params.items()],
        tags=[RunTag(k, v) for k, v in tags.items()],
    )
    client.set_terminated(run)
    return time.perf_counter() - started


def search(client: MlflowClient, experiment: str) -> tuple[list[float], int]:
    took, found = [], 0
    for _ in range(SEARCHES):
        started = time.perf_counter()
        page = client.search_runs([experiment], FILTER, order_by=ORDER, max_results=50)
        took.append((time.perf_counter() - started) * 1000)
        found = len(page)
    return took, found


def main() -> None:
    path, runs, threads = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    logging.disable(logging.INFO)
    client = MlflowClient(f"sqlite:///{path}")
    experiment = client.create_experiment("history")
    one = [train(client, experiment, n) for n in range(runs)]
    with ThreadPoolExecutor(threads) as pool:
        started = time.perf_counter()
        list(pool.map(lambda n: train(client, experiment, n), range(runs, 2 * runs)))
        eight = time.perf_counter() - started
    searched, found = search(client, experiment)
    answer: dict[str, Any] = {
        "version": mlflow.__version__,
        "one_ms": sum(one) / runs * 1000,
        "one_median_ms": statistics.median(one) * 1000,
        "eight_ms": eight / runs * 1000,
        "search_ms": statistics.median(searched),
        "search_p95_ms": sorted(searched)[int(SEARCHES * 0.95)],
        "found": found,
    }
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
