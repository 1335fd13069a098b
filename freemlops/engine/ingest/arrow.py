"""Arrow IPC and Feather: the file and the stream, batch by batch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow as pa

from freemlops.engine.ingest.archive import ARROW_FILE
from freemlops.engine.ingest.ingested import Ingested, check_width, no_rows
from freemlops.engine.ingest.parquet import broken, from_arrow


def read_arrow(path: Path) -> Ingested:
    """Raises `UnreadableFileError` for a damaged file, and for one without rows."""
    try:
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
