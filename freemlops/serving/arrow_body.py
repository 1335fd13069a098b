"""Arrow streams in and out. pyarrow is loaded when the first one comes."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from typing import Any

from freemlops.domain.dataset import ColumnType
from freemlops.domain.errors import MalformedError, TooLargeError
from freemlops.domain.model import Signature, SignatureColumn
from freemlops.serving.rows import LooseColumns, Table, TypedColumns

_DICTIONARY, _BATCH = 2, 3


def read_arrow(body: bytes, signature: Signature, max_rows: int) -> Table:
    """The known columns of an Arrow IPC stream.

    Raises `MalformedError` (no stream, compressed, or pyarrow is not installed here) and
    `TooLargeError`.
    """
    pa = _pyarrow()
    try:
        if _is_compressed(pa, body):
            raise MalformedError(
                "Compressed Arrow streams are not read here: a small one could unpack to more "
                "than the memory holds. Send it without compression."
            )
        with pa.ipc.open_stream(body) as reader:
            table = _table(pa, reader, max_rows)
        return table_of(table, signature)
    except (
        pa.ArrowException,
        OSError,
        ValueError,
        TypeError,
        OverflowError,
        struct.error,
    ) as error:
        raise MalformedError(
            "The body could not be read as an Arrow stream ({problem}).", problem=str(error)[:200]
        ) from error


def table_of(table: Any, signature: Signature) -> Table:
    """The known columns of a pyarrow table."""
    pa = _pyarrow()
    wanted = [c for c in signature.columns if table.schema.names.count(c.name) == 1]
    columns = {c.name: _Column(pa, c, table.column(c.name)) for c in wanted}
    if len(columns) == len(signature.columns) and all(c.fits for c in columns.values()):
        return TypedColumns([c.typed() for c in columns.values()], table.num_rows)
    return LooseColumns({n: c.plain() for n, c in columns.items()}, table.num_rows)


def _pyarrow() -> Any:
    try:
        import pyarrow as pa
        import pyarrow.ipc
    except ModuleNotFoundError as error:
        raise MalformedError(
            "Arrow bodies need pyarrow, which is not installed here. Send JSON or CSV."
        ) from error
    return pa


def _table(pa: Any, reader: Any, max_rows: int) -> Any:
    batches, rows = [], 0
    for batch in reader:
        rows += batch.num_rows
        if rows > max_rows:
            raise TooLargeError(
                "This request holds more than the {limit} rows that may be sent at a time.",
                limit=max_rows,
            )
        batches.append(batch)
    table = pa.Table.from_batches(batches, reader.schema)
    table.validate(full=True)  # offsets that point outside would be read as they are
    return table


class _Column:
    def __init__(self, pa: Any, column: SignatureColumn, values: Any) -> None:
        if pa.types.is_dictionary(values.type):
            values = values.cast(values.type.value_type)
        if pa.types.is_timestamp(values.type):
            values = values.cast(pa.timestamp("us", values.type.tz), safe=False)
        self._pa, self._values = pa, values
        self._number = column.type.is_number
        self.fits = _fits(pa, column, values.type)

    def typed(self) -> Sequence[Any]:
        if self._number:
            made: Sequence[Any] = self._values.cast(self._pa.float64(), safe=False).to_numpy()
            return made
        return self.plain()

    def plain(self) -> list[Any]:
        made: list[Any] = self._values.to_pylist()
        return made


def _fits(pa: Any, column: SignatureColumn, type: Any) -> bool:
    is_ = pa.types
    text = is_.is_string(type) or is_.is_large_string(type)
    if column.type.is_number:
        return bool(is_.is_integer(type) or is_.is_floating(type))
    match column.type:
        case ColumnType.BOOLEAN:
            return bool(is_.is_boolean(type) or (column.words is not None and text))
        case ColumnType.TEXT:
            return bool(text)
        case _:
            return bool(is_.is_date(type) or is_.is_timestamp(type) or text)


def _is_compressed(pa: Any, body: bytes) -> bool:
    """Whether any message says so: `RecordBatch.compression` of Arrow's Message.fbs."""
    for message in pa.ipc.MessageReader.open_stream(body):
        data = message.metadata.to_pybytes()
        root = struct.unpack_from("<I", data)[0]
        kind, header = _place(data, root, 1), _place(data, root, 2)
        if kind is None or header is None or data[kind] not in (_DICTIONARY, _BATCH):
            continue
        batch = _follow(data, header)
        if data[kind] == _DICTIONARY:
            inner = _place(data, batch, 1)
            if inner is None:
                continue
            batch = _follow(data, inner)
        if _place(data, batch, 3) is not None:
            return True
    return False


def _place(data: bytes, table: int, field: int) -> int | None:
    """Where a field of a flatbuffers table lies, None when it has its default."""
    shape = table - struct.unpack_from("<i", data, table)[0]
    if 4 + 2 * field >= struct.unpack_from("<H", data, shape)[0]:
        return None
    offset = struct.unpack_from("<H", data, shape + 4 + 2 * field)[0]
    return table + offset if offset else None


def _follow(data: bytes, at: int) -> int:
    return at + int(struct.unpack_from("<I", data, at)[0])


def write_arrow(columns: Mapping[str, Any]) -> bytes:
    """An Arrow IPC stream of equally long columns."""
    pa = _pyarrow()
    table, sink = pa.table(dict(columns)), pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    made: bytes = sink.getvalue().to_pybytes()
    return made
