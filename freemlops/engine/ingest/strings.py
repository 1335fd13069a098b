"""The cells of a text file as batches of strings, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.csv as pacsv

from freemlops.engine.ingest.layout import Layout
from freemlops.engine.ingest.records import MOST_CELL_CHARS, Stretch
from freemlops.engine.ingest.repair import giant_cell

BLOCK_BYTES = 4 * 1024**2
WIDE_BLOCK_BYTES = 16 * 1024**2
GIANT_BLOCK_BYTES = 4 * MOST_CELL_CHARS
MANY_COLUMNS = 500


class UnevenError(Exception):
    """A record has not one field for each column; the file must be repaired first."""


@dataclass(frozen=True, slots=True)
class Strings:
    """The data records of a laid out file. Columns are called "0", "1", … by place."""

    path: Path
    layout: Layout

    def __iter__(self) -> Iterator[pl.DataFrame]:
        """Batches in order; empty lines are not there.

        Raises `UnevenError`, and `TooLargeError` for a cell over 16 MB.
        """
        block = WIDE_BLOCK_BYTES if len(self.layout.names) > MANY_COLUMNS else BLOCK_BYTES
        done = 0
        for size in (block, GIANT_BLOCK_BYTES):
            skip = done
            try:
                for batch in self._batches(size):
                    rest = batch.slice(min(skip, batch.height))
                    skip -= batch.height - rest.height
                    if rest.height:
                        done += rest.height
                        yield rest
                return
            except pa.ArrowInvalid as error:
                if "straddling" not in str(error):
                    raise UnevenError(str(error)) from error
        raise giant_cell()

    def _batches(self, block_bytes: int) -> Iterator[pl.DataFrame]:
        layout = self.layout
        names = [str(i) for i in range(len(layout.names))]
        with self.path.open("rb") as file:
            file.seek(layout.start)
            if not file.peek(1) or (layout.end is not None and layout.end <= layout.start):
                return
            reader = pacsv.open_csv(
                file if layout.end is None else Stretch(file, layout.end),
                read_options=pacsv.ReadOptions(
                    column_names=names, block_size=block_bytes, use_threads=False
                ),
                parse_options=pacsv.ParseOptions(
                    delimiter=layout.dialect.separator,
                    quote_char=layout.dialect.quote or False,
                    newlines_in_values=True,
                ),
                convert_options=pacsv.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.string()),
                    strings_can_be_null=False,
                    null_values=[],
                ),
            )
            for batch in reader:
                yield _frame(batch)


def _frame(batch: pa.RecordBatch) -> pl.DataFrame:
    found: Any = pl.from_arrow(batch)
    if batch.nbytes > MOST_CELL_CHARS:
        longest = found.select(pl.max_horizontal(pl.all().str.len_bytes().max())).item()
        if longest > MOST_CELL_CHARS:
            raise giant_cell()
    frame: pl.DataFrame = found
    return frame
