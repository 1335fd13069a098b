"""A table on its way into the warehouse."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa

from freemlops.domain.dataset import Column, ColumnType, Note
from freemlops.domain.errors import TooLargeError, UnreadableFileError
from freemlops.domain.reading import Question

MOST_COLUMNS = 5000
ARROW_TYPES: Final = {
    ColumnType.INTEGER: pa.int64(),
    ColumnType.DECIMAL: pa.float64(),
    ColumnType.BOOLEAN: pa.bool_(),
    ColumnType.TEXT: pa.string(),
    ColumnType.DATE: pa.date32(),
    ColumnType.DATETIME: pa.timestamp("us"),
}


@dataclass(frozen=True, slots=True)
class Ingested:
    """`reader` gives the typed rows once, in bounded memory, and must be read while the file
    and its scratch folder are there. Counts in `columns` are still zero.

    `rejects` is a CSV in the scratch folder of what is not in the table as it was in the file:
    `line,column,reason,text`, with the physical line; None when there is nothing. `rejected`
    counts its rows. `rows` of the table, None when they are not known before it is read.
    """

    reader: pa.RecordBatchReader
    columns: tuple[Column, ...]
    notes: tuple[Note, ...] = ()
    questions: tuple[Question, ...] = ()
    rejects: Path | None = None
    rejected: int = 0
    rows: int | None = None


def check_width(columns: int) -> None:
    """Raise `TooLargeError` over 5,000 columns."""
    if columns > MOST_COLUMNS:
        raise TooLargeError(
            "The table has {count} columns, and at most {limit} can be read. Leave out those that "
            "you do not need.",
            count=columns,
            limit=MOST_COLUMNS,
        )


def no_rows() -> UnreadableFileError:
    return UnreadableFileError(
        "The file has a header line and no rows below it. Choose a file with at least one row."
    )
