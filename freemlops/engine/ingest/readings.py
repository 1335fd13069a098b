"""The ways in which text can be read as a value. Each gives null for what it cannot read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from freemlops.domain import cell as cell_words
from freemlops.domain.cell import MISSING
from freemlops.domain.dataset import ColumnType
from freemlops.engine.ingest import dates
from freemlops.engine.ingest.dates import matching
from freemlops.engine.ingest.dressed import dressed

TRUE: Final = ("true", "yes", "sim", "verdadeiro")
FALSE: Final = ("false", "no", "não", "nao", "falso")
PAIRS: Final = (("n", "s"), ("n", "y"), ("f", "t"), ("f", "v"), ("off", "on"))
"""False and true; a column is read so only when it holds both words of one pair and no other."""
_NO = tuple({no for no, _ in PAIRS})
_YES = tuple(yes for _, yes in PAIRS)


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


def _boolean(text: pl.Expr) -> pl.Expr:
    small = text.str.to_lowercase()
    return pl.when(small.is_in(TRUE)).then(True).when(small.is_in(FALSE)).then(False)


def _letters(text: pl.Expr) -> pl.Expr:
    small = text.str.to_lowercase()
    return pl.when(small.is_in(_YES)).then(True).when(small.is_in(_NO)).then(False)


def _integer(text: pl.Expr) -> pl.Expr:
    # a leading zero makes it a code, not a number; int64 ends within the nineteenth digit
    whole = matching(text, r"[+-]?(?:0|[1-9]\d{0,18})")
    return whole.str.strip_prefix("+").cast(pl.Int64, strict=False)


def _grouped(group: str) -> Callable[[pl.Expr], pl.Expr]:
    def parse(text: pl.Expr) -> pl.Expr:
        whole = matching(text, rf"[+-]?(?:0|[1-9]\d{{0,17}}|[1-9]\d{{0,2}}(?:[{group}]\d{{3}})+)")
        bare = whole.str.replace_all(f"[{group}+]", "")
        return bare.cast(pl.Int64, strict=False)

    return parse


def _decimal(mark: str, group: str) -> Callable[[pl.Expr], pl.Expr]:
    whole = rf"(?:0|[1-9]\d{{0,17}}|[1-9]\d{{0,2}}(?:[{group}]\d{{3}})+)"
    number = rf"[+-]?(?:{whole}(?:[{mark}]\d*)?|[{mark}]\d+)(?:[eE][+-]?\d{{1,3}})?"

    def parse(text: pl.Expr) -> pl.Expr:
        bare = matching(text, number).str.replace_all(f"[{group}+]", "")
        # the plus of an exponent may go: 1e+5 is 1e5
        value = bare.str.replace(mark, ".", literal=True).cast(pl.Float64, strict=False)
        return pl.when(value.is_finite()).then(value)

    return parse


BOOLEAN, LETTERS = "boolean", "letters"
INTEGER: Final = "integer"
POINT, COMMA = "decimal.point", "decimal.comma"
DRESSED: Final = {POINT: "dressed.point", COMMA: "dressed.comma"}
GROUPED: Final = {POINT: "integer.grouped.comma", COMMA: "integer.grouped.point"}
COMPACT, NAMED_MONTH, ZONED, DIGITS = "date.compact", "date.named", "zoned", "digits"
MARKS: Final = {".": POINT, ",": COMMA}

_POINT = _decimal(".", ",'")
_COMMA = _decimal(",", ". \u00a0\u202f")
_BY_ARITHMETIC = (
    Reading(INTEGER, ColumnType.INTEGER, _integer),
    Reading(GROUPED[POINT], ColumnType.INTEGER, _grouped(",'"), (INTEGER,)),
    Reading(GROUPED[COMMA], ColumnType.INTEGER, _grouped(". \u00a0\u202f"), (INTEGER,)),
    Reading(POINT, ColumnType.DECIMAL, _POINT, (INTEGER,)),
    Reading(COMMA, ColumnType.DECIMAL, _COMMA, (INTEGER,)),
    Reading(DRESSED[POINT], ColumnType.DECIMAL, dressed(_POINT), (INTEGER, POINT)),
    Reading(DRESSED[COMMA], ColumnType.DECIMAL, dressed(_COMMA), (INTEGER, COMMA)),
)
_BY_CALENDAR = (
    *(Reading(f"date.{k}", ColumnType.DATE, dates.day(p, f)) for k, p, f in dates.DAYS),
    *(Reading(f"date.{k}", ColumnType.DATE, dates.day(p, f)) for k, p, f in dates.SHORT_DAYS),
    *(Reading(f"exact.{k}", ColumnType.DATETIME, dates.exact(p, f)) for k, p, f in dates.DAYS),
    *(
        Reading(f"mixed.{k}", ColumnType.DATETIME, dates.mixed(p, f), (f"date.{k}", f"exact.{k}"))
        for k, p, f in dates.DAYS
    ),
    *(
        Reading(f"ampm.{k}", ColumnType.DATETIME, dates.twelve_hours(p, f))
        for k, p, f in dates.DAYS
        if not k.endswith(".")
    ),
    Reading(ZONED, ColumnType.DATETIME, dates.zoned),
    Reading(NAMED_MONTH, ColumnType.DATE, dates.named_month),
    Reading(COMPACT, ColumnType.DATE, dates.compact),
)


def _digits(text: pl.Expr) -> pl.Expr:
    return matching(text, r"[+-]?\d+")


def _truth(text: pl.Expr) -> pl.Expr:
    small = text.str.to_lowercase()
    yes, no = sorted(cell_words.TRUE | {"v", "on"}), sorted(cell_words.FALSE | {"off"})
    return pl.when(small.is_in(yes)).then(True).when(small.is_in(no)).then(False)


FORCED_BOOLEAN: Final = Reading("boolean.forced", ColumnType.BOOLEAN, _truth)
READINGS: Final = {
    reading.key: reading
    for reading in (
        Reading(BOOLEAN, ColumnType.BOOLEAN, _boolean),
        Reading(LETTERS, ColumnType.BOOLEAN, _letters),
        *_BY_ARITHMETIC,
        *_BY_CALENDAR,
        Reading(DIGITS, ColumnType.TEXT, _digits, (INTEGER,)),
    )
}
"""In order of preference among those that read every cell, decimals apart."""


def allowed(decimal: str | None, date_order: str | None) -> list[str]:
    """The readings that a person's marks leave."""
    other = {".": COMMA, ",": POINT}.get(decimal or "")
    out = {other, GROUPED[other], DRESSED[other]} if other else set()
    wrong = {"dmy": ".mdy", "mdy": ".dmy"}.get(date_order or "", "\0")
    return [k for k in READINGS if k not in out and wrong not in k]


def for_type(type: ColumnType, decimal: str | None, date_order: str | None) -> list[Reading]:
    """The readings that give this type, the likeliest first; none for text."""
    if type is ColumnType.BOOLEAN:
        return [FORCED_BOOLEAN]
    if type is ColumnType.TEXT:
        return []
    return [READINGS[k] for k in allowed(decimal, date_order) if READINGS[k].type is type]
