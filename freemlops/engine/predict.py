"""Answers from an exported graph. Needs numpy and onnxruntime, none of the training libraries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from freemlops.domain.dataset import ColumnType
from freemlops.domain.errors import Detail, InvalidError
from freemlops.domain.model import Signature, SignatureColumn
from freemlops.domain.words import Message, say
from freemlops.engine.feed import column_feed, seconds
from freemlops.engine.session import open_session, run_session


@dataclass(frozen=True, slots=True)
class Predictions:
    """`values` are labels or numbers, one a row. `probabilities` [rows, classes] or None.

    `warnings` is empty when no row has one, else one tuple a row.
    """

    values: tuple[str | float, ...]
    probabilities: NDArray[np.float64] | None
    warnings: tuple[tuple[Message, ...], ...]


class Predictor:
    """Thread-safe once made: an onnxruntime session may run from many threads."""

    def __init__(self, onnx: bytes, signature: Signature) -> None:
        self.signature = signature
        self._session = open_session(onnx)
        self._columns = {c.name: c for c in signature.columns}
        self._inputs = [i.name for i in self._session.get_inputs()]
        self._bounds = {c.name: _bounds(c) for c in signature.columns}
        self._known = {c.name: frozenset(c.categories) for c in signature.columns}

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
        made = run_session(self._session, {name: feed[name] for name in self._inputs})
        warnings = self._warnings(feed, n)
        if self.signature.classes:
            chances = np.asarray(made[1], np.float64)
            return Predictions(tuple(str(v) for v in made[0]), chances, warnings)
        return Predictions(tuple(float(v) for v in made[0].ravel()), None, warnings)

    def _warnings(
        self, feed: Mapping[str, NDArray[Any]], n: int
    ) -> tuple[tuple[Message, ...], ...]:
        found: dict[int, list[Message]] = {}
        for name, column in self._columns.items():
            values = feed[name][:, 0]
            odd = self._unseen(column, values) or self._outside(column, values)
            for row, message in odd:
                found.setdefault(row, []).append(message)
        return tuple(tuple(found.get(i, ())) for i in range(n)) if found else ()

    def _unseen(self, column: SignatureColumn, values: NDArray[Any]) -> list[tuple[int, Message]]:
        known = self._known[column.name]
        if not known:
            return []
        return [
            (
                row,
                say("“{value}” was never seen in “{column}”.", value=value, column=column.name),
            )
            for row, value in enumerate(values)
            if value and value not in known
        ]

    def _outside(self, column: SignatureColumn, values: NDArray[Any]) -> list[tuple[int, Message]]:
        bounds = self._bounds[column.name]
        if bounds is None:
            return []
        low, high = bounds
        rows = np.flatnonzero((values < low) | (values > high))
        return [
            (
                int(row),
                say(
                    "“{column}” is outside what was seen, {low} to {high}.",
                    column=column.name,
                    low=column.low,
                    high=column.high,
                ),
            )
            for row in rows
        ]


def _bounds(column: SignatureColumn) -> tuple[float, float] | None:
    if column.low is None or column.high is None:
        return None
    if column.type in (ColumnType.DATE, ColumnType.DATETIME):
        return seconds(column.low), seconds(column.high)
    low, high = np.float32(column.low), np.float32(column.high)
    return float(low), float(high)
