"""Explanations of any model, from its graph alone: what drives it, how, and why this row."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from freemlops.domain.dataset import ColumnType
from freemlops.domain.errors import InvalidError, NotFoundError, TooLargeError
from freemlops.domain.explanation import (
    Contributions,
    Dependence,
    Importance,
    KnownRow,
    Part,
)
from freemlops.domain.model import Artifact, ModelVersion
from freemlops.domain.run import Task
from freemlops.engine.explain.dependence import LINES, Curves, dependence
from freemlops.engine.explain.feeds import Feed, take
from freemlops.engine.explain.graph import plain
from freemlops.engine.explain.importance import importance, repeats_for
from freemlops.engine.explain.shapley import contributions
from freemlops.services.explained import Explained, graph_of, open_explained
from freemlops.warehouse.warehouse import Warehouse

MAX_ROWS = 100
"""Explaining a row asks the model hundreds of times."""
OPEN_MODELS = 4
KEPT_CURVES = 200
SHOWN_ROWS = 200


class ExplanationService:
    """Blocking and thread-safe. The models last asked about stay open, with what was computed,
    by the hash of their graph and the dataset version; the least recently used go first."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse
        self._lock = threading.Lock()
        self._opening = threading.Lock()
        self._open: OrderedDict[tuple[str, str, int], Explained] = OrderedDict()

    def importance(self, run: str, candidate: str) -> Importance:
        """How much worse the candidate gets without each column, in the run's metric and in the
        one that models learn by. Raises `NotFoundError` (run, candidate, data) and
        `ConflictError` (no export)."""
        known = self._candidate(run, candidate)
        with known.lock:
            if known.importance is None:
                spec = known.run.spec
                fit = "log_loss" if spec.task is not Task.REGRESSION else "rmse"
                metrics = (spec.metric, fit)
                ask = known.judged.ask
                made = importance(ask, known.feed, known.truth, metrics, spec.seed)
                repeats = repeats_for(len(made))
                known.importance = Importance(spec.metric, fit, tuple(made), repeats, known.basis)
            return known.importance

    def dependence(
        self, run: str, candidate: str, column: str, of: str | None = None
    ) -> Dependence:
        """How the served model's answer moves with `column`. `of` is a class, by default the
        second of two or the first of several. Raises also `InvalidError` (column, class)."""
        known = self._candidate(run, candidate)
        if column not in known.served.names:
            raise InvalidError("The model does not use a column called “{column}”.", column=column)
        at = _class_at(known, of)
        of = known.served.signature.classes[at] if known.served.signature.classes else None
        with known.lock:
            if (column, of) not in known.curves:
                type = known.served.column(column).type
                made = dependence(known.served.ask, known.feed, column, type)
                if len(known.curves) >= KEPT_CURVES:
                    known.curves.clear()
                known.curves[column, of] = _dependence(known, column, of, at, made)
            return known.curves[column, of]

    def contributions(
        self, run: str, candidate: str, rows: Sequence[Mapping[str, Any]], of: str | None = None
    ) -> tuple[Contributions, ...]:
        """What each column's value adds to the served model's answer for each row.

        `of` is a class, by default the one that is predicted for the row. Raises also
        `InvalidError` (values, class) and `TooLargeError` over 100 rows.
        """
        known = self._candidate(run, candidate)
        check_count(len(rows))
        return _contributions(known, known.served.read(rows), of)

    def contributions_at(
        self, run: str, candidate: str, row_numbers: Sequence[int], of: str | None = None
    ) -> tuple[Contributions, ...]:
        """`contributions` for rows of the dataset version, numbered from 0."""
        known = self._candidate(run, candidate)
        check_count(len(row_numbers))
        spec = known.run.spec
        count = self._warehouse.datasets.get(spec.dataset, spec.version).rows
        for row in row_numbers:
            if not 0 <= row < count:
                raise InvalidError(
                    "There is no row {row}. Rows are numbered from 0 to {last}.",
                    row=row,
                    last=count - 1,
                )
        table = self._warehouse.datasets.rows_at(spec.dataset, spec.version, row_numbers)
        return _contributions(known, known.served.rows_of(table), of, row_numbers)

    def of_version(
        self, version: ModelVersion, rows: Sequence[Mapping[str, Any]]
    ) -> tuple[Contributions, ...]:
        """`contributions` for a registered version, of the class predicted for each row."""
        check_count(len(rows))
        known = self._opened(version.run, version.candidate, version.artifacts["onnx"])
        return _contributions(known, known.served.read(rows), None)

    def rows(self, run: str, candidate: str, limit: int = SHOWN_ROWS) -> tuple[KnownRow, ...]:
        """Rows to choose from, those first on which the served model is most wrong."""
        known = self._candidate(run, candidate)
        made, classes = known.served.ask(known.feed), known.served.signature.classes
        if classes:
            wrong = 1 - made[np.arange(len(made)), known.truth]
        else:
            wrong = np.abs(made[:, 0] - known.truth)
        order = np.argsort(-wrong, kind="stable")[:limit]
        values = _values(known, take(known.feed, order))
        rows = []
        for at, row in zip(order, values, strict=True):
            best = int(made[at].argmax())
            truth = classes[int(known.truth[at])] if classes else float(known.truth[at])
            answer = classes[best] if classes else float(made[at, 0])
            chance = float(made[at, best]) if classes else None
            rows.append(KnownRow(int(known.places[at]), row, truth, answer, chance))
        return tuple(rows)

    def _candidate(self, run: str, candidate: str) -> Explained:
        return self._opened(run, candidate, graph_of(self._warehouse, run, candidate))

    def _opened(self, run: str, candidate: str, graph: Artifact) -> Explained:
        spec = self._warehouse.runs.get(run).spec
        if not self._is_there(spec.dataset, spec.version):
            raise NotFoundError(
                "The rows that this model learned from were deleted, so it can't be explained."
            )
        key = (graph.sha256, spec.dataset, spec.version)
        if (found := self._known(key)) is not None:
            return found
        with self._opening:
            if (found := self._known(key)) is not None:
                return found
            made = open_explained(self._warehouse, self._warehouse.runs.get(run), candidate, graph)
            with self._lock:
                self._open[key] = made
                while len(self._open) > OPEN_MODELS:
                    self._open.popitem(last=False)
            return made

    def _is_there(self, dataset: str, version: int) -> bool:
        try:
            self._warehouse.datasets.get(dataset, version)
        except NotFoundError:
            return False
        return True

    def _known(self, key: tuple[str, str, int]) -> Explained | None:
        with self._lock:
            if key in self._open:
                self._open.move_to_end(key)
            return self._open.get(key)


def check_count(rows: int) -> None:
    """Raise unless there are one to `MAX_ROWS` rows."""
    if rows == 0:
        raise InvalidError(
            "There is no row to explain. Send at least one: {example}.",
            example='{"rows": [{"column": 1}]}',
        )
    if rows > MAX_ROWS:
        raise TooLargeError(
            "{rows} rows are too many to explain at once; send at most {limit} at a time.",
            rows=rows,
            limit=MAX_ROWS,
        )


def _class_at(known: Explained, of: str | None) -> int:
    classes = known.served.signature.classes
    if of is None:
        return 1 if len(classes) == 2 else 0
    if of not in classes:
        raise InvalidError(
            "There is no class “{name}”. Choose one of: {classes}.",
            name=of,
            classes=", ".join(classes) or "–",
        )
    return classes.index(of)


def _dependence(known: Explained, column: str, of: str | None, at: int, made: Curves) -> Dependence:
    about, answers = known.served.column(column), made.made[:, :, at]
    lines = np.linspace(0, answers.shape[1] - 1, min(LINES, answers.shape[1])).astype(np.intp)
    return Dependence(
        column,
        of,
        tuple(plain(about, p) for p in made.points),
        tuple(answers.mean(axis=1).tolist()),
        tuple(tuple(line) for line in answers[:, lines].T.tolist()),
        tuple(made.edges.tolist()),
        tuple(made.counts.tolist()),
        known.basis,
        made.words,
    )


def _contributions(
    known: Explained, feed: Feed, of: str | None, places: Sequence[int] | None = None
) -> tuple[Contributions, ...]:
    graph, classes = known.served, known.served.signature.classes
    fixed = None if of is None else _class_at(known, of)
    made = contributions(graph.ask, feed, known.background, known.run.spec.seed)
    found = []
    for row, values in enumerate(_values(known, feed)):
        at = int(made.made[row].argmax()) if fixed is None else fixed
        parts = tuple(
            Part(name, value, float(made.amounts[row, c, at]), float(made.errors[row, c, at]))
            for c, (name, value) in enumerate(values.items())
        )
        found.append(
            Contributions(
                classes[at] if classes else None,
                float(made.base[at]),
                float(made.made[row, at]),
                parts,
                None if places is None else int(places[row]),
            )
        )
    return tuple(found)


def _values(known: Explained, feed: Feed) -> list[dict[str, Any]]:
    """Rows of a feed as JSON has them; whole numbers stay whole."""
    columns = {n: known.served.column(n) for n in feed}
    return [
        {
            n: int(v) if v is not None and c.type is ColumnType.INTEGER else v
            for n, c in columns.items()
            for v in (plain(c, feed[n][row, 0]),)
        }
        for row in range(len(next(iter(feed.values()))))
    ]
