"""A model version that answers, and its answer."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from freemlops.domain.dataset import ColumnType
from freemlops.domain.errors import InvalidError
from freemlops.domain.model import Signature
from freemlops.domain.words import Message
from freemlops.engine.predict import Predictions, Predictor
from freemlops.serving.arrow_body import read_arrow
from freemlops.serving.csv_body import read_csv
from freemlops.serving.rows import (
    MAX_ROWS,
    JsonReader,
    LooseColumns,
    Table,
    TypedColumns,
    TypedRows,
    check_count,
)

CSV, ARROW = "text/csv", "application/vnd.apache.arrow.stream"

type Value = str | float | bool


@dataclass(frozen=True, slots=True)
class Prediction:
    """The answer for one row. `probabilities` is keyed by class, None for a number. `decision`
    is the class by the version's own threshold, None when it has none."""

    prediction: Value
    probabilities: Mapping[str, float] | None = None
    warnings: tuple[Message, ...] = ()
    decision: Value | None = None


@dataclass(frozen=True, slots=True)
class PredictionAnswer:
    """What `model` answered to one request; `made` holds the same as arrays."""

    source: ServedModel
    made: Predictions
    request_id: str

    @property
    def model(self) -> str:
        return self.source.model

    @property
    def version(self) -> int:
        return self.source.version

    @property
    def values(self) -> list[Value]:
        """One a row, classes as the target's own type writes them."""
        named = self.source.named
        return [named[v] if isinstance(v, str) else v for v in self.made.values]

    @property
    def decisions(self) -> list[Value] | None:
        """One a row, None when the version has no threshold."""
        threshold, chances = self.source.threshold, self.made.probabilities
        if threshold is None or chances is None:
            return None
        no, yes = self.source.named.values()
        return [yes if hit else no for hit in (chances[:, 1] >= threshold).tolist()]

    @property
    def predictions(self) -> tuple[Prediction, ...]:
        chances, decisions = self.made.probabilities, self.decisions
        classes = self.source.signature.classes
        return tuple(
            Prediction(
                value,
                None if chances is None else dict(zip(classes, chances[i].tolist(), strict=True)),
                self.made.warnings[i] if self.made.warnings else (),
                None if decisions is None else decisions[i],
            )
            for i, value in enumerate(self.values)
        )


class ServedModel:
    """Thread-safe. `threshold`: the least probability of the second class of two at which the
    decision is for it."""

    def __init__(
        self,
        predictor: Predictor,
        model: str,
        version: int,
        threshold: float | None = None,
        max_rows: int = MAX_ROWS,
    ) -> None:
        self.predictor = predictor
        self.signature: Signature = predictor.signature
        self.model = model
        self.version = version
        self.threshold = threshold if len(self.signature.classes) == 2 else None
        self.named = class_values(self.signature)
        self._max_rows = max_rows
        self._json = JsonReader(self.signature, max_rows)

    def read(self, body: bytes, media_type: str = "") -> Table:
        """The rows of a body; its kind is JSON unless the media type names CSV or Arrow.

        Raises `MalformedError`, `InvalidError`, `TooLargeError`.
        """
        if media_type == CSV:
            table = read_csv(body, self.signature, self._max_rows)
        elif media_type == ARROW:
            table = read_arrow(body, self.signature, self._max_rows)
        else:
            table = self._json.read(body)
        check_count(len(table), self._max_rows)
        return table

    def answer(
        self, table: Table, body: bytes = b"", request_id: str | None = None
    ) -> PredictionAnswer:
        """Raises `InvalidError` with the row and column of each mistake. `body` is what typed
        rows were read from: with a value in it that does not fit it is read again, closely."""
        made = self.attempt(table)
        if made is None:
            made = self._closely(table, body)
        return self.wrap(made, request_id)

    def wrap(self, made: Predictions, request_id: str | None = None) -> PredictionAnswer:
        return PredictionAnswer(self, made, request_id or new_request_id())

    def attempt(self, table: Table) -> Predictions | None:
        """The quick way; None when it takes a closer look."""
        match table:
            case TypedRows():
                columns = self._json.columns(table.rows)
            case TypedColumns():
                columns = table.columns
            case _:
                return None
        return self.predictor.predict_typed(columns, len(table))

    def _closely(self, table: Table, body: bytes) -> Predictions:
        match table:
            case LooseColumns():
                columns: Mapping[str, Sequence[object]] = table.columns
            case TypedRows() if body:
                columns = self._json.loose(body).columns
            case TypedRows():
                columns = self.by_name(self._json.columns(table.rows))
            case TypedColumns():
                columns = self.by_name(table.columns)
        return self.predictor.predict(columns, len(table))

    def by_name(self, columns: Sequence[Sequence[object]]) -> dict[str, Sequence[object]]:
        names = (c.name for c in self.signature.columns)
        return dict(zip(names, map(list, columns), strict=True))


def new_request_id() -> str:
    return f"req_{secrets.token_hex(8)}"


def check_threshold(signature: Signature, threshold: float | None) -> None:
    """Raise `InvalidError` unless the model can decide by it."""
    if threshold is None:
        return
    if len(signature.classes) != 2:
        raise InvalidError("Only a model of two classes decides by a threshold.")
    if not 0 < threshold < 1:
        raise InvalidError("A threshold is a probability between 0 and 1.")


def class_values(signature: Signature) -> dict[str, Value]:
    """Each class label as the target's own type writes it: `"1"` → 1, `"true"` → True."""
    match signature.target_type:
        case ColumnType.BOOLEAN:
            return {label: label == "true" for label in signature.classes}
        case ColumnType.INTEGER:
            return {label: int(label) for label in signature.classes}
        case ColumnType.DECIMAL:
            return {label: float(label) for label in signature.classes}
        case _:
            return {label: label for label in signature.classes}
