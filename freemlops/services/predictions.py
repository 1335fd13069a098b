"""Answers from deployed models: rows of raw columns in, predictions out."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from freemlops.domain.cell import read_cell
from freemlops.domain.dataset import ColumnType
from freemlops.domain.errors import InvalidError, TooLargeError, UnavailableError
from freemlops.domain.model import DeploymentStatus, ModelVersion, Signature, SignatureColumn
from freemlops.domain.words import Message
from freemlops.engine.predict import Predictor
from freemlops.services.changes import Changes
from freemlops.services.deployments import DeploymentService
from freemlops.services.models import ModelService

MAX_ROWS = 100_000
LOADED_MODELS = 16


@dataclass(frozen=True, slots=True)
class Prediction:
    """The answer for one row. `probabilities` is keyed by class, None for a number."""

    prediction: str | float | bool
    probabilities: Mapping[str, float] | None = None
    warnings: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class PredictionAnswer:
    model: str
    version: int
    request_id: str
    predictions: tuple[Prediction, ...] = field(default=())


class PredictionService:
    """Thread-safe. Loaded models are kept by content hash, the least recently used go first."""

    def __init__(
        self, deployments: DeploymentService, models: ModelService, changes: Changes
    ) -> None:
        self._deployments = deployments
        self._models = models
        self._changes = changes
        self._lock = threading.Lock()
        self._loaded: OrderedDict[str, Predictor] = OrderedDict()
        self._routes: dict[str, tuple[int, ModelVersion]] = {}

    def predict(self, endpoint: str, rows: Sequence[Mapping[str, Any]]) -> PredictionAnswer:
        """One prediction a row, in order.

        Raises `NotFoundError` (endpoint), `UnavailableError` (paused), `InvalidError` with the
        row and column of each mistake, `TooLargeError` over 100,000 rows.
        """
        return self.answer_rows(self.served(endpoint), rows)

    def answer_rows(
        self, version: ModelVersion, rows: Sequence[Mapping[str, Any]]
    ) -> PredictionAnswer:
        """`predict` with a registered version that need not be deployed."""
        check_count(len(rows))
        names = list(dict.fromkeys(name for row in rows for name in row))
        return self._answer(version, {n: [row.get(n) for row in rows] for n in names}, len(rows))

    def answer_columns(
        self, version: ModelVersion, columns: Mapping[str, Sequence[Any]]
    ) -> PredictionAnswer:
        """For a table given column by column. Raises `InvalidError` on uneven lengths."""
        lengths = {len(values) for values in columns.values()}
        if len(lengths) > 1:
            raise InvalidError("All columns must have the same number of values.")
        count = lengths.pop() if lengths else 0
        check_count(count)
        return self._answer(version, columns, count)

    def answer_text(
        self, version: ModelVersion, rows: Sequence[Mapping[str, str | None]]
    ) -> PredictionAnswer:
        """For rows of text cells, as a CSV file has them."""
        types = {c.name: c.type for c in version.signature.columns}
        typed = [{k: read_cell(v, types[k]) for k, v in row.items() if k in types} for row in rows]
        return self.answer_rows(version, typed)

    def _answer(
        self, version: ModelVersion, columns: Mapping[str, Sequence[Any]], count: int
    ) -> PredictionAnswer:
        made = self._predictor(version).predict(columns, count)
        classes = version.signature.classes
        named = class_values(version.signature)
        predictions = tuple(
            Prediction(
                prediction=named[value] if isinstance(value, str) else value,
                probabilities=(
                    None
                    if made.probabilities is None
                    else dict(zip(classes, made.probabilities[i].tolist(), strict=True))
                ),
                warnings=tuple(made.warnings[i]) if made.warnings else (),
            )
            for i, value in enumerate(made.values)
        )
        return PredictionAnswer(
            version.model, version.version, f"req_{secrets.token_hex(8)}", predictions
        )

    def served(self, endpoint: str) -> ModelVersion:
        """The version that answers at the endpoint, remembered until a deployment changes."""
        seen = self._changes.version("deployments")
        known = self._routes.get(endpoint)
        if known is not None and known[0] == seen:
            return known[1]
        deployment = self._deployments.get(endpoint)
        if deployment.status is DeploymentStatus.PAUSED:
            raise UnavailableError(
                "The endpoint “{name}” is paused. Resume it on the deployments page.",
                name=endpoint,
            )
        version = self._deployments.served(deployment)
        self._routes[endpoint] = (seen, version)
        return version

    def _predictor(self, version: ModelVersion) -> Predictor:
        key = version.artifacts["onnx"].sha256
        with self._lock:
            if key in self._loaded:
                self._loaded.move_to_end(key)
                return self._loaded[key]
        _, content = self._models.artifact(version, "onnx")
        predictor = Predictor(content, version.signature)
        with self._lock:
            self._loaded[key] = predictor
            while len(self._loaded) > LOADED_MODELS:
                self._loaded.popitem(last=False)
        return predictor

    def signature(self, endpoint: str) -> Signature:
        return self._deployments.served(self._deployments.get(endpoint)).signature

    def example(self, endpoint: str) -> dict[str, Any]:
        """One row that the endpoint answers, made of values seen in training."""
        return example_row(self.signature(endpoint))

    def json_schema(self, endpoint: str) -> dict[str, Any]:
        """JSON Schema (2020-12) of one row."""
        return row_schema(self.signature(endpoint), title=endpoint)


def class_values(signature: Signature) -> dict[str, str | float | bool]:
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


def check_count(rows: int) -> None:
    """Raise unless there is at least one row and no more than `MAX_ROWS`."""
    if rows == 0:
        raise InvalidError(
            "There is nothing to predict. Send at least one row: {example}.",
            example='{"rows": [{"column": 1}]}',
        )
    if rows > MAX_ROWS:
        raise TooLargeError(
            "{rows} rows in one request are too many; send at most {limit} at a time.",
            rows=rows,
            limit=MAX_ROWS,
        )


def example_row(signature: Signature) -> dict[str, Any]:
    return {c.name: c.example for c in signature.columns}


_TYPES = {
    ColumnType.INTEGER: {"type": "integer"},
    ColumnType.DECIMAL: {"type": "number"},
    ColumnType.BOOLEAN: {"type": "boolean"},
    ColumnType.TEXT: {"type": "string"},
    ColumnType.DATE: {"type": "string", "format": "date"},
    ColumnType.DATETIME: {"type": "string", "format": "date-time"},
}


def row_schema(signature: Signature, title: str) -> dict[str, Any]:
    """What one row may hold. Ranges and categories are notes, not limits: the model answers
    values that it never saw, with a warning."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        "type": "object",
        "properties": {c.name: _property(c) for c in signature.columns},
        "required": [c.name for c in signature.columns if not c.has_missing],
        "examples": [example_row(signature)],
    }


def _property(column: SignatureColumn) -> dict[str, Any]:
    made: dict[str, Any] = dict(_TYPES[column.type])
    made["type"] = [made["type"], "null"]
    if column.words is not None:
        made["type"] = ["boolean", "string", "null"]
        made["x-words"] = list(column.words)
    if column.low is not None:
        made["x-seen-low"] = column.low
        made["x-seen-high"] = column.high
    if column.categories:
        made["x-seen-values"] = list(column.categories)
    if column.example is not None:
        made["examples"] = [column.example]
    return made
