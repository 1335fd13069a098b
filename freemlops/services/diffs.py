"""What differs between two versions of a dataset."""

from __future__ import annotations

from freemlops.domain.dataset import Column, ColumnType, DatasetVersion
from freemlops.domain.diff import (
    Diff,
    Shift,
    ShiftLevel,
    column_changes,
    common_columns,
    key_columns,
    stability_index,
)
from freemlops.domain.errors import InvalidError
from freemlops.services.profiles import ProfileService
from freemlops.warehouse.warehouse import Warehouse

MOST_SHIFTS = 300
"""Columns whose values are compared; of a wider table only the first ones."""


class DiffService:
    """Blocking and thread-safe; may raise `NotFoundError`."""

    def __init__(self, warehouse: Warehouse, profiles: ProfileService) -> None:
        self._datasets = warehouse.datasets
        self._store = warehouse.diffs
        self._profiles = profiles

    def diff(self, dataset: str, before: int, after: int, key: str | None = None) -> Diff:
        """From version `before` to `after`; rows are matched by `key`, by default by a column
        that names each row in both, and as wholes where there is none.

        Raises `InvalidError` when the key is no column of both or does not name each row.
        """
        old, new = self._datasets.get(dataset, before), self._datasets.get(dataset, after)
        shared = common_columns(old.columns, new.columns)
        if key is not None and key not in {c.name for c in shared}:
            raise InvalidError(
                "“{column}” is no column of the same type in both versions.", column=key
            )
        key = key or next(iter(key_columns(old, new)), None)
        return Diff(
            old,
            new,
            column_changes(old.columns, new.columns),
            self._shifts(old, new, shared[:MOST_SHIFTS]),
            self._store.rows(dataset, before, after, shared, key),
        )

    def _shifts(
        self, old: DatasetVersion, new: DatasetVersion, shared: list[Column]
    ) -> tuple[Shift, ...]:
        names = {c.name for c in shared}
        profiles = [
            p for p in self._profiles.get(old.dataset, old.version).columns if p.name in names
        ]
        bins_old = self._store.bins(old.dataset, old.version, profiles)
        bins_new = self._store.bins(new.dataset, new.version, profiles)
        naming, found = set(key_columns(old, new)), []
        for p in profiles:
            index, level = stability_index(bins_old[p.name], bins_new[p.name])
            if p.name in naming or (p.type is ColumnType.TEXT and p.distinct >= 0.9 * old.rows):
                index, level = 0.0, ShiftLevel.NONE  # names of rows come and go
            found.append(
                Shift(p.name, round(index, 4), level, bins_old[p.name][-1], bins_new[p.name][-1])
            )
        return tuple(sorted(found, key=lambda s: -s.index))
