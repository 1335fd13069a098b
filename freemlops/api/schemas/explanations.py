"""Explanations over HTTP."""

from __future__ import annotations

from typing import Any

import msgspec

from freemlops.bootstrap import Platform
from freemlops.domain.errors import InvalidError
from freemlops.domain.explanation import Basis, Contributions, Dependence, Importance
from freemlops.domain.run import Score
from freemlops.services.explanations import ExplanationService, check_count
from freemlops.serving.endpoint import Asked
from freemlops.serving.model import ServedModel
from freemlops.serving.wire import PredictionOut, answer_out


class BasisOut(msgspec.Struct):
    """`unseen`: the figures are of rows that the model had not learned from."""

    rows: int
    held_out: bool
    unseen: bool


class IntervalOut(msgspec.Struct):
    value: float
    low: float
    high: float


class EffectOut(msgspec.Struct):
    """How much worse the model gets without the column, by the run's metric and by `fit`."""

    column: str
    by_metric: IntervalOut
    by_fit: IntervalOut
    matters: bool


class ImportanceOut(msgspec.Struct):
    metric: str
    fit: str
    repeats: int
    basis: BasisOut
    columns: list[EffectOut]


class DependenceOut(msgspec.Struct, omit_defaults=True, rename={"of": "class"}):
    column: str
    points: list[Any]
    curve: list[float]
    lines: list[list[float]]
    edges: list[float]
    counts: list[int]
    basis: BasisOut
    of: str | None = None
    words: bool = False


class ContributionsOut(msgspec.Struct, omit_defaults=True, rename={"of": "class"}):
    """`base` and all of `columns` add up to `answer`; `errors` are standard errors."""

    base: float
    answer: float
    columns: dict[str, float]
    errors: dict[str, float]
    of: str | None = None
    row: int | None = None


class ExplainedOut(msgspec.Struct):
    contributions: list[ContributionsOut]


class ExplainIn(msgspec.Struct, forbid_unknown_fields=True, rename={"of": "class"}):
    """Either rows, or their numbers in the dataset version, from 0."""

    rows: list[dict[str, Any]] | None = None
    row_numbers: list[int] | None = None
    of: str | None = None


class ExplainedPredictionOut(PredictionOut, omit_defaults=True, kw_only=True):
    contributions: ContributionsOut


class ExplainedPredictOut(msgspec.Struct):
    predictions: list[ExplainedPredictionOut]
    model: str
    version: int
    request_id: str


def importance_out(made: Importance) -> ImportanceOut:
    columns = [
        EffectOut(e.column, _interval(e.by_metric), _interval(e.by_fit), e.matters)
        for e in made.effects
    ]
    return ImportanceOut(made.metric, made.fit, made.repeats, _basis(made.basis), columns)


def dependence_out(made: Dependence) -> DependenceOut:
    return DependenceOut(
        column=made.column,
        points=list(made.points),
        curve=list(made.curve),
        lines=[list(line) for line in made.lines],
        edges=list(made.edges),
        counts=list(made.counts),
        basis=_basis(made.basis),
        of=made.of,
        words=made.words,
    )


def contributions_out(made: Contributions) -> ContributionsOut:
    return ContributionsOut(
        base=made.base,
        answer=made.made,
        columns={p.column: p.amount for p in made.parts},
        errors={p.column: p.error for p in made.parts},
        of=made.of,
        row=made.row,
    )


def explain(service: ExplanationService, run: str, candidate: str, data: ExplainIn) -> ExplainedOut:
    """Explain the rows that the body gives or names. Raises `InvalidError`."""
    if data.rows is not None and data.row_numbers is None:
        made = service.contributions(run, candidate, data.rows, data.of)
    elif data.row_numbers is not None and data.rows is None:
        made = service.contributions_at(run, candidate, data.row_numbers, data.of)
    else:
        raise InvalidError("Send either “rows” or “row_numbers”, one of the two.")
    return ExplainedOut([contributions_out(c) for c in made])


def explained_answer(
    platform: Platform, model: ServedModel, body: bytes, asked: Asked
) -> ExplainedPredictOut:
    """Predict the rows of the body, and say of each what its columns add to the answer.

    Raises as an answer does, and `TooLargeError` for more rows than are explained at once.
    """
    table = model.read(body, asked.media_type)
    check_count(len(table))
    plain = answer_out(model.answer(table, body, asked.request_id), asked.t)
    rows = msgspec.to_builtins(model.rows(table))
    version = platform.models.get(model.model, model.version)
    reasons = platform.explanations.of_version(version, rows)
    made = [
        ExplainedPredictionOut(**msgspec.structs.asdict(p), contributions=contributions_out(c))
        for p, c in zip(plain.predictions, reasons, strict=True)
    ]
    return ExplainedPredictOut(made, plain.model, plain.version, plain.request_id)


def _interval(score: Score) -> IntervalOut:
    return IntervalOut(score.value, score.low, score.high)


def _basis(made: Basis) -> BasisOut:
    return BasisOut(made.rows, made.held_out, made.unseen)
