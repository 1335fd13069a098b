"""How a file was read, what it leaves open, and how a person wants it read."""

from __future__ import annotations

from typing import Any

import msgspec

from freemlops.api.schemas.datasets import DatasetOut, dataset_out
from freemlops.bootstrap import Platform
from freemlops.domain.dataset import DatasetVersion
from freemlops.domain.errors import InvalidError
from freemlops.domain.reading import Question, ReadOptions
from freemlops.i18n import Translator
from freemlops.services.intake import merge_options


class ChoiceOut(msgspec.Struct):
    value: str
    label: str


class QuestionOut(msgspec.Struct):
    code: str
    message: str
    option: str
    columns: list[str]
    choices: list[ChoiceOut]


class ReadingOut(DatasetOut, kw_only=True):
    """A version with the options it was read with and the questions that are open."""

    options: dict[str, Any]
    questions: list[QuestionOut]


class AnswerIn(msgspec.Struct, forbid_unknown_fields=True):
    option: str
    value: str


def reading_out(platform: Platform, version: DatasetVersion, t: Translator) -> ReadingOut:
    origin = platform.intake.origin(version.dataset, version.version)
    given = msgspec.to_builtins(origin.options)
    return ReadingOut(
        **{f: getattr(dataset_out(version, t), f) for f in DatasetOut.__struct_fields__},
        options={k: v for k, v in given.items() if v is not None and v != {}},
        questions=[_question(q, t) for q in origin.questions],
    )


def _question(question: Question, t: Translator) -> QuestionOut:
    return QuestionOut(
        code=question.code,
        message=t.text(question.message),
        option=question.option,
        columns=list(question.columns),
        choices=[ChoiceOut(c.value, t.text(c.label)) for c in question.choices],
    )


def read_options(text: str) -> ReadOptions:
    """Options out of a query parameter. Raises `InvalidError`."""
    try:
        given = msgspec.json.decode(text or "{}", type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeError) as error:
        raise InvalidError("The options must be a JSON object.") from error
    return merge_options(ReadOptions(), given)
