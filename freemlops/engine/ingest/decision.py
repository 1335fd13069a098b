"""Which reading each column gets, and how its values are made."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from freemlops.domain.dataset import ColumnType
from freemlops.domain.reading import OnBad, ReadOptions
from freemlops.engine.ingest.evidence import Evidence, best_fit
from freemlops.engine.ingest.readings import (
    BOOLEAN,
    COMMA,
    COMPACT,
    DIGITS,
    DRESSED,
    FORCED_BOOLEAN,
    GROUPED,
    INTEGER,
    LETTERS,
    MISSING_WORDS,
    PAIRS,
    POINT,
    READINGS,
    TEXT_MISSING_WORDS,
    Reading,
)

_DATE_NAME = re.compile(r"(^|[\W_])(data|date|dt|dia|day)([\W_]|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Decision:
    """One reading a column, None for text. `forced` are the columns whose type a person chose."""

    readings: tuple[Reading | None, ...]
    words: tuple[tuple[str, str] | None, ...]
    forced: frozenset[int]
    bad: OnBad | None = None

    def type(self, column: int) -> ColumnType:
        reading = self.readings[column]
        return reading.type if reading else ColumnType.TEXT

    def values(self, raw: pl.DataFrame, columns: Sequence[int]) -> pl.DataFrame:
        """The typed values of rows as they stand in the file; a text that a person asked for
        stays exactly so."""
        if self.bad is OnBad.DROP and (bad := self.bad_cells(raw)) is not None:
            raw = raw.filter(~bad.select(pl.any_horizontal(pl.all())).to_series())
        cells = raw.select(self._cell(i) for i in columns)
        return cells.select(self._value(i).alias(str(i)) for i in columns)

    def bad_cells(self, raw: pl.DataFrame) -> pl.DataFrame | None:
        """Where a cell is no value of the type that a person chose; None without such types."""
        asked = [i for i in sorted(self.forced) if self.readings[i] is not None]
        if not asked:
            return None
        cells = raw.select(self._cell(i) for i in asked)
        return cells.select(
            (pl.col(str(i)).is_not_null() & self._value(i).is_null()).alias(str(i)) for i in asked
        )

    def _cell(self, column: int) -> pl.Expr:
        name = str(column)
        if self.readings[column] is None and column in self.forced:
            return pl.when(pl.col(name) != "").then(pl.col(name)).alias(name)
        words = MISSING_WORDS if self.readings[column] else TEXT_MISSING_WORDS
        stripped = pl.col(name).str.strip_chars()
        return pl.when(~stripped.is_in(words)).then(stripped).alias(name)

    def _value(self, column: int) -> pl.Expr:
        reading = self.readings[column]
        return reading.parse(pl.col(str(column))) if reading else pl.col(str(column))


def decide(columns: Sequence[Evidence], names: Sequence[str], options: ReadOptions) -> Decision:
    mark, month_first = file_mark(columns), _month_first(columns)
    chosen = []
    for evidence, name in zip(columns, names, strict=True):
        if evidence.forced is not None:
            chosen.append(best_fit(evidence, {mark: 2, GROUPED[mark]: 2, INTEGER: 3}))
        else:
            chosen.append(_choose(evidence, name, mark, month_first=month_first))
    words = tuple(
        truth_words(e.truths) if r is not None and r.key in (BOOLEAN, LETTERS) else None
        for e, r in zip(columns, chosen, strict=True)
    )
    forced = frozenset(i for i, e in enumerate(columns) if e.forced is not None)
    return Decision(tuple(chosen), words, forced, options.bad)


def _choose(evidence: Evidence, name: str, mark: str, *, month_first: bool) -> Reading | None:
    """The first reading in their order that took every cell; among decimals, the file's mark."""
    if evidence.filled == 0:
        return None
    alive = [k for k in evidence.alive if k != DIGITS]
    if COMPACT in alive and _DATE_NAME.search(name):
        return READINGS[COMPACT]
    if LETTERS in alive and tuple(sorted({w.lower() for w in evidence.truths})) not in PAIRS:
        alive.remove(LETTERS)
    if INTEGER not in alive and (POINT in alive or COMMA in alive):
        decimal = mark if mark in alive else (POINT if POINT in alive else COMMA)
        whole = GROUPED[decimal]
        return READINGS[whole if whole in alive else decimal]
    if evidence.is_dressed:
        return None if mixes_units(evidence) else READINGS[_dressed(evidence, mark)]
    key = next((k for k in READINGS if k in alive), None)
    if key and month_first and (other := key.replace(".dmy", ".mdy")) in alive:
        key = other
    return READINGS[key] if key else None


def mixes_units(evidence: Evidence) -> bool:
    """`US$ 5` beside `R$ 5`, or `5%` beside `5`: no one number means the same in all rows."""
    units = evidence.marks - {""}
    return len(units) > 1 or ("%" in units and "" in evidence.marks)


def _dressed(evidence: Evidence, mark: str) -> str:
    if all(k in evidence.alive for k in DRESSED.values()):
        return DRESSED[COMMA if evidence.marks & {"R$", "BRL"} else mark]
    return next(k for k in DRESSED.values() if k in evidence.alive)


def file_mark(columns: Sequence[Evidence]) -> str:
    """The decimal mark of the columns that leave no doubt; they outvote each other."""
    votes = {POINT: 0, COMMA: 0}
    for evidence in columns:
        plain = [m for m in votes if m in evidence.alive]
        found = plain or [m for m, k in DRESSED.items() if k in evidence.alive]
        if evidence.filled and len(found) == 1:
            votes[found[0]] += 1
    return COMMA if votes[COMMA] > votes[POINT] else POINT


def _month_first(columns: Sequence[Evidence]) -> bool:
    """Whether the dates that leave no doubt have the month first."""
    votes = 0
    for evidence in columns:
        day = any(".dmy" in k for k in evidence.alive)
        month = any(".mdy" in k for k in evidence.alive)
        if evidence.filled and day != month:
            votes += 1 if month else -1
    return votes > 0


def truth_words(written: set[str]) -> tuple[str, str] | None:
    """The file's one word for false and one for true; None for true/false and for a mixture."""
    parsed = pl.DataFrame({"x": sorted(written)}, schema={"x": pl.String}).with_columns(
        FORCED_BOOLEAN.parse(pl.col("x")).alias("truth")
    )
    pair = [parsed.filter(pl.col("truth") == truth)["x"].to_list() for truth in (False, True)]
    if len(pair[0]) != 1 or len(pair[1]) != 1:
        return None
    made = (pair[0][0], pair[1][0])
    return None if made[0].lower() == "false" else made
