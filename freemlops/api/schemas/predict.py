"""Bodies of prediction calls: JSON rows, JSON columns or CSV in, JSON or CSV out."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from freemlops.domain.cell import read_cell
from freemlops.domain.errors import InvalidError, MalformedError
from freemlops.domain.model import ModelVersion
from freemlops.i18n import Translator
from freemlops.services.predictions import PredictionAnswer, PredictionService

EXAMPLE = '{"rows": [{"column": 1}]}'


class PredictionOut(msgspec.Struct, omit_defaults=True):
    prediction: str | float | bool
    probabilities: dict[str, float] | None = None
    warnings: list[str] = []


class PredictOut(msgspec.Struct):
    predictions: list[PredictionOut]
    model: str
    version: int
    request_id: str


def answer(
    service: PredictionService, version: ModelVersion, body: bytes, media_type: str
) -> PredictionAnswer:
    """Read the body by its media type and predict. Raises `MalformedError`, `InvalidError`."""
    if media_type == "text/csv":
        return service.answer_text(version, _csv_rows(body))
    rows, columns = _json_rows(body)
    if rows is not None:
        return service.answer_rows(version, rows)
    return service.answer_columns(version, columns)


def raw_rows(version: ModelVersion, body: bytes, media_type: str) -> list[Mapping[str, Any]]:
    """The rows of a body one by one, as JSON has them. Raises as `answer` does."""
    if media_type == "text/csv":
        types = {c.name: c.type for c in version.signature.columns}
        return [
            {k: read_cell(v, types[k]) for k, v in row.items() if k in types}
            for row in _csv_rows(body)
        ]
    rows, columns = _json_rows(body)
    if rows is not None:
        return list(rows)
    if len({len(values) for values in columns.values()}) > 1:
        raise InvalidError("All columns must have the same number of values.")
    return [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]


def _json_rows(
    body: bytes,
) -> tuple[Sequence[Mapping[str, Any]] | None, Mapping[str, Sequence[Any]]]:
    try:
        data = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedError(
            "The body is not valid JSON ({problem}). Send {example}.",
            problem=str(error)[:200],
            example=EXAMPLE,
        ) from error
    if isinstance(data, dict):
        rows, columns = data.get("rows"), data.get("columns")
        if isinstance(rows, list) and all(isinstance(r, dict) for r in rows):
            return rows, {}
        if isinstance(columns, dict) and all(isinstance(v, list) for v in columns.values()):
            return None, columns
    raise InvalidError(
        "The body must be an object with “rows”, a list of objects, or with “columns”, an "
        "object of lists. Send {example}.",
        example=EXAMPLE,
    )


def _csv_rows(body: bytes) -> list[dict[str, str | None]]:
    """Rows of a CSV with a header, separated by whichever of `, ; tab |` its header has most of."""
    try:
        text = body.decode("utf-8-sig")
        head = text.partition("\n")[0]
        separator = max(",;\t|", key=head.count)
        reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        return [{k: v for k, v in row.items() if k is not None} for row in reader]
    except (UnicodeDecodeError, csv.Error) as error:
        raise MalformedError(
            "The body could not be read as CSV ({problem}). Send UTF-8 text with a header line.",
            problem=str(error)[:200],
        ) from error


def as_json(made: PredictionAnswer, t: Translator) -> PredictOut:
    return PredictOut(
        predictions=[
            PredictionOut(
                p.prediction,
                dict(p.probabilities) if p.probabilities is not None else None,
                [t.text(w) for w in p.warnings],
            )
            for p in made.predictions
        ],
        model=made.model,
        version=made.version,
        request_id=made.request_id,
    )


def as_csv(made: PredictionAnswer) -> str:
    """One line a row: the prediction, then the probability of each class."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    classes = list(made.predictions[0].probabilities or ())
    writer.writerow(["prediction", *(f"probability_{c}" for c in classes)])
    for p in made.predictions:
        writer.writerow([p.prediction, *((p.probabilities or {})[c] for c in classes)])
    return out.getvalue()
