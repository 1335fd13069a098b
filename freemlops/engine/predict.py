"""Answers from an exported graph. Needs numpy and onnxruntime, none of the training libraries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from freemlops.domain.errors import Detail, InvalidError
from freemlops.domain.model import Signature, SignatureColumn
from freemlops.domain.words import Message, say
from freemlops.engine.feed import column_feed
from freemlops.engine.notice import outside, unseen
from freemlops.engine.session import open_session, run_session
from freemlops.engine.typed import TypedFeed, bounds


@dataclass(frozen=True, slots=True)
class Predictions:
    """`values` are labels or numbers, one a row. `probabilities` [rows, classes] or None.

    `warnings` is empty when no row has one, else one tuple a row.
    """

    values: tuple[str | float, ...]
    probabilities: NDArray[np.float64] | None
    warnings: tuple[tuple[Message, ...], ...]

    def part(self, start: int, end: int) -> Predictions:
        """The answers of some of the rows."""
        chances = None if self.probabilities is None else self.probabilities[start:end]
        return Predictions(self.values[start:end], chances, self.warnings[start:end])


class Predictor:
    """Thread-safe once made: an onnxruntime session may run from many threads."""

    def __init__(self, onnx: bytes, signature: Signature) -> None:
        self.signature = signature
        self._session = open_session(onnx)
        self._columns = {c.name: c for c in signature.columns}
        self._inputs = [i.name for i in self._session.get_inputs()]
        self._bounds = {c.name: bounds(c) for c in signature.columns}
        self._typed = TypedFeed(signature)
        self._known = {c.name: frozenset(c.categories) for c in signature.columns}

    @property
    def fits_signature(self) -> bool:
        """Whether the graph's inputs are the signature's columns."""
        return sorted(self._inputs) == sorted(self._columns)

    def predict(self, columns: Mapping[str, Sequence[Any]], n: int) -> Predictions:
        """Answer `n` rows given column by column, with values as JSON has them.

        None is missing, and so is a column that is not there when values of it were missing in
        training too; columns that the model does not know are ignored. Raises `InvalidError`
        with a detail for each other column that is not there and each value of the wrong kind.
        """
        details = [
            Detail(
                say("The column “{column}” is missing from the request.", column=name),
                column=name,
            )
            for name, column in self._columns.items()
            if name not in columns and not column.has_missing
        ]
        if details:
            raise InvalidError(
                "The column “{column}” is missing from the request.",
                details=details,
                column=str(details[0].column),
            )
        absent: list[Any] = [None] * n
        feed = {
            name: column_feed(column, columns.get(name, absent), details)
            for name, column in self._columns.items()
        }
        if details:
            raise InvalidError(
                "The value of “{column}” in row {row} does not fit.",
                details=details,
                column=str(details[0].column),
                row=(details[0].row or 0) + 1,
            )
        found = self._warnings(feed)
        return self._run(feed, found, n)

    def predict_typed(self, columns: Sequence[Sequence[Any]], n: int) -> Predictions | None:
        """`predict` for columns in the signature's order whose JSON types were checked already.

        None when `predict` has to look closer, at a value that may not fit.
        """
        made = self._typed.make(columns, n)
        return None if made is None else self._run(*made, n)

    def _run(
        self, feed: Mapping[str, NDArray[Any]], found: Mapping[int, Sequence[Message]], n: int
    ) -> Predictions:
        made = run_session(self._session, {name: feed[name] for name in self._inputs})
        warnings = tuple(tuple(found.get(i, ())) for i in range(n)) if found else ()
        if self.signature.classes:
            chances = np.asarray(made[1], np.float64)
            return Predictions(tuple(map(str, made[0].tolist())), chances, warnings)
        return Predictions(tuple(map(float, made[0].ravel().tolist())), None, warnings)

    def _warnings(self, feed: Mapping[str, NDArray[Any]]) -> Mapping[int, Sequence[Message]]:
        found: dict[int, list[Message]] = {}
        for name, column in self._columns.items():
            values = feed[name][:, 0]
            odd = self._unseen(column, values) or self._outside(column, values)
            for row, message in odd:
                found.setdefault(row, []).append(message)
        return found

    def _unseen(self, column: SignatureColumn, values: NDArray[Any]) -> list[tuple[int, Message]]:
        known = self._known[column.name]
        if not known:
            return []
        return [
            (row, unseen(column, value))
            for row, value in enumerate(values)
            if value and value not in known
        ]

    def _outside(self, column: SignatureColumn, values: NDArray[Any]) -> list[tuple[int, Message]]:
        bounds = self._bounds[column.name]
        if bounds is None:
            return []
        low, high = bounds
        rows = np.flatnonzero((values < low) | (values > high))
        return [(int(row), outside(column)) for row in rows]
