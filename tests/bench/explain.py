"""What does an explanation cost? `just bench explain [NAME …]`.

Every family and the mixture of all, on samples that ship: milliseconds to explain one row (30
background rows, 120 walks) beside one plain prediction of it by the same graph, and seconds for
the importance of all columns on the held-out rows. Every figure is the median of several.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np

from freemlops.engine.explain.feeds import Feed, Floats, take
from freemlops.engine.explain.importance import importance, rows_for
from freemlops.engine.explain.shapley import contributions, spread_sample
from freemlops.engine.export.graph import build_graph
from freemlops.engine.export.pipeline import TrainedModel
from freemlops.engine.session import open_session, run_session
from freemlops.engine.workspace import Workspace
from tests.bench.onnx import models, opened, sources

ROWS, PLAIN = 10, 50
BACKGROUND = 30


def median_s(work: Callable[[], object], turns: int) -> float:
    took = []
    for _ in range(turns):
        begun = time.perf_counter()
        work()
        took.append(time.perf_counter() - begun)
    return statistics.median(took)


def line(model: TrainedModel, work: Workspace) -> str:
    """The figures of one model on one set."""
    session = open_session(build_graph(model).SerializeToString())

    def ask(feed: Feed) -> Floats:
        made = run_session(session, feed)[-1]
        return np.asarray(made, np.float64).reshape(len(made), -1)

    names = [i.name for i in model.preparation.inputs]
    feed = work.holdout.feed(names)
    back = take(feed, spread_sample(ask, feed, BACKGROUND))
    rows = iter([take(feed, np.array([r])) for r in range(ROWS)])
    one = take(feed, np.array([0]))
    explain = median_s(lambda: contributions(ask, next(rows), back, 0), ROWS)
    plain = median_s(lambda: ask(one), PLAIN)
    kept = np.arange(min(rows_for(len(names)), work.holdout.rows))
    fit = "log_loss" if model.signature.classes else "rmse"
    metrics, y = [work.job.spec.metric, fit], work.y_holdout[kept]
    drive = median_s(lambda: importance(ask, take(feed, kept), y, metrics, 0), 3)
    return (
        f"{len(names):>7} {explain * 1e3:>6.1f} ms {plain * 1e3:>5.2f} ms "
        f"{explain / plain:>6.0f}x {drive:>9.2f} s"
    )


HEADER = (
    f"{'set':<14} {'model':<16} {'columns':>7} {'explain':>9} {'plain':>8} {'ratio':>7} "
    f"{'importance':>11}"
)


def main() -> None:
    warnings.simplefilter("ignore")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=["churn", "houses", "iris"])
    named = parser.parse_args().names
    print(HEADER)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name, path, target in sources(root, root / "none", named):
            work = opened(path, target, root / name)
            for label, model in models(work, large=False):
                print(f"{name:<14} {label:<16} {line(model, work)}", flush=True)


if __name__ == "__main__":
    main()
