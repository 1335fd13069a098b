"""Cells that are no value of the type that a person chose for their column."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence

import polars as pl

from freemlops.domain.dataset import ColumnType, Note
from freemlops.domain.errors import Detail, UnreadableFileError
from freemlops.domain.reading import OnBad
from freemlops.domain.words import N_, Message, say
from freemlops.engine.ingest.decision import Decision
from freemlops.engine.ingest.layout import Layout
from freemlops.engine.ingest.rejects import Rejects
from freemlops.engine.ingest.repair import Record, Uneven, judge, records
from freemlops.engine.ingest.strings import Strings

MOST_DETAILS = 20
MOST_SHOWN_CHARS = 40
_EXPECTED = {
    ColumnType.INTEGER: N_("“{cell}” is no whole number."),
    ColumnType.DECIMAL: N_("“{cell}” is no number."),
    ColumnType.BOOLEAN: N_("“{cell}” is neither yes nor no."),
    ColumnType.DATE: N_("“{cell}” is no date."),
    ColumnType.DATETIME: N_("“{cell}” is no date with a time."),
}


class Misfits:
    """Their records and columns by number, in the order of the file; eight bytes and two each."""

    def __init__(self, strings: Strings, decision: Decision) -> None:
        self._records, self._columns = array("q"), array("H")
        self._decision = decision
        done = 0
        for batch in strings:
            bad = decision.bad_cells(batch)
            if bad is None:
                return
            self._collect(bad, done)
            done += batch.height

    def _collect(self, bad: pl.DataFrame, done: int) -> None:
        wrong = bad.with_row_index("row").unpivot(index="row").filter(pl.col("value"))
        for row, column in wrong.sort("row", maintain_order=True).select("row", "variable").rows():
            self._records.append(done + row)
            self._columns.append(int(column))

    def __len__(self) -> int:
        return len(self._records)

    def settle(self, original: Strings, rejects: Rejects, bad: OnBad | None) -> list[Note]:
        """Refuse them, or keep what they were in `rejects`; `original` is the file as it came."""
        if not len(self):
            return []
        layout = original.layout
        names = layout.names
        if bad in (None, OnBad.REFUSE):
            raise self._refusal(self._found(original), names)
        rejects.add(
            (record.line, names[column], "does not fit the type", record.text)
            for record, column in self._found(original, drop=bad is OnBad.DROP)
        )
        if bad is OnBad.DROP:
            message = say(
                "Lines left out because a cell did not fit: {count}.", count=self._lines()
            )
        else:
            message = say("Cells made missing because they did not fit: {count}.", count=len(self))
        return [Note("misfits", message)]

    def _lines(self) -> int:
        return len(set(self._records))

    def _found(self, original: Strings, *, drop: bool = False) -> Iterator[tuple[Record, int]]:
        i, count = 0, -1
        for record in records(original.path, original.layout, rescue=drop):
            if drop and _is_uneven(record, original.layout):
                continue
            count += 1
            while i < len(self) and self._records[i] == count:
                yield record, self._columns[i]
                i += 1
            if i == len(self):
                return

    def _refusal(
        self, found: Iterator[tuple[Record, int]], names: Sequence[str]
    ) -> UnreadableFileError:
        details: list[Detail] = []
        for record, column in found:
            if len(details) == MOST_DETAILS:
                break
            cell = record.fields[column] if column < len(record.fields) else ""
            shown = cell[:MOST_SHOWN_CHARS] + ("…" if len(cell) > MOST_SHOWN_CHARS else "")
            message = Message(_EXPECTED[self._decision.type(column)], {"cell": shown})
            details.append(Detail(message, column=names[column], line=record.line))
        return UnreadableFileError(
            "Cells do not fit the types you chose: {count}. Correct them, choose text for these "
            "columns, leave their lines out, or make these cells missing.",
            details=details,
            count=len(self),
        )


def _is_uneven(record: Record, layout: Layout) -> bool:
    return judge(record, len(layout.names), Uneven(), Uneven()) is not None
