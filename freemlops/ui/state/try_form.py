"""From the fields of the try-it form to a row that an endpoint reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from freemlops.domain.dataset import ColumnType
from freemlops.domain.model import Signature, SignatureColumn

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


def field_value(column: SignatureColumn, example: Any) -> Any:
    """What the field shows at first: the example."""
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


def row(signature: Signature, values: Mapping[str, Any]) -> dict[str, Any]:
    """One row of the request; an empty field is a missing value."""
    made: dict[str, Any] = {}
    for column in signature.columns:
        value = values.get(column.name)
        if isinstance(value, str):
            value = value if value.strip() else None
        if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
            value = int(value)  # 49.0 and 49 are one number in JSON; the short one reads better
        made[column.name] = value
    return made
