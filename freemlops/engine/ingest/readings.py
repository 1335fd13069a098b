"""The ways in which text can be read as a value. Each gives null for what it cannot read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from freemlops.domain.cell import MISSING
from freemlops.domain.dataset import ColumnType

TRUE: Final = ("true", "yes", "sim", "verdadeiro")
FALSE: Final = ("false", "no", "não", "nao", "falso")


def _variants(words: frozenset[str]) -> list[str]:
    made = {w for word in words for w in (word, word.upper(), word.title(), word.capitalize())}
    return sorted({*made, *({"NaN"} if "nan" in words else ())})


MISSING_WORDS: Final = _variants(MISSING | {"#n/a", "#n/d", "n/d", "--"})
TEXT_MISSING_WORDS: Final = _variants((MISSING - {"none"}) | {"#n/a", "#n/d", "n/d", "--"})
""""None" may well be the name of a class; among numbers it can only mean that there is none."""


@dataclass(frozen=True, slots=True)
class Reading:
    """`parse` takes stripped text, null where it is missing.

    What one of `wider_than` can read, this can: it need not be tried while one of them lives.
    """

    key: str
    type: ColumnType
    parse: Callable[[pl.Expr], pl.Expr]
    wider_than: tuple[str, ...] = ()


def cell(column: str, words: Sequence[str] = MISSING_WORDS) -> pl.Expr:
    """A stripped column, null where a missing word stands."""
    return pl.when(~pl.col(column).is_in(words)).then(pl.col(column)).alias(column)


def _matching(text: pl.Expr, pattern: str) -> pl.Expr:
    return pl.when(text.str.contains(f"^(?:{pattern})$")).then(text)


def _boolean(text: pl.Expr) -> pl.Expr:
    small = text.str.to_lowercase()
    return pl.when(small.is_in(TRUE)).then(True).when(small.is_in(FALSE)).then(False)


def _integer(text: pl.Expr) -> pl.Expr:
    # a leading zero makes it a code, not a number; int64 ends within the nineteenth digit
    whole = _matching(text, r"[+-]?(?:0|[1-9]\d{0,18})")
    return whole.str.strip_prefix("+").cast(pl.Int64, strict=False)


def _grouped(group: str) -> Callable[[pl.Expr], pl.Expr]:
    def parse(text: pl.Expr) -> pl.Expr:
        whole = _matching(text, rf"[+-]?(?:0|[1-9]\d{{0,17}}|[1-9]\d{{0,2}}(?:[{group}]\d{{3}})+)")
        bare = whole.str.replace_all(f"[{group}+]", "")
        return bare.cast(pl.Int64, strict=False)

    return parse


def _decimal(mark: str, group: str) -> Callable[[pl.Expr], pl.Expr]:
    whole = rf"(?:0|[1-9]\d{{0,17}}|[1-9]\d{{0,2}}(?:[{group}]\d{{3}})+)"
    number = rf"[+-]?(?:{whole}(?:[{mark}]\d*)?|[{mark}]\d+)(?:[eE][+-]?\d{{1,3}})?"

    def parse(text: pl.Expr) -> pl.Expr:
        bare = _matching(text, number).str.replace_all(f"[{group}+]", "")
        # the plus of an exponent may go: 1e+5 is 1e5
        value = bare.str.replace(mark, ".", literal=True).cast(pl.Float64, strict=False)
        return pl.when(value.is_finite()).then(value)

    return parse


def _date(pattern: str, format: str) -> Callable[[pl.Expr], pl.Expr]:
    def parse(text: pl.Expr) -> pl.Expr:
        return _matching(text, pattern).str.to_date(format, strict=False)

    return parse


def _exact(pattern: str, format: str) -> Callable[[pl.Expr], pl.Expr]:
    """Dates with a time to the second."""

    def parse(text: pl.Expr) -> pl.Expr:
        found = _matching(text, rf"{pattern}[T ]\d{{1,2}}:\d{{2}}:\d{{2}}(?:\.\d{{1,9}})?")
        return _at(found.str.replace("T", " ", literal=True), f"{format} %H:%M:%S%.f")

    return parse


def _mixed(pattern: str, format: str) -> Callable[[pl.Expr], pl.Expr]:
    """Dates with a time, some without seconds and some without any."""
    clock = r"\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?"

    def parse(text: pl.Expr) -> pl.Expr:
        found = _matching(text, rf"{pattern}(?:[T ]{clock})?").str.replace("T", " ", literal=True)
        tries = [_at(found, f"{format}{time}") for time in (" %H:%M:%S%.f", " %H:%M")]
        day = found.str.to_date(format, strict=False).cast(pl.Datetime("us"))
        return pl.coalesce(*tries, day)

    return parse


def _at(text: pl.Expr, format: str) -> pl.Expr:
    return text.str.to_datetime(format, strict=False, time_unit="us")


def _zoned(text: pl.Expr) -> pl.Expr:
    """ISO 8601 with an offset, as the same moment in UTC."""
    pattern = rf"{_ISO}[T ]\d{{2}}:\d{{2}}:\d{{2}}(?:\.\d{{1,9}})? ?(?:Z|[+-]\d{{2}}:?\d{{2}})"
    found = _matching(text, pattern).str.replace("T", " ", literal=True)
    found = found.str.replace(r" ?Z$", "+00:00").str.replace(r" ([+-])", "$1")
    made = found.str.to_datetime("%Y-%m-%d%H:%M:%S%.f%:z", strict=False, time_unit="us")
    return made.dt.replace_time_zone(None)


_YEAR = r"[12]\d{3}"
_ISO = rf"{_YEAR}-\d{{1,2}}-\d{{1,2}}"
_DAYS: Final = (
    ("iso", _ISO, "%Y-%m-%d"),
    ("ymd/", rf"{_YEAR}/\d{{1,2}}/\d{{1,2}}", "%Y/%m/%d"),
    ("dmy/", rf"\d{{1,2}}/\d{{1,2}}/{_YEAR}", "%d/%m/%Y"),
    ("dmy.", rf"\d{{1,2}}\.\d{{1,2}}\.{_YEAR}", "%d.%m.%Y"),
    ("dmy-", rf"\d{{1,2}}-\d{{1,2}}-{_YEAR}", "%d-%m-%Y"),
    ("mdy/", rf"\d{{1,2}}/\d{{1,2}}/{_YEAR}", "%m/%d/%Y"),
    ("mdy-", rf"\d{{1,2}}-\d{{1,2}}-{_YEAR}", "%m-%d-%Y"),
)

BOOLEAN: Final = "boolean"
INTEGER: Final = "integer"
POINT, COMMA = "decimal.point", "decimal.comma"
GROUPED: Final = {POINT: "integer.grouped.comma", COMMA: "integer.grouped.point"}

_BY_ARITHMETIC = (
    Reading(INTEGER, ColumnType.INTEGER, _integer),
    Reading(GROUPED[POINT], ColumnType.INTEGER, _grouped(",'"), (INTEGER,)),
    Reading(GROUPED[COMMA], ColumnType.INTEGER, _grouped(". \u00a0\u202f"), (INTEGER,)),
    Reading(POINT, ColumnType.DECIMAL, _decimal(".", ",'"), (INTEGER,)),
    Reading(COMMA, ColumnType.DECIMAL, _decimal(",", ". \u00a0\u202f"), (INTEGER,)),
)
_BY_CALENDAR = (
    *(Reading(f"date.{k}", ColumnType.DATE, _date(p, f)) for k, p, f in _DAYS),
    *(Reading(f"exact.{k}", ColumnType.DATETIME, _exact(p, f)) for k, p, f in _DAYS),
    *(
        Reading(f"mixed.{k}", ColumnType.DATETIME, _mixed(p, f), (f"date.{k}", f"exact.{k}"))
        for k, p, f in _DAYS
    ),
    Reading("zoned", ColumnType.DATETIME, _zoned),
)
READINGS: Final = {
    reading.key: reading
    for reading in (
        Reading(BOOLEAN, ColumnType.BOOLEAN, _boolean),
        *_BY_ARITHMETIC,
        *_BY_CALENDAR,
    )
}
"""In order of preference among those that read every cell, decimals apart."""
