"""The ways in which dates and times are written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import polars as pl

type Parse = Callable[[pl.Expr], pl.Expr]

YEAR: Final = r"[12]\d{3}"
ISO: Final = rf"{YEAR}-\d{{1,2}}-\d{{1,2}}"
DAYS: Final = (
    ("iso", ISO, "%Y-%m-%d"),
    ("ymd/", rf"{YEAR}/\d{{1,2}}/\d{{1,2}}", "%Y/%m/%d"),
    ("dmy/", rf"\d{{1,2}}/\d{{1,2}}/{YEAR}", "%d/%m/%Y"),
    ("dmy.", rf"\d{{1,2}}\.\d{{1,2}}\.{YEAR}", "%d.%m.%Y"),
    ("dmy-", rf"\d{{1,2}}-\d{{1,2}}-{YEAR}", "%d-%m-%Y"),
    ("mdy/", rf"\d{{1,2}}/\d{{1,2}}/{YEAR}", "%m/%d/%Y"),
    ("mdy.", rf"\d{{1,2}}\.\d{{1,2}}\.{YEAR}", "%m.%d.%Y"),
    ("mdy-", rf"\d{{1,2}}-\d{{1,2}}-{YEAR}", "%m-%d-%Y"),
)
SHORT_DAYS: Final = (
    ("dmy/yy", r"\d{1,2}/\d{1,2}/\d{2}", "%d/%m/%y"),
    ("mdy/yy", r"\d{1,2}/\d{1,2}/\d{2}", "%m/%d/%y"),
    ("dmy.yy", r"\d{1,2}\.\d{1,2}\.\d{2}", "%d.%m.%y"),
)
_MONTHS = (
    ("jan", "january", "janeiro"),
    ("feb", "fev", "february", "fevereiro"),
    ("mar", "march", "março", "marco"),
    ("apr", "abr", "april", "abril"),
    ("may", "mai", "maio"),
    ("jun", "june", "junho"),
    ("jul", "july", "julho"),
    ("aug", "ago", "august", "agosto"),
    ("sep", "sept", "set", "september", "setembro"),
    ("oct", "out", "october", "outubro"),
    ("nov", "november", "novembro"),
    ("dec", "dez", "december", "dezembro"),
)
_NUMBER_OF = {name: f"{i:02}" for i, names in enumerate(_MONTHS, start=1) for name in names}
_GAP = r"(?:\.? de |[\s/.\-]{1,2})"
_DAY_FIRST = rf"^(?P<d>\d{{1,2}}){_GAP}(?P<m>\p{{L}}{{3,9}})\.?,?{_GAP}(?P<y>{YEAR})$"
_MONTH_FIRST = rf"^(?P<m>\p{{L}}{{3,9}})\.? (?P<d>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y>{YEAR})$"


def matching(text: pl.Expr, pattern: str) -> pl.Expr:
    return pl.when(text.str.contains(f"^(?:{pattern})$")).then(text)


def day(pattern: str, format: str) -> Parse:
    def parse(text: pl.Expr) -> pl.Expr:
        return matching(text, pattern).str.to_date(format, strict=False)

    return parse


def exact(pattern: str, format: str) -> Parse:
    """Dates with a time to the second."""

    def parse(text: pl.Expr) -> pl.Expr:
        found = matching(text, rf"{pattern}[T ]\d{{1,2}}:\d{{2}}:\d{{2}}(?:\.\d{{1,9}})?")
        return _at(found.str.replace("T", " ", literal=True), f"{format} %H:%M:%S%.f")

    return parse


def mixed(pattern: str, format: str) -> Parse:
    """Dates with a time, some without seconds and some without any."""
    clock = r"\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?"

    def parse(text: pl.Expr) -> pl.Expr:
        found = matching(text, rf"{pattern}(?:[T ]{clock})?").str.replace("T", " ", literal=True)
        tries = [_at(found, f"{format}{time}") for time in (" %H:%M:%S%.f", " %H:%M")]
        bare = found.str.to_date(format, strict=False).cast(pl.Datetime("us"))
        return pl.coalesce(*tries, bare)

    return parse


def twelve_hours(pattern: str, format: str) -> Parse:
    """Dates with a time of AM or PM."""
    clock = r"(?:0?[1-9]|1[0-2]):\d{2}(?::\d{2})? ?[AaPp]\.?[Mm]\.?"

    def parse(text: pl.Expr) -> pl.Expr:
        found = matching(text, rf"{pattern} {clock}").str.to_uppercase()
        plain = found.str.replace(r" ?([AP])\.?M\.?$", " ${1}M")
        tries = [_at(plain, f"{format}{time}") for time in (" %I:%M:%S %p", " %I:%M %p")]
        return pl.coalesce(*tries)

    return parse


def named_month(text: pl.Expr) -> pl.Expr:
    """`12 mar 2024`, `12 de março de 2024`, `March 12, 2024`."""
    small = text.str.to_lowercase()
    found = []
    for pattern in (_DAY_FIRST, _MONTH_FIRST):
        parts = small.str.extract_groups(pattern).struct
        month = parts.field("m").replace_strict(_NUMBER_OF, default=None, return_dtype=pl.String)
        written = parts.field("y") + "-" + month + "-" + parts.field("d")
        found.append(written.str.to_date("%Y-%m-%d", strict=False))
    return pl.coalesce(*found)


def compact(text: pl.Expr) -> pl.Expr:
    """`20240312`; only a column that is called a date is read so."""
    return matching(text, r"(?:19|20)\d{6}").str.to_date("%Y%m%d", strict=False)


def zoned(text: pl.Expr) -> pl.Expr:
    """ISO 8601 with an offset, as the same moment in UTC."""
    pattern = rf"{ISO}[T ]\d{{2}}:\d{{2}}:\d{{2}}(?:\.\d{{1,9}})? ?(?:Z|[+-]\d{{2}}:?\d{{2}})"
    found = matching(text, pattern).str.replace("T", " ", literal=True)
    found = found.str.replace(r" ?Z$", "+00:00").str.replace(r" ([+-])", "$1")
    made = found.str.to_datetime("%Y-%m-%d%H:%M:%S%.f%:z", strict=False, time_unit="us")
    return made.dt.replace_time_zone(None)


def _at(text: pl.Expr, format: str) -> pl.Expr:
    return text.str.to_datetime(format, strict=False, time_unit="us")
