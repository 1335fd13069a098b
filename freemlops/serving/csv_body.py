"""CSV bodies: text cells to the values that they stand for, column by column."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from typing import Any

from freemlops.domain.cell import read_cell
from freemlops.domain.dataset import ColumnType
from freemlops.domain.errors import MalformedError, TooLargeError
from freemlops.domain.model import Signature, SignatureColumn
from freemlops.serving.rows import LooseColumns, Table, TypedColumns


def read_csv(body: bytes, signature: Signature, max_rows: int) -> Table:
    """Rows of a CSV with a header, separated by whichever of `, ; tab |` its header has most of.

    Raises `MalformedError`, and `TooLargeError` as soon as there are too many rows.
    """
    try:
        header, rows = _rows(body.decode("utf-8-sig"), max_rows)
    except (UnicodeDecodeError, csv.Error) as error:
        raise MalformedError(
            "The body could not be read as CSV ({problem}). Send UTF-8 text with a header line.",
            problem=str(error)[:200],
        ) from error
    places = {name: i for i, name in enumerate(header)}
    columns = {
        c.name: _values(c, [row[at] if at < len(row) else None for row in rows])
        for c in signature.columns
        if (at := places.get(c.name)) is not None
    }
    whole = len(columns) == len(signature.columns)
    if whole and all(_fits(c, columns[c.name]) for c in signature.columns):
        return TypedColumns([columns[c.name] for c in signature.columns], len(rows))
    return LooseColumns(columns, len(rows))


def _rows(text: str, max_rows: int) -> tuple[list[str], list[list[str]]]:
    head = text.partition("\n")[0]
    separator = max(",;\t|", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    header = next(reader, [])
    rows: list[list[str]] = []
    for row in reader:
        if row:
            rows.append(row)
            if len(rows) > max_rows:
                raise TooLargeError(
                    "This request holds more than the {limit} rows that may be sent at a time.",
                    limit=max_rows,
                )
    return header, rows


def _values(column: SignatureColumn, cells: Sequence[str | None]) -> Sequence[Any]:
    if column.type.is_number and (numbers := _plain_numbers(cells)) is not None:
        return numbers
    return [read_cell(cell, column.type) for cell in cells]


def _plain_numbers(cells: Sequence[str | None]) -> list[float] | None:
    """For columns of nothing but plain numbers. Python's float reads more than a CSV may hold:
    `1_000`, `nan`, digits of other scripts."""
    try:
        made = [float(cell) for cell in cells]  # type: ignore[arg-type]  # None is a TypeError
    except (ValueError, TypeError):
        return None
    text = "".join(cells)  # type: ignore[arg-type]
    plain = text.isascii() and "_" not in text and all(map(math.isfinite, made))
    return made if plain else None


def _fits(column: SignatureColumn, values: Sequence[Any]) -> bool:
    """Text that is left in a column of another kind did not fit."""
    if column.type.is_number or (column.type is ColumnType.BOOLEAN and column.words is None):
        return not any(isinstance(v, str) for v in values)
    return True
