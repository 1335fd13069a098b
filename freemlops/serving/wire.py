"""Answers as bytes: JSON, CSV or an Arrow stream."""

from __future__ import annotations

import csv
import io
from typing import Any

import msgspec

from freemlops.i18n import Translator
from freemlops.serving.arrow_body import write_arrow
from freemlops.serving.model import PredictionAnswer

_encode = msgspec.json.Encoder().encode


class PredictionOut(msgspec.Struct, omit_defaults=True, gc=False):
    """`decision` is there when the model version has a threshold, `probabilities` when it
    tells classes apart, `warnings` when the row has one."""

    prediction: str | float | bool
    probabilities: dict[str, float] | None = None
    decision: str | float | bool | None = None
    warnings: list[str] = []


class PredictOut(msgspec.Struct):
    predictions: list[PredictionOut]
    model: str
    version: int
    request_id: str


def answer_out(answer: PredictionAnswer, t: Translator) -> PredictOut:
    made, classes = answer.made, answer.source.signature.classes
    values = answer.values
    if made.probabilities is None:
        rows = [PredictionOut(value) for value in values]
    else:
        chances = made.probabilities.tolist()
        rows = [
            PredictionOut(value, dict(zip(classes, row, strict=True)))
            for value, row in zip(values, chances, strict=True)
        ]
    if (decisions := answer.decisions) is not None:
        for row, decision in zip(rows, decisions, strict=True):
            row.decision = decision
    for row, warnings in zip(rows, made.warnings, strict=False):
        if warnings:
            row.warnings = [t.text(w) for w in warnings]
    return PredictOut(rows, answer.model, answer.version, answer.request_id)


def as_json(answer: PredictionAnswer, t: Translator) -> bytes:
    return _encode(answer_out(answer, t))


def as_csv(answer: PredictionAnswer) -> bytes:
    """One line a row: the prediction, the probability of each class, the decision."""
    columns = _columns(answer)
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    return out.getvalue().encode()


def as_arrow(answer: PredictionAnswer) -> bytes:
    """The columns of `as_csv`."""
    return write_arrow(_columns(answer))


def _columns(answer: PredictionAnswer) -> dict[str, list[Any]]:
    made: dict[str, list[Any]] = {"prediction": answer.values}
    if answer.made.probabilities is not None:
        for i, name in enumerate(answer.source.signature.classes):
            made[f"probability_{name}"] = answer.made.probabilities[:, i].tolist()
    if (decisions := answer.decisions) is not None:
        made["decision"] = decisions
    return made
