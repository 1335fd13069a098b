"""How to read a file of new rows: as the file was read that the model learned from."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from freemlops.domain.dataset import ColumnType
from freemlops.domain.reading import AS_FOUND, DateOrder, ReadOptions


class Learnt:
    """`types` are those of the model's columns, `notes` the codes of what was noted when its
    data was read; none when that is not known."""

    def __init__(self, types: Mapping[str, ColumnType], notes: Collection[str] = ()) -> None:
        self.types = dict(types)
        self.decimal = "," if "number.comma" in notes else "."
        self.order = DateOrder.MDY if "date.american" in notes else DateOrder.DMY

    def options(
        self, found: Mapping[str, ColumnType], asked: Collection[str], *, rest_as_text: bool = False
    ) -> ReadOptions:
        """How to read a file whose columns were found to be of these types.

        What the file itself leaves open is read as the training file was. `rest_as_text` leaves
        the cells of other columns as they were written.
        """
        forced = {
            name: self.types[name]
            for name, type in found.items()
            if name in self.types and not _fits(type, self.types[name])
        }
        if rest_as_text:
            forced |= {n: ColumnType.TEXT for n in found if n not in self.types}
        return replace(
            AS_FOUND,
            types=forced,
            decimal=self.decimal if "decimal" in asked else None,
            date_order=self.order if "date_order" in asked else None,
        )


def _fits(found: ColumnType, wanted: ColumnType) -> bool:
    return found is wanted or (found.is_number and wanted.is_number)
