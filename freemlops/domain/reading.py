"""How a person wants a file to be read, and what to ask where the file leaves it open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from freemlops.domain.dataset import ColumnType
from freemlops.domain.words import Message


class DateOrder(StrEnum):
    """Which comes first in `03/04/2025`."""

    DMY = "dmy"
    MDY = "mdy"


class OnBad(StrEnum):
    """What becomes of a line that does not fit: a cell that is no value of its column's type, or
    more fields than columns."""

    REFUSE = "refuse"
    DROP = "drop"
    BLANK = "blank"


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What a person decided about a file; what is None is decided by the reader.

    `encoding` is a Python codec name. `header_line` counts from 1, and 0 means that there is no
    header. `decimal` is `.` or `,`. `types` are by final column name. `member` is the file in an
    archive or the sheet of a workbook. `bad` None keeps lines of uneven width as well as
    possible, says so, and refuses cells that do not fit a type in `types`.
    """

    encoding: str | None = None
    separator: str | None = None
    quote: str | None = None
    header_line: int | None = None
    decimal: str | None = None
    date_order: DateOrder | None = None
    types: Mapping[str, ColumnType] = field(default_factory=dict)
    member: str | None = None
    bad: OnBad | None = None


AS_FOUND = ReadOptions()
"""Everything is decided by the reader."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to a question: `value` goes into the option, `label` is shown."""

    value: str
    label: Message


@dataclass(frozen=True, slots=True)
class Question:
    """What the file leaves open. `option` is the field of `ReadOptions` that an answer sets; the
    version was read as the first choice says. `columns` are those it concerns."""

    code: str
    message: Message
    option: str
    choices: tuple[Choice, ...]
    columns: tuple[str, ...] = ()


class Source(StrEnum):
    """Where a dataset version came from."""

    UPLOAD = "upload"
    SAMPLE = "sample"
    READING = "reading"
    """The file of another version, read in another way."""


@dataclass(frozen=True, slots=True)
class Origin:
    """How a version came to be.

    `original` and `rejects` are sha256 of stored files: the bytes as they were sent, and the
    lines that were left out or changed.
    """

    source: Source = Source.UPLOAD
    added_by: str = ""
    options: ReadOptions = field(default_factory=ReadOptions)
    questions: tuple[Question, ...] = ()
    original: str | None = None
    rejects: str | None = None
    rejected: int = 0
