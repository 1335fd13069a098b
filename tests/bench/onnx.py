"""Does the graph answer like the pickle, and how fast? `just bench onnx [--only NAME …]`.

Every family, at its first settings and at the largest that the search may choose, and the
mixture of all, on every sample that ships and on the sets of the quality bench. Compared are
the held-out rows, and rows made from them with values missing, never seen and far outside. A
difference is of a probability, or of a value in units of the spread of the values. Latency is
the median of single calls, raw columns in, answer out: onnxruntime on one thread against the
unpickled Python model given a pandas frame.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pyarrow as pa

from freemlops.domain.errors import ExportError
from freemlops.domain.job import TrainJob
from freemlops.domain.metric import DEFAULT_METRIC
from freemlops.domain.run import RunSpec, Task
from freemlops.engine import ingest
from freemlops.engine.clock import Clock
from freemlops.engine.export.graph import build_graph
from freemlops.engine.export.parity import Parity, compare, odd_rows
from freemlops.engine.export.pipeline import Member, TrainedModel
from freemlops.engine.families import FAMILIES, Guard
from freemlops.engine.families.base import Params
from freemlops.engine.reporter import Reporter
from freemlops.engine.samples import SAMPLES, write_sample
from freemlops.engine.session import open_session, run_session
from freemlops.engine.table import Table
from freemlops.engine.workspace import Workspace, open_workspace
from tests.bench.quality.__main__ import HERE, SOURCES, isolated

LARGEST: dict[str, Params] = {
    "lightgbm": {"n_estimators": 1000, "num_leaves": 256, "learning_rate": 0.3},
    "xgboost": {"n_estimators": 1000, "max_leaves": 256, "learning_rate": 0.3},
    "random_forest": {"n_estimators": 300, "max_leaf_nodes": 1024, "max_features": 0.3},
    "extra_trees": {"n_estimators": 300, "max_leaf_nodes": 1024, "max_features": 0.3},
}
ODD_SEEDS = range(5)
CALLS = 15
MANY = 1000


@dataclass(frozen=True, slots=True)
class Line:
    """One model on one set; milliseconds for one row and for `MANY`."""

    name: str
    family: str
    parity: Parity
    graph_ms: tuple[float, float]
    pickle_ms: tuple[float, float]

    def text(self) -> str:
        ratios = [p / g for p, g in zip(self.pickle_ms, self.graph_ms, strict=True)]
        return (
            f"{self.name:<14} {self.family:<16} {self.parity.rows:>7} {self.parity.worst:>9.1e} "
            f"{self.parity.same:>10.4%} {self.graph_ms[0]:>8.3f} {self.pickle_ms[0]:>8.2f} "
            f"{ratios[0]:>6.0f}x {self.graph_ms[1]:>8.2f} {self.pickle_ms[1]:>8.2f} "
            f"{ratios[1]:>6.1f}x"
        )


HEADER = (
    f"{'set':<14} {'model':<16} {'rows':>7} {'max diff':>9} {'same class':>10} "
    f"{'1: onnx':>8} {'pickle':>8} {'ratio':>7} {'1000: onnx':>8} {'pickle':>8} {'ratio':>7}  (ms)"
)


def sources(folder: Path, home: Path, only: list[str]) -> Iterator[tuple[str, Path, str]]:
    """(name, CSV file, target) of each set."""
    for sample in SAMPLES:
        if not only or sample.key in only:
            path = folder / f"{sample.key}.csv"
            write_sample(sample.key, path)
            yield sample.key, path, sample.target
    public = home / "seed0"
    if not (public / "sets.json").exists() and (not only or set(only) - {s.key for s in SAMPLES}):
        isolated(SOURCES, str(HERE / "sets.py"), str(public), "0", timeout=1800)
    listed = public / "sets.json"
    for name, about in json.loads(listed.read_text()).items() if listed.exists() else ():
        if not only or name in only:
            yield name, public / name / "train.csv", about["target"]


def opened(path: Path, target: str, folder: Path) -> Workspace:
    """The data as a training has it: read, cut, prepared."""
    scratch = folder / "scratch"
    scratch.mkdir(parents=True)
    read = ingest.read_table(path, path.name, scratch)
    table = read.reader.read_all()
    data = folder / "data.arrow"
    with pa.OSFile(str(data), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table)
    values = table[target]
    classes = len(values.drop_null().unique())
    numeric = pa.types.is_integer(values.type) or pa.types.is_floating(values.type)
    task = Task.REGRESSION if numeric and classes > 20 else Task.MULTICLASS
    task = Task.BINARY if classes == 2 else task
    spec = RunSpec("d", 1, target, task, DEFAULT_METRIC[task], 60.0, seed=0)
    job = TrainJob("r", spec, read.columns, data, folder, time.time())
    silent = Reporter(Clock(time.time(), 60.0), lambda _: None, lambda: None)
    return open_workspace(job, silent)


def models(work: Workspace, large: bool) -> Iterator[tuple[str, TrainedModel]]:
    members = []
    for name, family in FAMILIES.items():
        first = family.portfolio(work.shape)[0]
        wanted = [(name, first)]
        if large and name in LARGEST:
            wanted.append((f"{name} +", first | LARGEST[name]))
        for label, params in wanted:
            fitted = family.fit(params, work.x, work.y, work.shape, Guard(lambda: None))
            one = Member(name, 1.0, fitted)
            yield label, TrainedModel(work.signature, work.preparation, (one,))
            if label == name and name != "constant":
                members.append(one)
    shared = tuple(Member(m.family, 1 / len(members), m.model) for m in members)
    yield "ensemble", TrainedModel(work.signature, work.preparation, shared)


def measure(name: str, family: str, model: TrainedModel, work: Workspace, path: Path) -> Line:
    joblib.dump(model, path, compress=1)
    again: TrainedModel = joblib.load(path)
    session = open_session(build_graph(model).SerializeToString())
    odd = [odd_rows(work.holdout, seed) for seed in ODD_SEEDS]
    parity = compare(again, session, [work.source.table, *odd])
    graph_ms, pickle_ms = [], []
    names = [i.name for i in model.preparation.inputs]
    for rows in (1, MANY):
        source = work.source.table
        table = source.take(np.arange(rows) % source.rows)
        feed, frame = table.feed(names), raw_frame(table, names)
        graph_ms.append(median_ms(lambda feed=feed: run_session(session, feed)))
        ask = again.predict_proba if model.signature.classes else again.predict
        pickle_ms.append(median_ms(lambda frame=frame, ask=ask: ask(frame)))
    return Line(name, family, parity, (graph_ms[0], graph_ms[1]), (pickle_ms[0], pickle_ms[1]))


def raw_frame(table: Table, names: list[str]) -> Any:
    """The rows as a pandas frame with dates as dates, as a person would give them."""
    import pandas as pd

    made = {}
    for name, values in table.feed(names).items():
        flat = values.ravel()
        if flat.dtype == np.float64:
            flat = pd.to_datetime(flat, unit="s")
        made[name] = [v or None for v in flat] if flat.dtype == object else flat
    return pd.DataFrame(made)


def median_ms(call: Callable[[], object]) -> float:
    call()
    took = []
    for _ in range(CALLS):
        begun = time.perf_counter()
        call()
        took.append(time.perf_counter() - begun)
    return statistics.median(took) * 1000


def totals(lines: list[Line], failed: int) -> None:
    print()
    for family in dict.fromkeys(line.family for line in lines):
        those = [line for line in lines if line.family == family]
        print(summary(family, those))
    print(summary("all", lines), f"; {failed} failed", sep="")


def summary(label: str, lines: list[Line]) -> str:
    one, many = (
        statistics.median(line.pickle_ms[k] / line.graph_ms[k] for line in lines) for k in (0, 1)
    )
    rows = sum(line.parity.rows for line in lines)
    same = sum(line.parity.same * line.parity.rows for line in lines) / rows
    return (
        f"{label:<16} {len(lines):>3} models, {rows:>9,} rows, "
        f"worst {max(line.parity.worst for line in lines):.1e}, same class {same:.5%}, "
        f"ONNX faster by (median) {one:.0f}x for one row, {many:.1f}x for {MANY:,}"
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--large", action="store_true", help="also the largest models allowed")
    parser.add_argument("--home", type=Path, help="keeps the public sets, as `quality` does")
    options = parser.parse_args()
    warnings.filterwarnings("ignore")
    lines: list[Line] = []
    failed = 0
    print(HEADER)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        found = sources(folder, options.home or folder, options.only)
        for place, (name, path, target) in enumerate(found):
            work = opened(path, target, folder / f"work-{place}")
            for family, model in models(work, options.large):
                try:
                    lines.append(measure(name, family, model, work, folder / "model.pickle"))
                    print(lines[-1].text(), flush=True)
                except ExportError as error:
                    failed += 1
                    print(f"{name} {family}: {error}", file=sys.stderr)
    totals(lines, failed)


if __name__ == "__main__":
    main()
