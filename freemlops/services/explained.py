"""A model with the rows that it is explained on, read once and asked often."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from freemlops.domain.errors import ConflictError, NotFoundError
from freemlops.domain.explanation import TESTED, Basis, Dependence, Importance
from freemlops.domain.model import Artifact, Signature
from freemlops.domain.run import Run
from freemlops.engine.arrays import as_array
from freemlops.engine.explain.feeds import Feed, take
from freemlops.engine.explain.graph import Graph, truth_of
from freemlops.engine.explain.importance import rows_for
from freemlops.engine.explain.shapley import spread_sample
from freemlops.warehouse.warehouse import Warehouse

BACKGROUND = 30
"""Rows that a row is compared with."""
SPARE = 1.5
"""Of rows without a stored holdout, so many more are read: some have no target."""
REFITTED = "The winner was trained again on all rows."


@dataclass
class Explained:
    """`served` is the graph that answers; `judged` the one that has not seen the rows, if any.

    `feed`, `truth` and `places` are of the same rows; `background` are some of them.
    """

    run: Run
    served: Graph
    judged: Graph
    feed: Feed
    truth: NDArray[Any]
    places: NDArray[np.int64]
    background: Feed
    basis: Basis
    lock: threading.Lock = field(default_factory=threading.Lock)
    importance: Importance | None = None
    curves: dict[tuple[str, str | None], Dependence] = field(default_factory=dict)


def graph_of(warehouse: Warehouse, run: str, candidate: str) -> Artifact:
    """The candidate's graph as stored. Raises `NotFoundError` and `ConflictError`."""
    if candidate not in {c.id for c in warehouse.runs.candidates(run)}:
        raise NotFoundError("There is no candidate “{candidate}” in this run.", candidate=candidate)
    found = warehouse.runs.artifacts(run, candidate).get("onnx")
    if found is None:
        raise ConflictError(
            "This candidate has no proven export, so it can't be explained. "
            "Choose another one from the leaderboard."
        )
    return found


def open_explained(warehouse: Warehouse, run: Run, candidate: str, graph: Artifact) -> Explained:
    """Read the graphs and a sample of the holdout, or of the data for runs of before.

    The figures of the board are of a model that has not seen the holdout. The winner is trained
    again on all rows afterwards, and it is that graph which answers: it is explained row by row,
    while importance is measured on the one from before, which is kept beside it. Raises
    `NotFoundError` when the dataset version is gone.
    """
    signature = warehouse.runs.signature(run.id)
    served = Graph(warehouse.artifacts.read(graph.sha256), signature)
    tested = warehouse.runs.artifacts(run.id, candidate).get(TESTED)
    judged = served
    if tested is not None:
        judged = Graph(warehouse.artifacts.read(tested.sha256), signature)
    places, truth, held_out = _places(warehouse, run, candidate, rows_for(len(served.names)))
    table = _table(warehouse, run, places)
    if truth is None:
        truth = _truth(warehouse, run, table, signature)
        there = np.flatnonzero(truth >= 0 if signature.classes else np.isfinite(truth))
        there = there[: rows_for(len(served.names))]
        places, truth, table = places[there], truth[there], table.take(pa.array(there))
    feed = served.rows_of(table)
    refitted = run.receipt is not None and any(
        note.template.startswith(REFITTED) for note in run.receipt.notes
    )
    unseen = held_out and (tested is not None or candidate != run.best or not refitted)
    background = take(feed, spread_sample(served.ask, feed, BACKGROUND))
    basis = Basis(len(places), held_out, unseen)
    return Explained(run, served, judged, feed, truth, places, background, basis)


def _places(
    warehouse: Warehouse, run: Run, candidate: str, most: int
) -> tuple[NDArray[np.int64], NDArray[Any] | None, bool]:
    """Row numbers, their truths when known, and whether the rows are the holdout."""
    random = np.random.default_rng(run.spec.seed)
    try:
        known = warehouse.holdouts.read(run.id, candidate)
    except NotFoundError:
        rows = warehouse.datasets.get(run.spec.dataset, run.spec.version).rows
        chosen = random.choice(rows, min(rows, int(most * SPARE)), replace=False)
        return np.asarray(chosen, np.int64), None, False
    chosen = np.sort(random.choice(known.num_rows, min(known.num_rows, most), replace=False))
    places = as_array(known.column("row"))[chosen]
    truth = as_array(known.column("truth"))[chosen]
    codes = "shares" in known.column_names and known.column("shares").null_count == 0
    return places, truth.astype(np.int64) if codes else truth, True


def _table(warehouse: Warehouse, run: Run, places: NDArray[np.int64]) -> pa.Table:
    spec = run.spec
    return warehouse.datasets.rows_at(spec.dataset, spec.version, places.tolist())


def _truth(warehouse: Warehouse, run: Run, table: pa.Table, signature: Signature) -> NDArray[Any]:
    spec = run.spec
    target = warehouse.datasets.get(spec.dataset, spec.version).column(spec.target)
    if target is None:
        raise NotFoundError("There is no column called “{column}”.", column=spec.target)
    return truth_of(table.column(spec.target), signature, target)
