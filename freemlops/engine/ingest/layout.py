"""Where the table begins in a text file, how its fields are separated, what its columns are."""

from __future__ import annotations

import io
import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from freemlops.domain.dataset import Note
from freemlops.domain.errors import InvalidError
from freemlops.domain.reading import ReadOptions
from freemlops.domain.words import say
from freemlops.engine.ingest.records import Dialect, head_records, reader_of

SEPARATORS: Final = (",", ";", "\t", "|", "^")
ONE_COLUMN: Final = "\x1f"
"""Stands in no text, for control characters have been taken out: nothing is separated."""
AS_FOUND: Final = ReadOptions()
HEAD_BYTES = 1024**2
HEAD_RECORDS = 500
MOST_TITLE_LINES = 20
LEAST_AGREEMENT = 0.5
MOST_NAME_CHARS = 200
_NUMBER = re.compile(r"[+-]?[\d.,]*\d(e[+-]?\d+)?|[12]\d{3}-\d\d-\d\d.*|\d\d?/\d\d?/\d{4}.*", re.I)
_COMMA_NUMBER = re.compile(r"[+-]?\d[\d.,]*")
_SEP_LINE = re.compile(r"\"?sep=(.)\"?(\r\n|\n|\r)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Layout:
    """`start` is the byte offset of the first data record, `line` its physical line, from 1.

    `unnamed` are the places of columns whose name is ours. `header` are the names as the file
    writes them, empty without a header. `end` is the byte at which lines that are no data begin.
    """

    dialect: Dialect
    names: tuple[str, ...]
    start: int
    line: int
    unnamed: frozenset[int] = frozenset()
    notes: tuple[Note, ...] = ()
    header: tuple[str, ...] = ()
    end: int | None = None


def find_layout(
    text: str, offset: int, filename: str, options: ReadOptions = AS_FOUND
) -> Layout | None:
    """The layout by the head of the file, which begins at byte `offset`; None without a record.

    Raises `InvalidError` when the header line of `options` is not there.
    """
    marked = _SEP_LINE.match(text) if options.header_line is None else None
    before = text[: marked.end()] if marked else ""
    rest = text[len(before) :]
    if marked and options.separator is None:
        options = replace(options, separator=marked.group(1))
    dialect = sniff(rest, filename, options)
    if options.header_line:
        made = _from_line(rest, dialect, options.header_line)
    else:
        made = _lay_out(rest, dialect, headless=True if options.header_line == 0 else None)
    return made and _shift(made, before, offset)


def _from_line(text: str, dialect: Dialect, line: int) -> Layout | None:
    """The layout when a person says in which physical line the header is."""
    lines = io.StringIO(text, newline="").readlines()
    if line > len(lines):
        raise InvalidError(
            "The header can't be in line {line}: the beginning of the file has {count} lines.",
            line=line,
            count=len(lines),
        )
    before = "".join(lines[: line - 1])
    made = _lay_out(text[len(before) :], dialect, headless=False, titles=False)
    return made and _shift(made, before, 0)


def _shift(layout: Layout, before: str, offset: int) -> Layout:
    lines = len(io.StringIO(before, newline="").readlines())
    start = layout.start + len(before.encode()) + offset
    return replace(layout, start=start, line=layout.line + lines)


def sniff(text: str, filename: str, options: ReadOptions = AS_FOUND) -> Dialect:
    """The separator with which most records are as wide as each other."""
    quote = _quote(text) if options.quote is None else options.quote
    if options.separator is not None:
        return Dialect(options.separator, quote)
    best: tuple[float, int, bool] = (LEAST_AGREEMENT, 1, False)
    found, header = Dialect(ONE_COLUMN, quote), 1
    for separator in SEPARATORS:
        dialect = Dialect(separator, quote)
        records = [r for r in head_records(text, dialect, HEAD_RECORDS) if r]
        width, share = _common_width(records)
        if not records or (separator == "," and _is_decimal_column(records)):
            continue
        if best[1] < 2 and share < LEAST_AGREEMENT and len(records[0]) > header:
            # the lines agree on nothing: the header tells best what they should be
            found, header = dialect, len(records[0])
        if width < 2:
            continue
        expected = separator == "\t" and filename.lower().endswith((".tsv", ".tab"))
        key = (round(share, 2), width, expected)
        if key > best:
            best, found = key, dialect
    return found


def _quote(text: str) -> str:
    """Double quotes, unless only single ones stand around whole fields."""
    if '"' in text:
        return '"'
    single = len(re.findall(r"(?:^|[,;\t|])'[^'\n]*'(?=[,;\t|\r\n]|$)", text, re.MULTILINE))
    return "'" if single > text.count("\n") / 2 and single > 1 else '"'


def _common_width(records: Sequence[Sequence[str]]) -> tuple[int, float]:
    """The most common number of fields and the share of records that have it."""
    if not records:
        return 0, 0.0
    width, count = Counter(map(len, records)).most_common(1)[0]
    return width, count / len(records)


def _is_decimal_column(records: Sequence[Sequence[str]]) -> bool:
    """One column of numbers with decimal commas, not two columns."""
    head, *rest = records
    return (
        len(head) == 1
        and bool(rest)
        and all(len(r) == 1 or _COMMA_NUMBER.fullmatch(",".join(r).strip()) for r in rest)
    )


def _lay_out(
    text: str, dialect: Dialect, *, headless: bool | None = None, titles: bool = True
) -> Layout | None:
    records = head_records(text, dialect, HEAD_RECORDS)
    filled = [i for i, r in enumerate(records) if any(f.strip() for f in r)]
    if not filled:
        return None
    width, _ = _common_width([records[i] for i in filled])
    first = _first_record(records, filled, width) if titles else filled[0]
    header, data = records[first], [records[i] for i in filled if i > first]
    above = filled.index(first)
    notes = []
    if above:
        message = say("Lines left out above the header: {count}.", count=above)
        notes.append(Note("header.titles", message))
    is_data = is_headless(header, data) if headless is None else headless
    if is_data:
        names, unnamed, first = [""] * max(width, len(header)), set(range(width)), first - 1
        message = say("There is no header line, so the columns were numbered.")
        notes.append(Note("header.none", message))
    else:
        names = _fit_names(header, data, width)
        unnamed = {i for i, name in enumerate(names) if not name.strip()}
    final, renamed = name_columns(names)
    start, line = _after(text, dialect, first + 1)
    raw = () if is_data else tuple(name.strip() for name in names)
    return Layout(dialect, final, start, line, frozenset(unnamed), (*notes, *renamed), raw)


def _first_record(records: list[list[str]], filled: list[int], width: int) -> int:
    """The header's place: titles above it have one field, or far fewer than the table."""
    for i in filled[:MOST_TITLE_LINES]:
        record = records[i]
        used = sum(1 for f in record if f.strip())
        is_title = len(record) < width - 1 or (
            used <= 1 and bool(record[0].strip()) and (len(record) < width or width > 2)
        )
        if width < 2 or not is_title:
            return i
    return filled[0]


def is_headless(header: Sequence[str], data: Sequence[Sequence[str]]) -> bool:
    """Whether the first record looks like the ones below it: numbers in the same places.

    Years and counters (`2019;2020`, `1;2;3`) are names all the same.
    """
    sample = [r for r in data[:20] if len(r) == len(header)]
    numbers = [bool(_NUMBER.fullmatch(f.strip())) for f in header]
    if not sample or not any(numbers):
        return False
    shown = [f.strip() for f, is_number in zip(header, numbers, strict=True) if is_number]
    if len(shown) > 1 and all(f.isdecimal() for f in shown) and len(set(shown)) == len(shown):
        values = [int(f) for f in shown]
        steps = {b - a for a, b in itertools.pairwise(values)}
        if steps <= {1} or all(1900 <= v <= 2100 for v in values):
            return False
    for i, is_number in enumerate(numbers):
        column = [r[i].strip() for r in sample if r[i].strip()]
        below = bool(column) and all(_NUMBER.fullmatch(f) for f in column)
        if column and header[i].strip() and below != is_number:
            return False
    return True


def _fit_names(header: list[str], data: list[list[str]], width: int) -> list[str]:
    """As many names as there are columns: R leaves out the name of the row names."""
    if len(header) == width - 1 and len(header) > 1:
        wide = [r for r in data if len(r) == width]
        if wide and sum(1 for r in wide if r[-1].strip()) > len(wide) / 2:
            return ["", *header]
    return list(header)


def name_columns(raw: Sequence[str]) -> tuple[tuple[str, ...], tuple[Note, ...]]:
    """Names that are there, of one line, and differ by more than upper and lower case."""
    taken = {" ".join(name.split()).lower() for name in raw}
    seen: set[str] = set()
    names, repeated = [], []
    for place, name in enumerate(raw, start=1):
        base = " ".join(name.split())[:MOST_NAME_CHARS] or f"column_{place}"
        final, count = base, 1
        while final.lower() in seen or (count > 1 and final.lower() in taken):
            count += 1
            final = f"{base}_{count}"
        if count > 1:
            repeated.append(final)
        seen.add(final.lower())
        names.append(final)
    if not repeated:
        return tuple(names), ()
    message = say(
        "Several columns had the same name; the later ones were renamed: {names}.",
        names=", ".join(repeated[:5]) + ("…" if len(repeated) > 5 else ""),
    )
    return tuple(names), (Note("header.repeated", message),)


def _after(text: str, dialect: Dialect, records: int) -> tuple[int, int]:
    """Byte offset and physical line of the record after the first `records`."""
    reader = reader_of(io.StringIO(text, newline=""), dialect)
    for _ in range(records):
        next(reader)
    lines: int = reader.line_num  # type: ignore[attr-defined]  # csv's own reader has it
    source = io.StringIO(text, newline="")
    return sum(len(source.readline().encode()) for _ in range(lines)), lines + 1
