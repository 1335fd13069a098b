"""Records of uneven width made even, with the lines of those that were not."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field, replace
from pathlib import Path

from freemlops.domain.dataset import Note
from freemlops.domain.errors import Detail, TooLargeError, UnreadableFileError
from freemlops.domain.words import say
from freemlops.engine.ingest.layout import Layout
from freemlops.engine.ingest.records import Dialect, reader_of

MOST_LINES = 20
MOST_RAGGED_SHARE = 0.5
PLAIN = Dialect(",")


@dataclass(slots=True)
class _Uneven:
    count: int = 0
    lines: list[int] = field(default_factory=list)

    def add(self, line: int) -> None:
        self.count += 1
        if len(self.lines) < MOST_LINES:
            self.lines.append(line)


def repair(path: Path, layout: Layout, scratch: Path) -> tuple[Path, Layout]:
    """A plain copy in `scratch` in which every record has one field for each column.

    Missing fields at the end become missing values; extra fields are dropped. Raises
    `UnreadableFileError` when more than half of the records are uneven or a quotation mark is
    never closed, `TooLargeError` for a giant cell.
    """
    width = len(layout.names)
    short, long, rows = _Uneven(), _Uneven(), 0
    target = scratch / "repaired.csv"
    with path.open("rb") as raw, target.open("w", encoding="utf-8", newline="") as out:
        raw.seek(layout.start)
        lines = io.TextIOWrapper(raw, encoding="utf-8", newline="")
        reader = reader_of(lines, layout.dialect)
        writer = csv.writer(out)
        last = line = layout.line
        try:
            for record in reader:
                if record:
                    rows += 1
                    _judge(record, width, line, short, long)
                    writer.writerow([*record[:width], *[""] * (width - len(record))])
                last, line = line, layout.line + reader.line_num  # type: ignore[attr-defined]
        except csv.Error as error:
            raise giant_cell(line) from error
    if rows and line - last > 1 and _is_open(path, layout.dialect):
        raise _unclosed(last)
    if short.count + long.count > MOST_RAGGED_SHARE * rows:
        raise _too_ragged(short, long, width)
    notes = (*layout.notes, *_notes(short, long))
    return target, replace(layout, dialect=PLAIN, start=0, line=1, notes=notes)


def _judge(record: list[str], width: int, line: int, short: _Uneven, long: _Uneven) -> None:
    if len(record) < width and any(f.strip() for f in record):
        short.add(line)
    elif any(f.strip() for f in record[width:]):
        long.add(line)


def ends_open(path: Path, layout: Layout, last_cell: str) -> bool:
    """Whether the last cell swallowed the rest of the file after an unclosed quotation mark."""
    return "\n" in last_cell and _is_open(path, layout.dialect)


def _is_open(path: Path, dialect: Dialect) -> bool:
    """Whether the text of a last record that spans lines ends inside its quotation marks."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 4096))
        tail = file.read().decode("utf-8", "replace").rstrip()
    return not tail.rstrip(dialect.separator).rstrip().endswith(dialect.quote)


def _notes(short: _Uneven, long: _Uneven) -> list[Note]:
    notes = []
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


def _too_ragged(short: _Uneven, long: _Uneven, width: int) -> UnreadableFileError:
    lines = sorted({*short.lines, *long.lines})[:MOST_LINES]
    return UnreadableFileError(
        "Most lines do not have the {width} fields of the header, so this can't be read as a "
        "table. Is the separator inside the texts? Save the data as CSV once more.",
        details=[Detail(say("Not {width} fields", width=width), line=n) for n in lines],
        width=width,
    )
