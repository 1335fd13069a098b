"""Which type each column has, decided over all of its cells and not over a sample."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import polars as pl

from freemlops.domain.dataset import ColumnType, Note
from freemlops.domain.words import say
from freemlops.engine.ingest.readings import (
    BOOLEAN,
    COMMA,
    GROUPED,
    INTEGER,
    MISSING_WORDS,
    POINT,
    READINGS,
    TEXT_MISSING_WORDS,
    Reading,
    cell,
)

FIRST_CELLS = 100_000
FEWEST_ROWS = 20
"""Most readings fail within a few rows; what survives those is tried on everything."""
SHOWN = 5
_ALL = tuple(READINGS.items())


@dataclass(slots=True)
class _Evidence:
    """What is known of one column so far. `alive` are the readings that took every cell."""

    alive: list[str] = field(default_factory=lambda: list(READINGS))
    filled: int = 0
    words: set[str] = field(default_factory=set)
    truths: set[str] = field(default_factory=set)

    def asked(self) -> list[str]:
        """The readings that can still fail by themselves."""
        return [k for k in self.alive if not set(READINGS[k].wider_than) & set(self.alive)]


class Typist:
    """Looks at every batch once; then `decide`."""

    def __init__(self, columns: int) -> None:
        self._columns = [_Evidence() for _ in range(columns)]
        self.rows = 0
        self.empty_rows = 0

    def look(self, batch: pl.DataFrame) -> None:
        stripped, empty = tidy(batch)
        self.empty_rows += empty
        if not stripped.height:
            return
        # once, and not inside each reading: an eager select shares nothing between expressions
        cells = stripped.select(cell(name) for name in stripped.columns)
        if self.rows == 0:
            self._screen(cells.head(max(FEWEST_ROWS, FIRST_CELLS // cells.width)))
        self._try(cells)
        self.rows += stripped.height
        self._gather_words(stripped, cells)

    def _screen(self, cells: pl.DataFrame) -> None:
        """Every reading on the first rows of all columns at once, stacked into one.

        Column by column, 5,000 columns took half a minute: most of it to build expressions.
        """
        stacked = pl.concat([s.alias("x") for s in cells]).to_frame()
        read = stacked.select(r.parse(pl.col("x")).is_not_null().alias(k) for k, r in _ALL)
        column = pl.Series("column", range(cells.width)).repeat_by(cells.height).explode()
        counts = read.group_by(column, maintain_order=True).sum()
        filled = cells.select(pl.all().count()).row(0)
        for i, evidence in enumerate(self._columns):
            found = counts.row(i, named=True)
            evidence.alive = [k for k in evidence.alive if found[k] == filled[i]]

    def _try(self, cells: pl.DataFrame) -> None:
        asked = [e.asked() for e in self._columns]
        filled = cells.select(pl.all().count()).row(0)
        exprs = [
            READINGS[k].parse(pl.col(str(i))).count().alias(f"{i}:{k}")
            for i, keys in enumerate(asked)
            for k in keys
        ]
        counts = cells.select(exprs).row(0, named=True) if exprs else {}
        for i, evidence in enumerate(self._columns):
            evidence.filled += filled[i]
            failed = {k for k in asked[i] if counts[f"{i}:{k}"] < filled[i]}
            if failed:
                self._fail(evidence, failed, cells.get_column(str(i)), filled[i])

    def _gather_words(self, stripped: pl.DataFrame, cells: pl.DataFrame) -> None:
        """Which words stood for missing values, a few of each column."""
        written = stripped.select((pl.all() != "").sum()).row(0)
        filled = cells.select(pl.all().count()).row(0)
        for i, evidence in enumerate(self._columns):
            if written[i] > filled[i] and len(evidence.words) < SHOWN:
                evidence.words |= _missing_words(stripped.get_column(str(i)))
            if BOOLEAN in evidence.alive and len(evidence.truths) < SHOWN:
                evidence.truths |= set(cells.get_column(str(i)).drop_nulls().unique())

    def _fail(self, evidence: _Evidence, failed: set[str], cells: pl.Series, filled: int) -> None:
        """Drop what failed, and try on this batch what that had made unnecessary."""
        waiting = set(evidence.alive) - set(evidence.asked()) - failed
        evidence.alive = [k for k in evidence.alive if k not in failed]
        for key in evidence.asked():
            if key not in waiting:
                continue
            tried = cells.to_frame("x").select(READINGS[key].parse(pl.col("x")).count())
            if tried.item() < filled:
                evidence.alive.remove(key)

    def decide(self, names: Sequence[str]) -> Decision:
        """The reading of each column (None: text) and what a person should know about it."""
        mark = self._file_mark()
        chosen = [_choose(e, mark) for e in self._columns]
        words = tuple(
            _truth_words(e.truths) if r is not None and r.key == BOOLEAN else None
            for e, r in zip(self._columns, chosen, strict=True)
        )
        return Decision(tuple(chosen), tuple(self._notes(chosen, names)), words)

    def is_empty(self, column: int) -> bool:
        return self._columns[column].filled == 0 and not self._columns[column].words

    def _file_mark(self) -> str:
        """The decimal mark of the columns that leave no doubt; they outvote each other."""
        votes = {POINT: 0, COMMA: 0}
        for evidence in self._columns:
            readable = [k for k in (POINT, COMMA) if k in evidence.alive]
            if evidence.filled and len(readable) == 1:
                votes[readable[0]] += 1
        return COMMA if votes[COMMA] > votes[POINT] else POINT

    def _notes(self, chosen: Sequence[Reading | None], names: Sequence[str]) -> Iterable[Note]:
        keys = [reading.key if reading else "" for reading in chosen]
        if COMMA in keys:
            yield Note("number.comma", say("Numbers are written with a decimal comma."))
        doubtful = [
            n
            for n, k, e in zip(names, keys, self._columns, strict=True)
            if INTEGER not in e.alive and {POINT, COMMA} <= set(e.alive) and e.filled and k
        ]
        if doubtful:
            message = say(
                "A point or comma in {columns} may stand for decimals or for thousands; we took "
                "what the other columns suggest. Check the preview.",
                columns=_list(doubtful),
            )
            yield Note("number.ambiguous", message)
        yield from self._date_notes(keys, names)
        words = sorted(set().union(*map(_words_taken, self._columns, chosen)))
        if words:
            message = say("Taken as missing: {words}.", words=_list(words))
            yield Note("missing.words", message)
        if self.empty_rows:
            message = say(
                "Rows left out because nothing was in them: {count}.", count=self.empty_rows
            )
            yield Note("rows.empty", message)

    def _date_notes(self, keys: Sequence[str], names: Sequence[str]) -> Iterable[Note]:
        both = [
            n
            for n, k, e in zip(names, keys, self._columns, strict=True)
            if ".dmy" in k and k.replace(".dmy", ".mdy") in e.alive
        ]
        if both:
            message = say(
                "Dates in {columns} were read as day/month/year; they would also fit "
                "month/day/year. Check the preview.",
                columns=_list(both),
            )
            yield Note("date.ambiguous", message)
        american = [n for n, k in zip(names, keys, strict=True) if ".mdy" in k]
        if american:
            message = say(
                "Dates in {columns} were read as month/day/year.", columns=_list(american)
            )
            yield Note("date.american", message)
        if "zoned" in keys:
            yield Note("date.zone", say("Times with a time zone were turned into UTC."))


@dataclass(frozen=True, slots=True)
class Decision:
    """One reading a column, None for text."""

    readings: tuple[Reading | None, ...]
    notes: tuple[Note, ...]
    words: tuple[tuple[str, str] | None, ...]

    def type(self, column: int) -> ColumnType:
        reading = self.readings[column]
        return reading.type if reading else ColumnType.TEXT

    def values(self, batch: pl.DataFrame, columns: Sequence[int]) -> pl.DataFrame:
        """The typed values of a batch of strings, without rows in which nothing is written."""
        stripped, _ = tidy(batch)
        cells = stripped.select(
            cell(str(i), MISSING_WORDS if self.readings[i] else TEXT_MISSING_WORDS) for i in columns
        )
        return cells.select(self._value(i).alias(str(i)) for i in columns)

    def _value(self, column: int) -> pl.Expr:
        reading = self.readings[column]
        return reading.parse(pl.col(str(column))) if reading else pl.col(str(column))


def tidy(batch: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """Cells without blanks around them, in rows that are not empty; and how many rows were."""
    stripped = batch.select(pl.all().str.strip_chars())
    if any(stripped.select((pl.all() != "").all()).row(0)):
        return stripped, 0
    kept = stripped.filter(pl.any_horizontal(pl.all() != ""))
    return kept, stripped.height - kept.height


def _truth_words(written: set[str]) -> tuple[str, str] | None:
    """The file's one word for false and one for true; None for true/false and for a mixture."""
    parsed = pl.DataFrame({"x": sorted(written)}, schema={"x": pl.String}).with_columns(
        READINGS[BOOLEAN].parse(pl.col("x")).alias("truth")
    )
    pair = [parsed.filter(pl.col("truth") == truth)["x"].to_list() for truth in (False, True)]
    if len(pair[0]) != 1 or len(pair[1]) != 1:
        return None
    made = (pair[0][0], pair[1][0])
    return None if made[0].lower() == "false" else made


def _missing_words(text: pl.Series) -> set[str]:
    return set(text.filter(text.is_in(MISSING_WORDS) & (text != "")).unique().head(SHOWN))


def _words_taken(evidence: _Evidence, reading: Reading | None) -> set[str]:
    return evidence.words if reading else evidence.words & set(TEXT_MISSING_WORDS)


def _choose(evidence: _Evidence, mark: str) -> Reading | None:
    """The first reading in their order that took every cell; among decimals, the file's mark."""
    if evidence.filled == 0:
        return None
    alive = set(evidence.alive)
    if INTEGER not in alive and (POINT in alive or COMMA in alive):
        decimal = mark if mark in alive else (POINT if POINT in alive else COMMA)
        whole = GROUPED[decimal]
        return READINGS[whole if whole in alive else decimal]
    return next((READINGS[k] for k in READINGS if k in alive), None)


def _list(names: Sequence[str]) -> str:
    return ", ".join(f"“{n}”" for n in names[:SHOWN]) + ("…" if len(names) > SHOWN else "")
