"""Stores a table of Python lists in a real warehouse."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from freemlops.domain.dataset import Column, ColumnType, DatasetVersion, Note
from freemlops.warehouse.warehouse import Warehouse

TYPES = {
    pa.int64(): ColumnType.INTEGER,
    pa.float64(): ColumnType.DECIMAL,
    pa.string(): ColumnType.TEXT,
    pa.bool_(): ColumnType.BOOLEAN,
    pa.date32(): ColumnType.DATE,
    pa.timestamp("us"): ColumnType.DATETIME,
}


@dataclass
class Incoming:
    reader: pa.RecordBatchReader
    columns: tuple[Column, ...]
    notes: tuple[Note, ...] = ()


def store(
    warehouse: Warehouse, columns: dict[str, Sequence[Any]], name: str = "t"
) -> DatasetVersion:
    """The next version of `name`, with the types that the lists have."""
    arrays = {n: pa.array(v) for n, v in columns.items()}
    table = pa.table(
        {n: a.cast(pa.string()) if a.type == pa.null() else a for n, a in arrays.items()}
    )
    known = tuple(Column(f.name, TYPES[f.type]) for f in table.schema)
    return warehouse.datasets.add(
        name=name,
        filename=f"{name}.csv",
        sha256=uuid.uuid4().hex,
        size_bytes=1,
        table=Incoming(table.to_reader(), known),
    )
