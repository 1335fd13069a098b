"""Records of uneven width made even, with the lines of those that were not."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from freemlops.domain.dataset import Note
from freemlops.domain.errors import Detail, TooLargeError, UnreadableFileError
from freemlops.domain.reading import OnBad
from freemlops.domain.words import say
from freemlops.engine.ingest.layout import Layout
from freemlops.engine.ingest.records import Dialect, Lines, Stretch, reader_of
from freemlops.engine.ingest.rejects import Rejects

MOST_LINES = 20
MOST_RAGGED_SHARE = 0.5
PLAIN = Dialect(",")
_LINE = re.compile(r"([^\r\n]*)(?:\r\n|\r|\n)")


@dataclass(slots=True)
class Uneven:
    count: int = 0
    lines: list[int] = field(default_factory=list)

    def add(self, line: int) -> None:
        self.count += 1
        if len(self.lines) < MOST_LINES:
            self.lines.append(line)


@dataclass(frozen=True, slots=True)
class Record:
    """`line` is where it begins, `text` what stands in the file. Of an open one, in which a
    quotation mark is never closed, nothing can be told but the line."""

    fields: list[str]
    line: int
    text: str
    is_open: bool = False


def records(path: Path, layout: Layout, *, rescue: bool = False) -> Iterator[Record]:
    """Every record that is not blank. Raises `TooLargeError` for a giant cell, and
    `UnreadableFileError` for a quotation mark that is never closed; with `rescue` its line is
    given as an open record, and what follows it read as if it were not there."""
    with path.open("rb") as raw:
        raw.seek(layout.start)
        source = raw if layout.end is None else io.BufferedReader(Stretch(raw, layout.end))
        lines: Iterable[str] = io.TextIOWrapper(source, encoding="utf-8", newline="")
        line = layout.line
        while True:
            last = None
            for record in _read(lines, layout.dialect, line):
                if last is not None:
                    yield last
                last = record
            if last is None:
                return
            head = _LINE.match(last.text)
            if head is None or not _is_open(path, layout.dialect):
                yield last
                return
            if not rescue:
                raise _unclosed(last.line)
            yield Record([], last.line, head.group(1), is_open=True)
            lines, line = io.StringIO(last.text[head.end() :], newline=""), last.line + 1


def _read(source: Iterable[str], dialect: Dialect, first: int) -> Iterator[Record]:
    lines = Lines(source)
    reader: Any = reader_of(lines, dialect)
    line = first
    try:
        for fields in reader:
            text = lines.take()
            if fields:
                yield Record(fields, line, text)
            line = first + reader.line_num
    except csv.Error as error:
        raise giant_cell(line) from error


def repair(
    path: Path, layout: Layout, scratch: Path, rejects: Rejects, bad: OnBad | None = None
) -> tuple[Path, Layout]:
    """A plain copy in `scratch` in which every record has one field for each column.

    Missing fields at the end become missing values; extra fields are dropped, and their whole
    lines kept in `rejects`; with `OnBad.DROP` uneven lines are left out altogether. Raises
    `UnreadableFileError` when more than half of the records are uneven, or any with
    `OnBad.REFUSE`.
    """
    width = len(layout.names)
    short, long, rows = Uneven(), Uneven(), 0
    target = scratch / "repaired.csv"

    def judged(writer: Any) -> Iterator[tuple[int, str, str, str]]:
        nonlocal rows
        for record in records(path, layout, rescue=bad is OnBad.DROP):
            rows += 1
            fault = judge(record, width, short, long)
            if fault == "open":
                yield record.line, "", "a quotation mark is never closed", record.text
            elif fault == "short" and bad is OnBad.DROP:
                yield record.line, "", "too few fields", record.text
            elif fault == "long":
                yield record.line, "", "too many fields", record.text
            if fault is None or bad is not OnBad.DROP:
                fields = record.fields
                writer.writerow([*fields[:width], *[""] * (width - len(fields))])

    with target.open("w", encoding="utf-8", newline="") as out:
        rejects.add(judged(csv.writer(out)))
    uneven = short.count + long.count
    if uneven > MOST_RAGGED_SHARE * rows or (uneven and bad is OnBad.REFUSE):
        raise _too_ragged(short, long, width, most=uneven > MOST_RAGGED_SHARE * rows)
    notes = (*layout.notes, *_notes(short, long, dropped=bad is OnBad.DROP))
    return target, replace(layout, dialect=PLAIN, start=0, line=1, notes=notes, end=None)


def judge(record: Record, width: int, short: Uneven, long: Uneven) -> str | None:
    """Count an uneven record; empty fields at the end are no fault."""
    if record.is_open:
        short.add(record.line)
        return "open"
    fields = record.fields
    if len(fields) < width and any(f.strip() for f in fields):
        short.add(record.line)
        return "short"
    if any(f.strip() for f in fields[width:]):
        long.add(record.line)
        return "long"
    return None


def ends_open(path: Path, layout: Layout, last_cell: str) -> bool:
    """Whether the last cell swallowed the rest of the file after an unclosed quotation mark."""
    return "\n" in last_cell and _is_open(path, layout.dialect)


def _is_open(path: Path, dialect: Dialect) -> bool:
    """Whether the text of a last record that spans lines ends inside its quotation marks."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 4096))
        tail = file.read().decode("utf-8", "replace").rstrip()
    return not tail.rstrip(dialect.separator).rstrip().endswith(dialect.quote)


def _notes(short: Uneven, long: Uneven, *, dropped: bool) -> list[Note]:
    notes = []
    if dropped:
        count = short.count + long.count
        lines = tuple(sorted([*short.lines, *long.lines])[:MOST_LINES])
        message = say("Lines that do not fit the header, left out: {count}.", count=count)
        return [Note("ragged.dropped", message, lines)] if count else []
    if short.count:
        message = say(
            "Lines with fewer fields than the header: {count}. What is not there is missing.",
            count=short.count,
        )
        notes.append(Note("ragged.short", message, tuple(short.lines)))
    if long.count:
        message = say(
            "Lines with more fields than the header: {count}. The extra fields were left out.",
            count=long.count,
        )
        notes.append(Note("ragged.long", message, tuple(long.lines)))
    return notes


def giant_cell(line: int | None = None) -> TooLargeError:
    where = say("A cell that begins here is larger than 16 MB.")
    return TooLargeError(
        "A cell is larger than 16 MB. Perhaps a quotation mark was opened and never closed.",
        details=[Detail(where, line=line)] if line else [],
    )


def _unclosed(line: int) -> UnreadableFileError:
    return UnreadableFileError(
        "A quotation mark in line {line} is never closed, so the rest of the file can't be told "
        "apart. Close it, or save the data as CSV once more.",
        details=[Detail(say("The quotation mark opens here."), line=line)],
        line=line,
    )


def _too_ragged(short: Uneven, long: Uneven, width: int, *, most: bool) -> UnreadableFileError:
    lines = sorted({*short.lines, *long.lines})[:MOST_LINES]
    if not most:
        return UnreadableFileError(
            "Some lines do not have the {width} fields of the header. Correct them, or choose to "
            "leave them out.",
            details=[Detail(say("Not {width} fields", width=width), line=n) for n in lines],
            width=width,
        )
    return UnreadableFileError(
        "Most lines do not have the {width} fields of the header, so this can't be read as a "
        "table. Is the separator inside the texts? Save the data as CSV once more.",
        details=[Detail(say("Not {width} fields", width=width), line=n) for n in lines],
        width=width,
    )
