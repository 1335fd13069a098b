"""The records of a separated text file, one list of fields each, as Python's csv reads them."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

MOST_CELL_CHARS = 16 * 1024**2

csv.field_size_limit(MOST_CELL_CHARS)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How fields are told apart. `quote` is empty when nothing is quoted."""

    separator: str
    quote: str = '"'


def reader_of(lines: Iterable[str], dialect: Dialect) -> Iterator[list[str]]:
    """Python's reader: empty lines come as empty lists. Raises `csv.Error` on huge fields."""
    if not dialect.quote:
        return csv.reader(lines, delimiter=dialect.separator, quoting=csv.QUOTE_NONE)
    return csv.reader(lines, delimiter=dialect.separator, quotechar=dialect.quote)


class Lines:
    """The lines of an open text file, of which those of the current record can be asked."""

    def __init__(self, file: Iterable[str]) -> None:
        self._file = file
        self._seen: list[str] = []

    def __iter__(self) -> Iterator[str]:
        for line in self._file:
            self._seen.append(line)
            yield line

    def take(self) -> str:
        """The text since the last call, without its line end."""
        text = "".join(self._seen)
        self._seen.clear()
        return text.rstrip("\r\n")


def head_text(path: Path, start: int, most_bytes: int) -> str:
    """The first whole lines of a UTF-8 file."""
    with path.open("rb") as file:
        file.seek(start)
        head = file.read(most_bytes)
        whole = file.tell() == os.fstat(file.fileno()).st_size
    if not whole:
        cut = max(head.rfind(b"\n"), head.rfind(b"\r")) + 1
        head = head[:cut] or head
    return head.decode("utf-8", "ignore")


def head_records(text: str, dialect: Dialect, most: int) -> list[list[str]]:
    """The first records of a text; what cannot be read ends the list."""
    found: list[list[str]] = []
    try:
        for record in reader_of(io.StringIO(text, newline=""), dialect):
            found.append(record)
            if len(found) >= most:
                break
    except csv.Error:
        pass
    return found


class Stretch(io.RawIOBase):
    """An open file up to byte `end`, as if nothing came after."""

    def __init__(self, file: IO[bytes], end: int) -> None:
        self._file = file
        self._end = end

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        left = max(0, self._end - self._file.tell())
        piece = self._file.read(min(len(buffer), left))
        buffer[: len(piece)] = piece
        return len(piece)
