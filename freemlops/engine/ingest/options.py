"""What a person may ask of the reader, checked before anything is read."""

from __future__ import annotations

import codecs
import re

from freemlops.domain.errors import InvalidError
from freemlops.domain.reading import ReadOptions

_TEXT_CODECS = re.compile(
    r"ascii|utf-?(8|16|32)(-sig|-le|-be)?|cp\d+|iso8859-\d+|iso2022.*|mac-.*|koi8-.*|gb\w+|big5.*"
    r"|shift_jis.*|euc_\w+|johab|hz|tis-620|ptcp154|kz1048"
)
MOST_HEADER_LINE = 10_000


def check_options(options: ReadOptions) -> None:
    """Raise `InvalidError` for what no file could be read with."""
    if options.encoding is not None:
        codec_name(options.encoding)
    separator, quote = options.separator, options.quote
    if separator is not None and (len(separator) != 1 or separator in "\r\n\"'"):
        raise InvalidError(
            "The separator must be one character, such as a comma, a semicolon or a tab."
        )
    if quote is not None and (len(quote) > 1 or quote in ("\r", "\n") or quote == separator != ""):
        raise InvalidError("The quotation mark must be one character, or empty for none.")
    if any(c is not None and not c.isascii() for c in (separator, quote)):
        raise InvalidError("Separator and quotation mark must be plain ASCII characters.")
    if options.decimal not in (None, ".", ","):
        raise InvalidError("The decimal mark must be a point or a comma.")
    line = options.header_line
    if line is not None and not 0 <= line <= MOST_HEADER_LINE:
        raise InvalidError(
            "The header line must be between 0 (no header) and {most}.", most=MOST_HEADER_LINE
        )


def codec_name(encoding: str) -> str:
    """Python's name of a text encoding; raises `InvalidError` for one that is none."""
    try:
        name = codecs.lookup(encoding).name
    except (LookupError, ValueError):
        name = ""
    if not _TEXT_CODECS.fullmatch(name):
        raise InvalidError(
            "“{encoding}” is no text encoding that is known here. Try utf-8, cp1252 or cp850.",
            encoding=encoding[:60],
        )
    return name
