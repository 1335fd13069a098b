"""Arrow IPC and Feather: the file and the stream, batch by batch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa

from freemlops.domain.errors import TooLargeError
from freemlops.engine.ingest.archive import ARROW_FILE
from freemlops.engine.ingest.ingested import Ingested, check_width, no_rows
from freemlops.engine.ingest.parquet import broken, from_arrow

MOST_PIECE_BYTES = 768 * 1024**2
_ZSTD, _LZ4 = 0xFD2FB528, 0x184D2204
"""The first four bytes of a packed buffer, after the eight that say how large it is unpacked."""


def read_arrow(path: Path) -> Ingested:
    """Raises `UnreadableFileError` for a damaged file, and for one without rows; `TooLargeError`
    for one that unpacks to more than 768 MB at a time."""
    try:
        _check_pieces(path)
        schema, first = None, None
        for batch in _batches(path):
            schema, first = batch.schema, batch
            if batch.num_rows:
                break
    except (pa.ArrowException, OSError, MemoryError) as error:
        raise broken("Arrow") from error
    if schema is None or first is None or not first.num_rows:
        raise no_rows()
    check_width(len(schema))

    def chosen(names: list[str]) -> Iterable[pa.RecordBatch]:
        places = [i for i, field in enumerate(schema) if field.name in set(names)]
        return (
            pa.RecordBatch.from_arrays([b.column(i) for i in places], names=names)
            for b in _batches(path)
        )

    return from_arrow(schema, chosen, "Arrow")


def _batches(path: Path) -> Iterator[pa.RecordBatch]:
    with pa.memory_map(str(path)) as source:
        if path.open("rb").read(len(ARROW_FILE)) != ARROW_FILE:
            yield from pa.ipc.open_stream(source)
            return
        file = pa.ipc.open_file(source)
        for i in range(file.num_record_batches):
            yield file.get_batch(i)


def _check_pieces(path: Path) -> None:
    """A batch is unpacked whole, so what it says of its size is looked at before."""
    with pa.memory_map(str(path)) as source:
        if source.read(len(ARROW_FILE)) != ARROW_FILE:
            source.seek(0)
        for message in pa.ipc.MessageReader.open_stream(source):
            if message.body is not None and _unpacked(message.body) > MOST_PIECE_BYTES:
                raise TooLargeError(
                    "This file packs more than {limit} MB into one piece. Write it in smaller "
                    "pieces, of a hundred thousand rows or so.",
                    limit=MOST_PIECE_BYTES // 1024**2,
                )


def _unpacked(body: pa.Buffer) -> int:
    """The sum of the sizes that packed buffers announce; they begin at multiples of eight."""
    words = np.frombuffer(body, np.uint32, count=len(body) // 4)
    starts = np.flatnonzero((words[2::2] == _ZSTD) | (words[2::2] == _LZ4))
    sizes = np.frombuffer(body, np.int64, count=len(body) // 8)[starts]
    return int(sizes[(sizes > 0) & (sizes < 2**50)].sum())
