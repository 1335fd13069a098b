"""Proof that the exported graph answers like the Python model, and how fast."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnxruntime as rt

from freemlops.domain.errors import ExportError
from freemlops.engine.export.pipeline import TrainedModel
from freemlops.engine.session import run_session
from freemlops.engine.table import Table, Text, Values

TOLERANCE = 1e-5
MOST_HOLDOUT = 2_000
GENERATED = 200
UNSEEN_TEXT = "\u2400 never seen"
TIMED_RUNS = 30
TIMED_S = 0.1


@dataclass(frozen=True, slots=True)
class Parity:
    """`worst` is the largest difference of a probability, or of a value in units of the
    spread of the values; `rows` were compared, `other_classes` of them got another class."""

    worst: float
    rows: int
    other_classes: int = 0

    @property
    def same(self) -> float:
        """The share of rows with the same class; 1 for numbers."""
        return 1.0 - self.other_classes / max(1, self.rows)


def odd_rows(table: Table, seed: int) -> Table:
    """Rows of `table` with values missing, never seen, or far outside what was seen."""
    random = np.random.default_rng(seed)
    picked = table.take(random.integers(0, table.rows, GENERATED))
    made: dict[str, Values] = {}
    for name, values in picked.columns.items():
        missing = random.random(GENERATED) < 0.15
        odd = random.random(GENERATED) < 0.15
        if isinstance(values, Text):
            codes = np.where(odd, len(values.levels), values.codes)
            codes = np.where(missing, -1, codes).astype(np.int32)
            made[name] = Text(codes, (*values.levels, UNSEEN_TEXT))
        else:
            far = values + np.nan_to_num(np.nanmax(np.abs(values), initial=1.0)) * 10
            kept = np.where(odd, random.choice([-1, 1], GENERATED) * far, values)
            mixed: Any = np.where(missing, np.nan, kept).astype(values.dtype)
            made[name] = mixed
    return Table(made, GENERATED)


def check_parity(
    model: TrainedModel, session: rt.InferenceSession, holdout: Table, seed: int
) -> Parity:
    """Compare on holdout rows and on `odd_rows` of them. Raises `ExportError` when a value
    differs by more than `TOLERANCE`, or a class at all."""
    sample = holdout.take(np.arange(min(holdout.rows, MOST_HOLDOUT)))
    made = compare(model, session, (sample, odd_rows(sample, seed)))
    if made.worst > TOLERANCE:
        raise ExportError(
            "The exported model answers differently by up to {difference}.", difference=made.worst
        )
    if made.other_classes:
        raise ExportError(
            "The exported model gives another class for {count} of {rows} rows.",
            count=made.other_classes,
            rows=made.rows,
        )
    return made


def compare(model: TrainedModel, session: rt.InferenceSession, tables: Iterable[Table]) -> Parity:
    """The Python model against its graph on the rows of `tables`. NaN differs from everything."""
    names = [i.name for i in model.preparation.inputs]
    worst, rows, others = 0.0, 0, 0
    for table in tables:
        ours = model.outputs(table)
        answers = run_session(session, table.feed(names))
        theirs = answers[-1].astype(np.float64).reshape(ours.shape)
        scale = 1.0
        if model.signature.classes:
            others += int((model.labels(ours) != answers[0].ravel()).sum())
        else:
            scale = float(max(np.std(ours), np.abs(ours).mean() * 1e-2, 1e-12))
        difference = float(np.abs(ours - theirs).max(initial=0.0)) / scale
        worst = max(worst, np.inf if np.isnan(difference) else difference)
        rows += table.rows
    return Parity(worst, rows, others)


def one_row_ms(session: rt.InferenceSession, table: Table, names: list[str]) -> float:
    """Median time of one row through the graph, in milliseconds."""
    feed = table.take(np.array([0])).feed(names)
    took: list[float] = []
    begun = time.perf_counter()
    while len(took) < TIMED_RUNS and (len(took) < 3 or time.perf_counter() - begun < TIMED_S):
        start = time.perf_counter()
        run_session(session, feed)
        took.append(time.perf_counter() - start)
    return float(np.median(took)) * 1000
