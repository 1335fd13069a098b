"""One translator a language, made once a process from the `.po` catalog."""

from __future__ import annotations

import functools
import math
import re
from datetime import date, datetime
from importlib import resources
from typing import Final

from babel.dates import format_date, format_datetime
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

from freemlops.domain.family import family_title
from freemlops.domain.words import Message, Param

LANGUAGES: Final = {"en": "English", "pt_BR": "Português (Brasil)"}
_SCALES: Final = (("B", 1), ("KB", 1024), ("MB", 1024**2), ("GB", 1024**3), ("TB", 1024**4))

HUGE = 1e15
TINY = 1e-6
"""Beyond these, numbers are written with an exponent."""


class Translator:
    """Text, numbers and dates for one language. Immutable, so shared by all threads."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.catalog = _catalog(language)

    def text(self, message: str | Message, /, **params: Param) -> str:
        """The message in this language, numbers in its parameters written its way.

        An unknown msgid comes back in English: a missing translation never hides a message.
        Pass a number that is a name (a port, a year, an id) as a string.
        """
        if isinstance(message, Message):
            params = {**message.params, **params}
            message = message.template
        template = self.catalog.get(message) or message
        if not params:
            return template
        try:
            return template.format(**{k: self._param(k, v) for k, v in params.items()})
        except (KeyError, IndexError, ValueError):
            return template

    def _param(self, name: str, value: Param) -> str:
        if name == "family" and isinstance(value, str):
            return self.text(family_title(value))  # a model family is named in words, not by id
        if name == "families" and isinstance(value, str):
            return ", ".join(self.text(family_title(one)) for one in value.split(", "))
        if name == "day" and isinstance(value, str):
            return self.day(date.fromisoformat(value))
        if value is None:
            return "–"
        if isinstance(value, bool):
            return self.text("yes" if value else "no")
        if isinstance(value, str):
            return value
        return self.number(value)

    def number(self, value: float | None, digits: int | None = None) -> str:
        """`1.234,5` or `1,234.5`; by default about four significant digits, whole numbers whole."""
        if value is None or (isinstance(value, float) and not math.isfinite(value)):
            return "–"
        if abs(value) >= HUGE or 0 < abs(value) < (TINY if digits is None else 0.5 * 10**-digits):
            return self._scientific(value)
        places = "#" * _digits(abs(value)) if digits is None else "0" * digits
        pattern = "#,##0" + (f".{places}" if places else "")
        return str(format_decimal(value, format=pattern, locale=self.language))

    def _scientific(self, value: float) -> str:
        """`1.5e+300`, `1,5e-10`: what would be a row of noughts otherwise."""
        mantissa, _, exponent = f"{value:.3g}".partition("e")
        if not exponent:
            mantissa, _, exponent = f"{value:.2e}".partition("e")
        shown = str(format_decimal(float(mantissa), format="0.##", locale=self.language))
        return f"{shown}e{int(exponent):+d}"

    def percent(self, value: float | None, digits: int = 0) -> str:
        """A share of 1 as a percentage."""
        if value is None or not math.isfinite(value):
            return "–"
        pattern = "#,##0" + ("." + "0" * digits if digits else "") + "%"
        return str(format_percent(value, format=pattern, locale=self.language))

    def datetime(self, moment: datetime | None) -> str:
        """Day and time in this machine's time zone."""
        if moment is None:
            return "–"
        local = moment.astimezone() if moment.tzinfo else moment
        return str(format_datetime(local, "short", locale=self.language))

    def day(self, day: date | None) -> str:
        """A day as the reader writes it; in English as ISO, which every English reads alike."""
        if day is None:
            return "–"
        if self.language == "en" or day.year < 1000:
            return day.isoformat()
        return str(format_date(day, "dd/MM/yyyy", locale=self.language))

    def duration(self, seconds: float | None) -> str:
        """`< 0.1 s`, `4.2 s`, `1 min 05 s`, `2 h 03 min`."""
        if seconds is None or not math.isfinite(seconds):
            return "–"
        if 0 < seconds < 0.05:
            return f"< {self.number(0.1, 1)} s"
        if seconds < 60:
            return f"{self.number(seconds, 1 if seconds < 10 else 0)} s"
        minutes, rest = divmod(round(seconds), 60)
        if minutes < 60:
            return f"{minutes} min {rest:02d} s" if rest else f"{minutes} min"
        return f"{minutes // 60} h {minutes % 60:02d} min"

    def bytes(self, size: float | None) -> str:
        """A size in the largest unit that keeps it at 1 or more."""
        if size is None:
            return "–"
        name, scale = next((s for s in reversed(_SCALES) if size >= s[1]), _SCALES[0])
        return f"{self.number(size / scale, 0 if scale == 1 or size / scale >= 100 else 1)} {name}"


def _digits(size: float) -> int:
    if size >= 1000:
        return 0
    if size >= 100:
        return 1
    if size >= 1:
        return 2
    return min(8, max(4, 3 - math.floor(math.log10(size)))) if size else 0


def _catalog(language: str) -> dict[str, str]:
    if language == "en":
        return {}
    path = resources.files("freemlops.i18n") / "locales" / f"{language}.po"
    with path.open("rb") as file:
        return {str(m.id): str(m.string) for m in read_po(file, locale=language) if m.id}


@functools.cache
def _made(language: str) -> Translator:
    return Translator(language)


def translator(language: str) -> Translator:
    """The translator of `language`; English for one that we do not have."""
    return _made(language if language in LANGUAGES else "en")


def negotiate(accept_language: str | None) -> str:
    """The best of our languages for an `Accept-Language` header; any Portuguese is `pt_BR`."""
    best, best_weight = "en", 0.0
    for part in (accept_language or "").split(","):
        tag, _, quality = part.strip().partition(";")
        found = re.fullmatch(r"\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*", quality) if quality else None
        weight = float(found.group(1)) if found else (0.0 if quality else 1.0)
        language = {"pt": "pt_BR", "en": "en"}.get(re.split("[-_]", tag.strip().lower())[0])
        if language and weight > best_weight:
            best, best_weight = language, weight
    return best
