"""Typed rows set down while the file is looked at, so that it need not be read twice.

Looking at a cell is reading it: what the looker found is kept on disk in the types that fit so
far. When a later row asks for another type, what was set down is of no use, and the file is read
again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl
import pyarrow as pa

from freemlops.domain.reading import AS_FOUND, ReadOptions
from freemlops.engine.ingest.decision import Decision, decide
from freemlops.engine.ingest.evidence import Looker
from freemlops.engine.ingest.readings import READINGS, TEXT_MISSING_WORDS, cell

NAME = "spool.arrow"


class Spool:
    """Of one pass. With types that a person chose nothing is kept: they may drop rows."""

    def __init__(self, folder: Path, names: Sequence[str], options: ReadOptions) -> None:
        self._path = folder / NAME
        self._names = names
        self._options = options
        self._keys: list[str] | None = None
        self._writer: pa.ipc.RecordBatchFileWriter | None = None
        self._gone = bool(options.types) or options.bad != AS_FOUND.bad

    def add(self, stripped: pl.DataFrame, looker: Looker) -> None:
        """The rows that the looker has just looked at."""
        if self._gone or not stripped.height:
            return
        keys = _keys(decide(looker.columns, self._names, self._options))
        if self._keys is None:
            self._keys = keys
        elif keys != self._keys:
            self.drop()
            return
        typed = pl.DataFrame([self._values(i, k, stripped, looker) for i, k in enumerate(keys)])
        table = typed.to_arrow(compat_level=pl.CompatLevel.oldest())
        if self._writer is None:
            self._writer = pa.ipc.new_file(str(self._path), table.schema)
        self._writer.write_table(table)

    def _values(self, place: int, key: str, stripped: pl.DataFrame, looker: Looker) -> pl.Series:
        name = str(place)
        if not key:
            return stripped.select(cell(name, TEXT_MISSING_WORDS)).to_series()
        found = looker.parsed.get((place, key))
        if found is None:
            found = (
                stripped.select(cell(name)).select(READINGS[key].parse(pl.col(name))).to_series()
            )
        return found.alias(name)

    def drop(self) -> None:
        """Let it all go."""
        self._gone = True
        if self._writer is not None:
            self._writer.close()
            self._writer = None
        self._path.unlink(missing_ok=True)

    def batches(
        self, decision: Decision, kept: Sequence[int], schema: pa.Schema
    ) -> Iterator[pa.RecordBatch] | None:
        """The rows as decided; None when they have to be read from the file."""
        if self._gone or self._writer is None or self._keys != _keys(decision):
            self.drop()
            return None
        self._writer.close()
        self._writer = None
        return self._stored(kept, schema)

    def _stored(self, kept: Sequence[int], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        with pa.OSFile(str(self._path)) as source, pa.ipc.open_file(source) as file:
            for place in range(file.num_record_batches):
                found = file.get_batch(place)
                columns = [
                    found.column(i).cast(field.type) for i, field in zip(kept, schema, strict=True)
                ]
                yield pa.RecordBatch.from_arrays(columns, schema=schema)
        self._path.unlink(missing_ok=True)


def _keys(decision: Decision) -> list[str]:
    return [r.key if r else "" for r in decision.readings]
