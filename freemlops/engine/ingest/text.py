"""Separated text becomes a typed table: looked at whole, decided, read again."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl
import pyarrow as pa

from freemlops.domain.dataset import Column, Note
from freemlops.domain.errors import InvalidError, UnreadableFileError
from freemlops.domain.reading import ReadOptions
from freemlops.domain.words import say
from freemlops.engine.ingest.decision import Decision, decide
from freemlops.engine.ingest.encoding import TITLES, Text
from freemlops.engine.ingest.evidence import Looker
from freemlops.engine.ingest.footer import find_footer
from freemlops.engine.ingest.ingested import ARROW_TYPES, Ingested, check_width, no_rows
from freemlops.engine.ingest.layout import HEAD_BYTES, Layout, find_layout
from freemlops.engine.ingest.misfits import Misfits
from freemlops.engine.ingest.records import Stretch, head_text
from freemlops.engine.ingest.rejects import Rejects
from freemlops.engine.ingest.repair import ends_open, repair
from freemlops.engine.ingest.spool import Spool
from freemlops.engine.ingest.strings import Strings, UnevenError
from freemlops.engine.ingest.telling import Told

PROBED = 3


@dataclass(frozen=True, slots=True)
class _Looked:
    """A file after its first pass: `original` as it came, `strings` with even records."""

    original: Strings
    strings: Strings
    looker: Looker
    spool: Spool
    empty: int
    headers: int


def read_text(text: Text, name: str, scratch: Path, options: ReadOptions) -> Ingested:
    """Raises `UnreadableFileError`, `TooLargeError`, and `InvalidError` for options that this
    file does not allow."""
    head = head_text(text.path, text.start, HEAD_BYTES)
    layout = find_layout(head, text.start, name, options)
    if layout is None:
        raise UnreadableFileError(
            "The file is empty. Choose a file with a header line and at least one row."
        )
    check_width(len(layout.names))
    unknown = sorted(set(options.types) - set(layout.names))
    if unknown:
        raise InvalidError("There is no column called “{column}”.", column=unknown[0][:200])
    rejects = Rejects(scratch)
    layout = _without_footer(text.path, layout, rejects)
    looked = _look(text.path, layout, scratch, rejects, options)
    if looked.looker.rows == 0:
        raise no_rows()
    return _typed(looked, rejects, options, _how_read(text, layout))


def _without_footer(path: Path, layout: Layout, rejects: Rejects) -> Layout:
    footer = find_footer(path, layout.start, layout.dialect, len(layout.names))
    if footer is None:
        return layout
    with path.open("rb") as file:
        file.seek(layout.start)
        lines_above = io.TextIOWrapper(
            io.BufferedReader(Stretch(file, footer.start)), encoding="latin-1", newline=None
        )
        first = layout.line + sum(1 for _ in lines_above)
        lines_above.detach()
        file.seek(footer.start)
        below = file.read().decode("utf-8", "replace").splitlines()
    lines = [(first + i, t) for i, t in enumerate(below) if t.strip()]
    rejects.add((n, "", "below the table", t) for n, t in lines)
    message = say("Lines below the table (totals, sources) left out: {count}.", count=len(lines))
    note = Note("footer", message, tuple(n for n, _ in lines))
    return replace(layout, end=footer.start, notes=(*layout.notes, note))


def _look(
    path: Path, layout: Layout, scratch: Path, rejects: Rejects, options: ReadOptions
) -> _Looked:
    """Every cell, once. A file with uneven records is repaired first."""
    original = Strings(path, layout)
    try:
        return _survey(original, original, scratch, options)
    except UnevenError:
        repaired = Strings(*repair(path, layout, scratch, rejects, options.bad))
        return _survey(original, repaired, scratch, options)


def _survey(original: Strings, strings: Strings, scratch: Path, options: ReadOptions) -> _Looked:
    layout = strings.layout
    looker, spool = Looker(layout.names, options), Spool(scratch, layout.names, options)
    batch, empty, headers = None, 0, 0
    try:
        for batch in strings:
            kept, without, repeated = tidy(batch, layout.header)
            empty, headers = empty + without, headers + repeated
            stripped = kept.select(pl.all().str.strip_chars())
            looker.look(stripped)
            spool.add(stripped, looker)
    except BaseException:
        spool.drop()
        raise
    if batch is not None and ends_open(strings.path, layout, batch.row(-1)[-1]):
        spool.drop()
        raise UnevenError("a quotation mark is never closed")
    return _Looked(original, strings, looker, spool, empty, headers)


def tidy(batch: pl.DataFrame, header: Sequence[str]) -> tuple[pl.DataFrame, int, int]:
    """Rows that are neither empty nor the header once more, and how many were."""
    whole, repeated = batch, 0
    place = next((i for i, name in enumerate(header) if name), None)
    if place is not None and len(header) > 1:
        first = batch.get_column(str(place)).str.contains(header[place], literal=True)
        if first.any():
            same = [pl.col(str(i)).str.strip_chars() == name for i, name in enumerate(header)]
            batch = batch.filter(~pl.all_horizontal(same))
            repeated = whole.height - batch.height
    if any((column.str.strip_chars() != "").all() for column in batch.get_columns()[:PROBED]):
        return batch, 0, repeated  # most tables have a column without gaps near the front
    is_filled = pl.all().str.strip_chars() != ""
    if any(batch.select(is_filled.all()).row(0)):
        return batch, 0, repeated
    kept = batch.filter(pl.any_horizontal(is_filled))
    return kept, batch.height - kept.height, repeated


def _typed(
    looked: _Looked, rejects: Rejects, options: ReadOptions, how: tuple[Note, ...]
) -> Ingested:
    layout, evidence = looked.strings.layout, looked.looker.columns
    decision = decide(evidence, layout.names, options)
    told = Told(layout.names, evidence, decision)
    misfits = Misfits(looked.strings, decision) if decision.forced else None
    settled = misfits.settle(looked.original, rejects, options.bad) if misfits else []
    blank = [i for i in sorted(layout.unnamed) if not (evidence[i].filled or evidence[i].words)]
    kept = [i for i in range(len(layout.names)) if i not in blank]
    columns = tuple(
        Column(layout.names[i], decision.type(i), words=decision.words[i]) for i in kept
    )
    schema = pa.schema([(c.name, ARROW_TYPES[c.type]) for c in columns])
    batches = looked.spool.batches(decision, kept, schema)
    if batches is None:
        batches = _batches(looked.strings, decision, kept, schema)
    reader = pa.RecordBatchReader.from_batches(schema, batches)
    notes = (*how, *layout.notes, *told.notes(), *settled, *_left_out(looked, len(blank)))
    return Ingested(
        reader, columns, notes, told.questions(), rejects.path, rejects.count, looked.looker.rows
    )


def _left_out(looked: _Looked, blank: int) -> Iterator[Note]:
    if looked.empty:
        message = say("Rows left out because nothing was in them: {count}.", count=looked.empty)
        yield Note("rows.empty", message)
    if looked.headers:
        message = say(
            "Lines left out because they repeat the header: {count}.", count=looked.headers
        )
        yield Note("rows.header", message)
    if blank:
        message = say(
            "Columns left out because they have neither name nor values: {count}.", count=blank
        )
        yield Note("columns.blank", message)


def _batches(
    strings: Strings, decision: Decision, kept: Sequence[int], schema: pa.Schema
) -> Iterator[pa.RecordBatch]:
    for batch in strings:
        # batch by batch: inside a LazyFrame the same casts took 4.9 GB
        rows, _, _ = tidy(batch, strings.layout.header)
        typed = decision.values(rows, kept)
        if typed.height:
            table = typed.to_arrow(compat_level=pl.CompatLevel.oldest())
            yield from table.rename_columns(schema.names).cast(schema).to_batches()


def _how_read(text: Text, layout: Layout) -> tuple[Note, ...]:
    encoding = TITLES.get(text.encoding, text.encoding)
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
