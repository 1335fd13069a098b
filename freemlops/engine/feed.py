"""JSON values to a graph's inputs, with the row and column of whatever does not fit."""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from freemlops.domain.dataset import ColumnType
from freemlops.domain.errors import Detail
from freemlops.domain.model import SignatureColumn
from freemlops.domain.words import N_, Message, say

_EPOCH, _EPOCH_UTC = datetime(1970, 1, 1), datetime(1970, 1, 1, tzinfo=UTC)  # noqa: DTZ001
MOST_DETAILS = 100
_MOST: float = float(np.finfo(np.float32).max)


_NO_DATE = N_("{value} is no date. Write it like “2026-01-31” or “2026-01-31T13:45:00”.")


class MisfitError(ValueError):
    """One value of the wrong kind; `message` says what was expected."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.english())
        self.message = message


def _shown(value: Any) -> str:
    """The value as it was sent, cut to what a sentence can hold."""
    text = f"“{value}”" if isinstance(value, str) else json.dumps(value, default=str)
    return text if len(text) <= 60 else f"{text[:57]}…"


def number(value: Any) -> float:
    if value is None:
        return math.nan
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise MisfitError(say("{value} is no number. Send it without quotes.", value=_shown(value)))
    if isinstance(value, float) and not math.isfinite(value):
        return math.nan
    if not -_MOST <= value <= _MOST:
        raise MisfitError(say("This number is too large."))
    return float(value)


def boolean(value: Any) -> float:
    if value is None:
        return math.nan
    if isinstance(value, (bool, np.bool_)) or (isinstance(value, (int, float)) and value in (0, 1)):
        return float(value)
    raise MisfitError(
        say("{value} is neither true nor false. Send it without quotes.", value=_shown(value))
    )


def text(value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise MisfitError(say("{value} is no text. Send it in quotes.", value=_shown(value)))
    return value


def seconds(value: Any) -> float:
    """Whole seconds since 1970; a time without a zone is UTC."""
    if value is None or value == "":
        return math.nan
    if isinstance(value, str):
        return _seconds_of(value) if len(value) < 40 else _seconds_of.__wrapped__(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day, tzinfo=UTC)
    if not isinstance(value, datetime):
        raise MisfitError(say(_NO_DATE, value=_shown(value)))
    return _since(value)


@functools.lru_cache(8192)  # the same days come again and again
def _seconds_of(text: str) -> float:
    try:
        return _since(datetime.fromisoformat(text))
    except ValueError:
        raise MisfitError(say(_NO_DATE, value=_shown(text))) from None


def _since(value: datetime) -> float:
    """Rounded down, as a timedelta's parts are."""
    try:
        delta = value - (_EPOCH if value.tzinfo is None else _EPOCH_UTC)
    except OverflowError:  # the first and the last day, in another zone
        return math.floor(value.timestamp())
    return float(delta.days * 86_400 + delta.seconds)


_READERS: Mapping[ColumnType, tuple[Callable[[Any], Any], type]] = {
    ColumnType.INTEGER: (number, np.float32),
    ColumnType.DECIMAL: (number, np.float32),
    ColumnType.BOOLEAN: (boolean, np.float32),
    ColumnType.TEXT: (text, object),
    ColumnType.DATE: (seconds, np.float64),
    ColumnType.DATETIME: (seconds, np.float64),
}


def column_feed(
    column: SignatureColumn, values: Sequence[Any], details: list[Detail]
) -> NDArray[Any]:
    """An input of shape [rows, 1]; what does not fit is added to `details`."""
    read, dtype = _READERS[column.type]
    if column.words is not None:
        truth = {word.lower(): bool(i) for i, word in enumerate(column.words)}
        values = [truth.get(v.lower(), v) if isinstance(v, str) else v for v in values]
    try:
        made = [read(v) for v in values]
    except MisfitError:
        made = _with_details(column, values, details, read)
    return np.array(made, dtype=dtype).reshape(-1, 1)


def _with_details(
    column: SignatureColumn,
    values: Sequence[Any],
    details: list[Detail],
    read: Callable[[Any], Any],
) -> list[Any]:
    made = []
    for row, value in enumerate(values):
        try:
            made.append(read(value))
        except MisfitError as misfit:
            made.append(read(None))
            if len(details) < MOST_DETAILS:
                details.append(Detail(misfit.message, row=row, column=column.name))
    return made
