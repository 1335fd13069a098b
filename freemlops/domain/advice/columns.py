"""What makes a column useless to learn from, and columns that say the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from freemlops.domain.advice.model import Action, ActionKind, Advice, Facts, Severity
from freemlops.domain.dataset import Column, ColumnType
from freemlops.domain.naming import named_identifier
from freemlops.domain.profile import ColumnProfile
from freemlops.domain.prose import is_prose
from freemlops.domain.words import Message, say

FEWEST_ROWS: Final = 20
ALMOST_ALL: Final = 0.995
MOST_MISSING: Final = 0.95
SAME_R: Final = 0.9995


def useless(column: Column, profile: ColumnProfile, rows: int) -> Advice | None:
    """The first reason why nothing can be learnt from the column, None when there is none."""
    if column.distinct == 0:
        return _leave(
            "empty",
            Severity.INFO,
            column,
            say("“{column}” is empty in every row.", column=column.name),
            {"missing": column.missing},
        )
    if column.distinct == 1 and not column.missing:
        return _leave(
            "constant",
            Severity.INFO,
            column,
            say("“{column}” is the same in every row.", column=column.name),
            {"distinct": 1},
        )
    return _identifier(column, profile, rows) or _mostly_missing(column, rows)


def _leave(
    code: str,
    severity: Severity,
    column: Column,
    message: Message,
    evidence: dict[str, float | int | str],
    *,
    by_default: bool = False,
) -> Advice:
    return Advice(
        code,
        severity,
        (column.name,),
        message,
        say("Leave it out: there is nothing to learn from it."),
        evidence,
        Action(ActionKind.EXCLUDE, (column.name,), by_default),
    )


def _identifier(column: Column, profile: ColumnProfile, rows: int) -> Advice | None:
    filled = rows - column.missing
    if filled < FEWEST_ROWS or column.distinct < 0.98 * filled:
        return None
    if column.type is ColumnType.TEXT:
        lengths = profile.lengths
        if lengths is not None and is_prose(lengths.spaced / filled, lengths.mean):
            return None  # sentences, not names
    elif not _numbered(column, profile, filled):
        return None
    message = say(
        "“{column}” has another value in each row, as a number or name of the row does. A model "
        "can only learn it by heart.",
        column=column.name,
    )
    evidence: dict[str, float | int | str] = {"distinct": column.distinct, "rows": filled}
    # Text of this kind is left aside by the engine itself; numbers would be learnt from.
    return _leave(
        "identifier", Severity.INFO, column, message, evidence, by_default=column.type.is_number
    )


def _numbered(column: Column, profile: ColumnProfile, filled: int) -> bool:
    """Whether whole numbers count the rows or stand for them."""
    if column.type is not ColumnType.INTEGER or column.distinct < filled:
        return False
    low, high = profile.low, profile.high
    if not isinstance(low, float | int) or not isinstance(high, float | int):
        return False
    return named_identifier(column.name) or high - low + 1 == filled


def _mostly_missing(column: Column, rows: int) -> Advice | None:
    if rows < FEWEST_ROWS or column.missing < MOST_MISSING * rows:
        return None
    share = column.missing / rows
    return _leave(
        "mostly_missing",
        Severity.WARNING,
        column,
        say(
            "“{column}” is missing in {share} of 100 rows.",
            column=column.name,
            share=round(100 * share, 1),
        ),
        {"missing": column.missing, "share": round(share, 4)},
    )


def same_columns(facts: Facts) -> Iterator[Advice]:
    """Columns that say the same as another one."""
    said: set[frozenset[str]] = set()
    features = {c.name for c, _ in facts.features()}
    for group in facts.profile.twins:
        names = tuple(n for n in group if n in features)
        if len(names) < 2:
            continue
        said |= {frozenset((a, b)) for a in names for b in names if a != b}
        message = say(
            "“{first}” and “{second}” say the same in other words: where the value of one comes "
            "up again, so does that of the other.",
            first=names[0],
            second=names[1],
        )
        yield _same(names, message, {"columns": len(names)})
    for found in facts.profile.correlations:
        pair = (found.first, found.second)
        if abs(found.r) < SAME_R or frozenset(pair) in said or not features.issuperset(pair):
            continue
        message = say(
            "“{first}” and “{second}” move as one (correlation {r}).",
            first=found.first,
            second=found.second,
            r=round(found.r, 4),
        )
        yield _same(pair, message, {"r": found.r})


def _same(names: tuple[str, ...], message: Message, evidence: dict[str, float | int]) -> Advice:
    return Advice(
        "same_columns",
        Severity.INFO,
        names,
        message,
        say(
            "Keep “{column}” and leave the others out: what each column matters is easier to see "
            "then.",
            column=names[0],
        ),
        evidence,
        Action(ActionKind.EXCLUDE, names[1:]),
    )
