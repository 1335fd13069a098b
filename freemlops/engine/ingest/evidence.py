"""What is known of each column after looking at all of its cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from freemlops.domain.dataset import ColumnType
from freemlops.domain.reading import ReadOptions
from freemlops.engine.ingest.dressed import MARK
from freemlops.engine.ingest.readings import (
    BOOLEAN,
    COMMA,
    DRESSED,
    INTEGER,
    LETTERS,
    MISSING_WORDS,
    POINT,
    READINGS,
    Reading,
    allowed,
    cell,
    for_type,
)

FIRST_CELLS = 100_000
FEWEST_ROWS = 20
"""Most readings fail within a few rows; what survives those is tried on everything."""
FEW_WORDS = 5
MOST_TRUTHS = 50
MOST_KEPT = 3
"""A column that could still be read in more ways than this is not kept parsed."""
_ALL = tuple(READINGS.items())


@dataclass(slots=True)
class Evidence:
    """`alive` are the readings that took every cell so far. `fits` counts, for a type that a
    person chose, the cells that each of its readings took."""

    alive: list[str]
    filled: int = 0
    words: set[str] = field(default_factory=set)
    truths: set[str] = field(default_factory=set)
    marks: set[str] = field(default_factory=set)
    pointed: bool = False
    forced: tuple[Reading, ...] | None = None
    fits: dict[str, int] = field(default_factory=dict)

    def asked(self) -> list[str]:
        """The readings that can still fail by themselves."""
        return [k for k in self.alive if not set(READINGS[k].wider_than) & set(self.alive)]

    @property
    def is_dressed(self) -> bool:
        """Only numbers with a currency, a percent sign or the like."""
        plain = POINT in self.alive or COMMA in self.alive
        return not plain and any(k in self.alive for k in DRESSED.values())


class Looker:
    """Takes every batch of stripped cells once."""

    def __init__(self, names: Sequence[str], options: ReadOptions) -> None:
        keys = allowed(options.decimal, options.date_order)
        self.columns = [Evidence(list(keys)) for _ in names]
        for evidence, name in zip(self.columns, names, strict=True):
            type = options.types.get(name)
            if type is not None:
                evidence.alive = []
                evidence.forced = _forced(type, options)
        self.rows = 0
        self.parsed: dict[tuple[int, str], pl.Series] = {}
        """Of the last batch: what a reading made of a column, by place and key."""

    def look(self, stripped: pl.DataFrame) -> None:
        if not stripped.height:
            return
        # once, and not inside each reading: an eager select shares nothing between expressions
        cells = stripped.select(cell(name) for name in stripped.columns)
        if self.rows == 0:
            self._screen(cells.head(max(FEWEST_ROWS, FIRST_CELLS // cells.width)))
        self._try(cells)
        self.rows += stripped.height
        self._gather_words(stripped, cells)
        self._gather_marks(cells)

    def _screen(self, cells: pl.DataFrame) -> None:
        """Every reading on the first rows of all columns at once, stacked into one.

        Column by column, 5,000 columns took half a minute: most of it to build expressions.
        """
        stacked = pl.concat([s.alias("x") for s in cells]).to_frame()
        read = stacked.select(r.parse(pl.col("x")).is_not_null().alias(k) for k, r in _ALL)
        column = pl.Series("column", range(cells.width)).repeat_by(cells.height).explode()
        counts = read.group_by(column, maintain_order=True).sum()
        filled = cells.select(pl.all().count()).row(0)
        for i, evidence in enumerate(self.columns):
            found = counts.row(i, named=True)
            evidence.alive = [k for k in evidence.alive if found[k] == filled[i]]

    def _try(self, cells: pl.DataFrame) -> None:
        asked = [e.asked() for e in self.columns]
        filled = cells.select(pl.all().count()).row(0)
        kept = {(i, k) for i, keys in enumerate(asked) if len(keys) <= MOST_KEPT for k in keys}
        parsed = cells.select(
            READINGS[k].parse(pl.col(str(i))).alias(f"{i}:{k}") for i, k in sorted(kept)
        )
        self.parsed = {(i, k): parsed.get_column(f"{i}:{k}") for i, k in kept}
        exprs = [
            READINGS[k].parse(pl.col(str(i))).count().alias(f"{i}:{k}")
            for i, keys in enumerate(asked)
            for k in keys
            if (i, k) not in kept
        ]
        exprs += [
            r.parse(pl.col(str(i))).count().alias(f"{i}:{r.key}")
            for i, e in enumerate(self.columns)
            for r in e.forced or ()
        ]
        counts = cells.select(exprs).row(0, named=True) if exprs else {}
        counts |= {f"{i}:{k}": s.len() - s.null_count() for (i, k), s in self.parsed.items()}
        for i, evidence in enumerate(self.columns):
            evidence.filled += filled[i]
            failed = {k for k in asked[i] if counts[f"{i}:{k}"] < filled[i]}
            if failed:
                _fail(evidence, failed, cells.get_column(str(i)), filled[i])
            for r in evidence.forced or ():
                evidence.fits[r.key] = evidence.fits.get(r.key, 0) + counts[f"{i}:{r.key}"]

    def _gather_words(self, stripped: pl.DataFrame, cells: pl.DataFrame) -> None:
        """Which words stood for missing values, a few of each column."""
        written = stripped.select((pl.all() != "").sum()).row(0)
        filled = cells.select(pl.all().count()).row(0)
        for i, evidence in enumerate(self.columns):
            if written[i] > filled[i] and len(evidence.words) < FEW_WORDS:
                text = stripped.get_column(str(i))
                found = text.filter(text.is_in(MISSING_WORDS) & (text != "")).unique()
                evidence.words |= set(found.head(FEW_WORDS))
            is_truth = BOOLEAN in evidence.alive or LETTERS in evidence.alive
            if is_truth and len(evidence.truths) < MOST_TRUTHS:
                evidence.truths |= set(cells.get_column(str(i)).drop_nulls().unique())

    def _gather_marks(self, cells: pl.DataFrame) -> None:
        """Currencies and percent signs, and whether a point or comma is there at all."""
        for i, evidence in enumerate(self.columns):
            both = POINT in evidence.alive and COMMA in evidence.alive
            if evidence.is_dressed:
                text = cells.get_column(str(i)).drop_nulls()
                found = text.to_frame("x").select(pl.col("x").str.extract(MARK, 1).unique())
                evidence.marks |= {m or "" for m in found.to_series()}
                evidence.pointed = evidence.pointed or bool(text.str.contains("[.,]").any())
            elif both and INTEGER not in evidence.alive and not evidence.pointed:
                evidence.pointed = bool(cells.get_column(str(i)).str.contains("[.,]").any())
            if POINT in evidence.alive or COMMA in evidence.alive:
                evidence.marks.add("")


def _forced(type: ColumnType, options: ReadOptions) -> tuple[Reading, ...]:
    return tuple(for_type(type, options.decimal, options.date_order))


def _fail(evidence: Evidence, failed: set[str], cells: pl.Series, filled: int) -> None:
    """Drop what failed, and try on this batch what that had made unnecessary."""
    tried = set(evidence.asked())
    evidence.alive = [k for k in evidence.alive if k not in failed]
    while waiting := [k for k in evidence.asked() if k not in tried]:
        for key in waiting:
            tried.add(key)
            count = cells.to_frame("x").select(READINGS[key].parse(pl.col("x")).count())
            if count.item() < filled:
                evidence.alive.remove(key)


def best_fit(evidence: Evidence, preferred: Mapping[str, int]) -> Reading | None:
    """The reading of the chosen type that takes most cells; None for text."""
    if not evidence.forced:
        return None
    return max(
        evidence.forced,
        key=lambda r: (evidence.fits.get(r.key, 0), preferred.get(r.key, 0)),
    )
