"""A file of whatever kind becomes a typed table: `read_table`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl
import pyarrow as pa

from freemlops.domain.dataset import Column, Note
from freemlops.domain.errors import UnreadableFileError
from freemlops.domain.reading import ReadOptions
from freemlops.domain.words import say
from freemlops.engine.ingest.archive import is_parquet, unpack
from freemlops.engine.ingest.encoding import TITLES, Text, to_utf8
from freemlops.engine.ingest.ingested import ARROW_TYPES, Ingested, check_width, no_rows
from freemlops.engine.ingest.layout import HEAD_BYTES, Layout, find_layout
from freemlops.engine.ingest.parquet import read_parquet
from freemlops.engine.ingest.records import head_text
from freemlops.engine.ingest.repair import ends_open, repair
from freemlops.engine.ingest.strings import Strings, UnevenError
from freemlops.engine.ingest.types import Decision, Typist


def read_table(
    path: Path,
    filename: str,
    scratch: Path,
    options: ReadOptions = ReadOptions(),  # noqa: ARG001,B008
) -> Ingested:
    """The table in a CSV, TSV or other separated text file, gzip, zip with one table, or Parquet.

    Reads the whole file once to decide the types; the reader of the result reads it once more.
    `scratch` is an empty folder for copies, which the caller removes when the reader is done.
    Raises `UnreadableFileError` and `TooLargeError`, with lines where they are known.
    """
    unpacked = unpack(path, scratch)
    if is_parquet(unpacked):
        return read_parquet(unpacked)
    name = filename.lower().removesuffix(".gz").removesuffix(".zip")
    text = to_utf8(unpacked, scratch)
    layout = find_layout(head_text(text.path, text.start, HEAD_BYTES), text.start, name)
    if layout is None:
        raise UnreadableFileError(
            "The file is empty. Choose a file with a header line and at least one row."
        )
    check_width(len(layout.names))
    strings, typist = _look(text, layout, scratch)
    if typist.rows == 0:
        raise no_rows()
    return _typed(strings, typist, _how_read(text, layout))


def _look(text: Text, layout: Layout, scratch: Path) -> tuple[Strings, Typist]:
    """Every cell, once. A file with uneven records is repaired first."""
    strings = Strings(text.path, layout)
    try:
        typist = _survey(strings)
    except UnevenError:
        strings = Strings(*repair(text.path, layout, scratch))
        typist = _survey(strings)
    return strings, typist


def _survey(strings: Strings) -> Typist:
    typist = Typist(len(strings.layout.names))
    batch = None
    for batch in strings:
        typist.look(batch)
    if batch is not None and ends_open(strings.path, strings.layout, batch.row(-1)[-1]):
        raise UnevenError("a quotation mark is never closed")
    return typist


def _typed(strings: Strings, typist: Typist, how: tuple[Note, ...]) -> Ingested:
    layout = strings.layout
    decision = typist.decide(layout.names)
    blank = [i for i in sorted(layout.unnamed) if typist.is_empty(i)]
    kept = [i for i in range(len(layout.names)) if i not in blank]
    columns = tuple(
        Column(layout.names[i], decision.type(i), words=decision.words[i]) for i in kept
    )
    schema = pa.schema([(c.name, ARROW_TYPES[c.type]) for c in columns])
    batches = _batches(strings, decision, kept, schema)
    notes = [*how, *layout.notes, *decision.notes]
    if blank:
        message = say(
            "Columns left out because they have neither name nor values: {count}.", count=len(blank)
        )
        notes.append(Note("columns.blank", message))
    return Ingested(pa.RecordBatchReader.from_batches(schema, batches), columns, tuple(notes))


def _batches(
    strings: Strings, decision: Decision, kept: Sequence[int], schema: pa.Schema
) -> Iterator[pa.RecordBatch]:
    for batch in strings:
        # batch by batch: inside a LazyFrame the same casts took 4.9 GB
        typed = decision.values(batch, kept)
        if typed.height:
            table = typed.to_arrow(compat_level=pl.CompatLevel.oldest())
            yield from table.rename_columns(schema.names).cast(schema).to_batches()


def _how_read(text: Text, layout: Layout) -> tuple[Note, ...]:
    encoding = TITLES[text.encoding]
    if len(layout.names) == 1:
        message = say("Read as {encoding}, one column.", encoding=encoding)
    elif layout.dialect.separator == "\t":
        message = say("Read as {encoding}, separated by tabs.", encoding=encoding)
    else:
        message = say(
            "Read as {encoding}, separated by “{separator}”.",
            encoding=encoding,
            separator=layout.dialect.separator,
        )
    return (Note("read.text", message), *text.notes)
