"""Parquet and other Arrow tables: their types mapped to the six that we have."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from freemlops.domain.dataset import Column, ColumnType, Note
from freemlops.domain.errors import UnreadableFileError
from freemlops.domain.words import say
from freemlops.engine.ingest.ingested import ARROW_TYPES, Ingested, check_width, no_rows
from freemlops.engine.ingest.layout import name_columns
from freemlops.engine.ingest.records import MOST_CELL_CHARS
from freemlops.engine.ingest.repair import giant_cell

BATCH_ROWS = SLICE_ROWS = 32_768
SLICE_BYTES = 128 * 1024**2


def read_parquet(path: Path) -> Ingested:
    """Columns that hold lists or other nested things are left out and noted."""
    try:
        file = pq.ParquetFile(path, memory_map=True)
        check_width(file.metadata.num_columns)
        texts = [f.name for f in file.schema_arrow if column_type(f.type) is ColumnType.TEXT]
        # a long text that comes up in each row is there once: it must not be read once a row
        file = pq.ParquetFile(path, memory_map=True, read_dictionary=texts)
        schema, rows = file.schema_arrow, file.metadata.num_rows
    except (pa.ArrowException, OSError) as error:
        raise broken("Parquet") from error
    if rows == 0:
        raise no_rows()
    made = from_arrow(schema, lambda names: file.iter_batches(BATCH_ROWS, columns=names), "Parquet")
    return replace(made, rows=rows)


def from_arrow(
    schema: pa.Schema, batches: Callable[[list[str]], Iterable[pa.RecordBatch]], format: str
) -> Ingested:
    """`batches` gives those of the columns that it is asked for, in order."""
    kept = [i for i, field in enumerate(schema) if column_type(field.type) is not None]
    if not kept:
        raise UnreadableFileError("No column of this file holds plain values.")
    names, notes = name_columns([schema.field(i).name for i in kept])
    columns = tuple(
        Column(name, _type_of(schema.field(i).type)) for name, i in zip(names, kept, strict=True)
    )
    dropped = [f.name for f in schema if column_type(f.type) is None]
    if dropped:
        message = say(
            "Columns that hold lists or other nested values were left out: {columns}.",
            columns=", ".join(dropped[:5]) + ("…" if len(dropped) > 5 else ""),
        )
        notes = (*notes, Note(f"{format.lower()}.nested", message))
    target = pa.schema([(c.name, ARROW_TYPES[c.type]) for c in columns])
    found = batches([schema.field(i).name for i in kept])
    reader = pa.RecordBatchReader.from_batches(target, _cast_all(found, target, format))
    read = say("Read as {format}.", format=format)
    return Ingested(reader, columns, (Note(f"read.{format.lower()}", read), *notes))


def column_type(type: pa.DataType) -> ColumnType | None:
    """None for what no column of ours can hold."""
    if pa.types.is_dictionary(type):
        return column_type(type.value_type)
    if pa.types.is_boolean(type):
        return ColumnType.BOOLEAN
    if pa.types.is_integer(type):
        return ColumnType.DECIMAL if type == pa.uint64() else ColumnType.INTEGER
    if pa.types.is_floating(type) or pa.types.is_decimal(type):
        return ColumnType.DECIMAL
    if pa.types.is_date(type):
        return ColumnType.DATE
    if pa.types.is_timestamp(type):
        return ColumnType.DATETIME
    is_text = pa.types.is_string(type) or pa.types.is_large_string(type)
    if is_text or pa.types.is_string_view(type) or pa.types.is_time(type) or pa.types.is_null(type):
        return ColumnType.TEXT
    return None


def _type_of(type: pa.DataType) -> ColumnType:
    found = column_type(type)
    assert found is not None
    return found


def _cast_all(
    batches: Iterable[pa.RecordBatch], schema: pa.Schema, format: str
) -> Iterator[pa.RecordBatch]:
    try:
        for whole in batches:
            rows = _rows_at_once(whole)
            for start in range(0, whole.num_rows, rows):
                batch = whole.slice(start, rows)
                by_place = [batch.column(i) for i in range(batch.num_columns)]
                arrays = [_cast(a, f.type) for a, f in zip(by_place, schema, strict=True)]
                yield pa.RecordBatch.from_arrays(arrays, schema=schema)
    except (pa.ArrowException, OSError) as error:
        raise broken(format) from error


def _rows_at_once(batch: pa.RecordBatch) -> int:
    """So few that the longest text of each dictionary in each row fits in some memory."""
    width = 0
    for column in batch.columns:
        if pa.types.is_dictionary(column.type) and column_type(column.type) is ColumnType.TEXT:
            longest = pc.max(pc.binary_length(column.dictionary.cast(pa.string()))).as_py() or 0
            if longest > MOST_CELL_CHARS:
                raise giant_cell()
            width += longest
    return max(1, min(SLICE_ROWS, SLICE_BYTES // max(1, width)))


def _cast(values: pa.Array, type: pa.DataType) -> pa.Array:
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    if pa.types.is_timestamp(values.type) and values.type.tz is not None:
        values = values.cast(pa.timestamp(values.type.unit))  # the same moment in UTC
    made = values.cast(type, safe=False)
    if pa.types.is_floating(type):
        return pc.if_else(pc.is_finite(made), made, pa.scalar(None, type))
    return made


def broken(format: str) -> UnreadableFileError:
    return UnreadableFileError(
        "This {format} file is damaged or was cut off. Make it again, or download it once more.",
        format=format,
    )
