"""Answers from the log of an endpoint."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from freemlops.domain.logged import LoggedAnswer


class LoggedAnswerOut(msgspec.Struct):
    """`row` counts from 0 within the request. `role` is `champion`, `challenger` or `shadow`.
    `run`, `candidate` and the dataset are null where they are gone, or the model was imported;
    `inputs` where rows are not kept."""

    request: str
    row: int
    role: str
    model: str
    version: int
    run: str | None
    candidate: str | None
    dataset: str | None
    dataset_name: str | None
    dataset_version: int | None
    answered_at: datetime
    took_ms: float
    prediction: str
    probabilities: dict[str, float] | None
    decision: str | None
    warnings: int
    inputs: dict[str, Any] | None


class LoggedAnswers(msgspec.Struct):
    items: list[LoggedAnswerOut]


def logged_out(answers: Sequence[LoggedAnswer]) -> LoggedAnswers:
    return LoggedAnswers(
        [msgspec.convert(a, LoggedAnswerOut, from_attributes=True) for a in answers]
    )
