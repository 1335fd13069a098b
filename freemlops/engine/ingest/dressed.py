"""Numbers in their Sunday clothes: currencies, percent, negatives in parentheses, odd blanks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import polars as pl

type Parse = Callable[[pl.Expr], pl.Expr]

CURRENCY: Final = r"R\$|US\$|\$|USD|BRL|EUR|GBP|€|£|¥"
_BLANK = "[ \u00a0\u2009\u202f]*"
_MINUS = "[-\u2212\u2013+]"
_BODY = r"\d.,'\u00a0\u2009\u202f "
_WHOLE = (
    rf"^(\()?({_MINUS})?{_BLANK}(?:{CURRENCY})?{_BLANK}({_MINUS})?{_BLANK}([{_BODY}]*\d[.,]?)"
    rf"{_BLANK}({_MINUS})?{_BLANK}(?:{CURRENCY}|%)?{_BLANK}(\))?$"
)
MARK: Final = rf"({CURRENCY}|%)"
SWISS: Final = "\u2019"


def dressed(parse: Parse) -> Parse:
    """The number inside, read by `parse`; `12,5%` is 12.5, `(1,50)` and `1,50-` are negative."""

    def read(text: pl.Expr) -> pl.Expr:
        parts = text.str.replace_all(SWISS, "'").str.extract_groups(_WHOLE)
        opened, closed = parts.struct.field("1"), parts.struct.field("6")
        signs = [parts.struct.field(n) for n in ("2", "3", "5")]
        minus = [s.is_not_null() & (s != "+") for s in signs]
        many = pl.sum_horizontal(
            *(s.is_not_null().cast(pl.Int8) for s in signs), opened.is_not_null().cast(pl.Int8)
        )
        number = parts.struct.field("4").str.replace_all("\u2009", "\u202f")
        value = parse(number)
        signed = pl.when(opened.is_not_null() | pl.any_horizontal(*minus)).then(-value)
        fits = (opened.is_null() == closed.is_null()) & (many <= 1)
        return pl.when(fits).then(signed.otherwise(value))

    return read
