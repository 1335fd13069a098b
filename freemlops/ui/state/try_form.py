"""From the fields of the try-it form to a row that an endpoint reads."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from freemlops.domain.dataset import ColumnType
from freemlops.domain.model import Signature, SignatureColumn

DATES: Final = (ColumnType.DATE, ColumnType.DATETIME)
_ISO_DAY: Final = re.compile(r"^(\d{4})-(\d{2})-(\d{2})(.*)$")
_DAY_FIRST: Final = re.compile(
    r"^(\d{1,2})/(\d{1,2})/(\d{4})(?:[ T](\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?))?$"
)
MOST_CHOICES: Final = 200
"""A column with more categories gets a text field: nobody scrolls through more."""


def field_kind(column: SignatureColumn) -> str:
    """The kind of field that fits: `integer`, `decimal`, `choice`, `yes_no` or `text`."""
    if column.type is ColumnType.INTEGER:
        return "integer"
    if column.type is ColumnType.DECIMAL:
        return "decimal"
    if column.type is ColumnType.BOOLEAN:
        return "yes_no"
    if column.type is ColumnType.TEXT and 0 < len(column.categories) <= MOST_CHOICES:
        return "choice"
    return "text"


def choices(column: SignatureColumn, example: Any) -> list[str]:
    """The categories, the example among them."""
    known = list(column.categories)
    if example is not None and str(example) not in known:
        known.insert(0, str(example))
    return known


def field_value(column: SignatureColumn, example: Any, *, day_first: bool = False) -> Any:
    """What the field shows at first: the example, a date as the reader writes it."""
    if column.type in DATES and example is not None:
        return written_day(str(example)) if day_first else str(example)
    kind = field_kind(column)
    if example is None:
        return "" if kind == "text" else None
    if kind == "integer":
        return int(example)
    if kind == "decimal":
        return float(example)
    if kind == "yes_no":
        return bool(example)
    return str(example)


def written_day(text: str) -> str:
    """`31/01/2024 12:30:00` of an ISO date; what is none stays as it is."""
    return _ISO_DAY.sub(r"\3/\2/\1\4", text).replace("T", " ")


def read_day(text: str) -> str:
    """The inverse. ISO dates stay; the endpoint says what is wrong with anything else."""
    found = _DAY_FIRST.match(text.strip())
    if found is None:
        return text
    day, month, year, clock = found.groups()
    return f"{year}-{int(month):02}-{int(day):02}" + (f"T{clock}" if clock else "")


def row(
    signature: Signature, values: Mapping[str, Any], *, day_first: bool = False
) -> dict[str, Any]:
    """One row of the request; an empty field is a missing value."""
    made: dict[str, Any] = {}
    for column in signature.columns:
        value = values.get(column.name)
        if isinstance(value, str):
            value = value if value.strip() else None
        if isinstance(value, str) and day_first and column.type in DATES:
            value = read_day(value)
        if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
            value = int(value)  # 49.0 and 49 are one number in JSON; the short one reads better
        made[column.name] = value
    return made
