"""Text cells as values."""

from __future__ import annotations

from typing import Any

import pytest

from freemlops.domain.cell import read_cell
from freemlops.domain.dataset import ColumnType


@pytest.mark.parametrize(
    ("text", "type", "value"),
    [
        ("12", ColumnType.INTEGER, 12),
        ("1.5", ColumnType.DECIMAL, 1.5),
        ("1.234,5", ColumnType.DECIMAL, 1234.5),
        ("0,5", ColumnType.DECIMAL, 0.5),
        ("-1e3", ColumnType.DECIMAL, -1000.0),
        ("", ColumnType.DECIMAL, None),
        ("NA", ColumnType.INTEGER, None),
        ("abc", ColumnType.DECIMAL, "abc"),
        ("1.2.3", ColumnType.DECIMAL, "1.2.3"),
        ("sim", ColumnType.BOOLEAN, True),
        ("NÃO", ColumnType.BOOLEAN, False),
        ("talvez", ColumnType.BOOLEAN, "talvez"),
        ("01234", ColumnType.TEXT, "01234"),
        ("NA", ColumnType.TEXT, "NA"),
        ("", ColumnType.TEXT, None),
        ("2024-01-31", ColumnType.DATE, "2024-01-31"),
        (None, ColumnType.DATE, None),
    ],
)
def test_a_cell_is_read_as_its_columns_type(text: str | None, type: ColumnType, value: Any) -> None:
    assert read_cell(text, type) == value
