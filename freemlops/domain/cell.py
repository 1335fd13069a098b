"""One cell of text read as a column's type: how a CSV row becomes a row of a model."""

from __future__ import annotations

import re
from typing import Any

from freemlops.domain.dataset import ColumnType

TRUE = frozenset({"true", "t", "yes", "y", "sim", "s", "verdadeiro", "1"})
FALSE = frozenset({"false", "f", "no", "n", "não", "nao", "falso", "0"})
MISSING = frozenset({"", "na", "n/a", "nan", "null", "none", "-", "?"})
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_COMMA = re.compile(r"[+-]?(\d{1,3}(\.\d{3})+|\d+),\d+")


def read_cell(text: str | None, type: ColumnType) -> Any:
    """The value that `text` stands for, None when missing.

    Text that does not fit comes back as it is, so that the model's own check names row and
    column. Decimal commas are read (`1.234,5`); dates stay text, for the model reads them.
    """
    if text is None:
        return None
    stripped = text.strip()
    if stripped.lower() in MISSING and type is not ColumnType.TEXT:
        return None
    if type is ColumnType.TEXT:
        return text or None
    if type.is_number:
        return _number(stripped)
    if type is ColumnType.BOOLEAN:
        return _boolean(stripped)
    return stripped


def _number(text: str) -> Any:
    if _COMMA.fullmatch(text):
        text = text.replace(".", "").replace(",", ".")
    if not _NUMBER.fullmatch(text):
        return text
    return int(text) if text.lstrip("+-").isdecimal() and len(text) < 19 else float(text)


def _boolean(text: str) -> Any:
    if text.lower() in TRUE:
        return True
    return False if text.lower() in FALSE else text
