"""A file of rows in, the same rows with what the model answers out: in pieces, so that memory
does not grow with the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

import polars as pl
import pyarrow as pa

from freemlops.domain.dataset import Column, ColumnType, Note
from freemlops.domain.errors import InvalidError, TooLargeError, UnreadableFileError
from freemlops.domain.reading import AS_FOUND
from freemlops.domain.words import Message
from freemlops.engine.ingest import Ingested, read_table
from freemlops.i18n import Translator
from freemlops.services.intake import Watch
from freemlops.services.learnt_reading import Learnt
from freemlops.serving.arrow_body import table_of
from freemlops.serving.model import PredictionAnswer, ServedModel

ROWS_AT_ONCE = 10_000
_SAYS_ITS_TYPES = {"read.parquet", "read.arrow"}
_TOLD = {"footer", "rows.empty", "rows.header", "columns.blank"}
"""Notes of the reading that say why there are fewer rows or columns in the answer."""


@dataclass(frozen=True, slots=True)
class RowFile:
    """`name` as a person knows it; `scratch` is a folder for copies of it."""

    path: Path
    name: str
    scratch: Path


@dataclass(slots=True)
class Progress(Watch):
    """`total` rows, as soon as they are known; `warned` rows have a warning; `notes` say what of
    the file was left out."""

    total: int | None = None
    warned: int = 0
    notes: tuple[Note, ...] = field(default=())


def score_file(
    model: ServedModel,
    file: RowFile,
    out: IO[bytes],
    learnt: Learnt,
    t: Translator,
    progress: Progress,
    most_rows: int | None = None,
) -> None:
    """Write a CSV: the file's columns, the prediction, the probability of each class, the
    decision when the model has a threshold, and the warnings in the words of `t`.

    Cells of other columns than the model's are as they were written; numbers and dates of the
    model's own are written as everywhere, with a point and year first. Raises
    `UnreadableFileError` and `InvalidError` with the line or row and the column of each mistake,
    `TooLargeError` over `most_rows`, `CancelledError`.
    """
    with ExitStack() as stack:
        table = _read(stack, file, learnt)
        progress.total = table.rows
        progress.notes = tuple(n for n in table.notes if n.code in _TOLD)
        _check_size(table.rows or 0, most_rows)
        words = _Words(t)
        for batch in _pieces(table.reader):
            answer = _answered(model, batch, progress.rows)
            frame = _written(batch, table.columns)
            warnings = words.of(answer)
            progress.warned += sum(1 for w in warnings if w)
            made = _beside(frame, answer, warnings)
            made.write_csv(out, include_header=progress.rows == 0)
            progress.step(batch.num_rows)
            _check_size(progress.rows, most_rows)


def _check_size(rows: int, most: int | None) -> None:
    if most is not None and rows > most:
        raise TooLargeError(
            "At most {limit} rows are scored at a time. Cut the file into parts.", limit=most
        )


def _read(stack: ExitStack, file: RowFile, learnt: Learnt) -> Ingested:
    """Read twice: to see what the columns are, and then as the model needs them."""

    def scratch() -> Path:
        return Path(stack.enter_context(TemporaryDirectory(dir=file.scratch)))

    table = read_table(file.path, file.name, scratch())
    if _SAYS_ITS_TYPES & {n.code for n in table.notes}:
        return table
    asked = {q.option for q in table.questions}
    found = {c.name: c.type for c in table.columns}
    options = learnt.options(found, asked, rest_as_text=True)
    if options == AS_FOUND:
        return table
    table.reader.close()
    try:
        return read_table(file.path, file.name, scratch(), options)
    except UnreadableFileError as error:
        if not any(d.line and d.column for d in error.details):
            raise
        raise UnreadableFileError(
            "Some cells are not what the model takes in their columns: {count}. Correct them and "
            "send the file again.",
            details=error.details,
            count=error.message.params.get("count", len(error.details)),
        ) from error


def _pieces(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        for start in range(0, batch.num_rows, ROWS_AT_ONCE):
            yield batch.slice(start, ROWS_AT_ONCE)


def _answered(model: ServedModel, batch: pa.RecordBatch, done: int) -> PredictionAnswer:
    """Mistakes are told by their row in the file."""
    try:
        return model.answer(table_of(pa.Table.from_batches([batch]), model.signature))
    except InvalidError as error:
        if not any(d.row is not None for d in error.details):
            raise
        details = [replace(d, row=(d.row or 0) + done) for d in error.details]
        raise InvalidError(
            "The value of “{column}” in row {row} does not fit.",
            details=details,
            column=str(details[0].column),
            row=(details[0].row or 0) + 1,
        ) from error


def _written(batch: pa.RecordBatch, columns: Iterable[Column]) -> pl.DataFrame:
    """Yes and no in the words of the file."""
    frame = pl.DataFrame(pl.from_arrow(batch))
    spoken = {c.name: c.words for c in columns if c.type is ColumnType.BOOLEAN and c.words}
    return frame.with_columns(
        pl.when(pl.col(name)).then(pl.lit(yes)).when(~pl.col(name)).then(pl.lit(no)).alias(name)
        for name, (no, yes) in spoken.items()
    )


def _beside(
    frame: pl.DataFrame, answer: PredictionAnswer, warnings: list[str | None]
) -> pl.DataFrame:
    """A name that the file has already gets a number."""
    made: list[tuple[str, pl.Series]] = [("prediction", pl.Series(answer.values))]
    if answer.made.probabilities is not None:
        for i, name in enumerate(answer.source.signature.classes):
            chances = answer.made.probabilities[:, i]
            made.append((f"probability_{name}", pl.Series(chances)))
    if (decisions := answer.decisions) is not None:
        made.append(("decision", pl.Series(decisions)))
    made.append(("warnings", pl.Series(warnings, dtype=pl.String)))
    taken = set(frame.columns)
    for name, values in made:
        free = next(n for n in _numbered(name) if n not in taken)
        taken.add(free)
        frame = frame.with_columns(values.alias(free))
    return frame


def _numbered(name: str) -> Iterator[str]:
    yield name
    n = 2
    while True:
        yield f"{name}_{n}"
        n += 1


class _Words:
    """The warnings of rows as texts; the same ones come again and again."""

    def __init__(self, t: Translator) -> None:
        self._t = t
        self._known: dict[tuple[object, ...], str] = {}

    def of(self, answer: PredictionAnswer) -> list[str | None]:
        found = answer.made.warnings
        if not found:
            return [None] * len(answer.made.values)
        return ["; ".join(map(self._text, row)) if row else None for row in found]

    def _text(self, message: Message) -> str:
        key = (message.template, *message.params.values())
        if key not in self._known:
            if len(self._known) > ROWS_AT_ONCE:
                self._known.clear()
            self._known[key] = self._t.text(message)
        return self._known[key]
