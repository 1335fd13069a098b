"""What differs between two versions of a dataset."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from freemlops.domain.dataset import Column, ColumnType, DatasetVersion
from freemlops.domain.naming import named_identifier

SHIFTED: Final = 0.1
FAR_SHIFTED: Final = 0.25
_LEAST_SHARE: Final = 1e-4


class ChangeKind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    RETYPED = "retyped"


class ShiftLevel(StrEnum):
    NONE = "none"
    SOME = "some"
    LARGE = "large"


@dataclass(frozen=True, slots=True)
class ColumnChange:
    """`before` and `after` are types; None where the column is not there."""

    name: str
    kind: ChangeKind
    before: ColumnType | None
    after: ColumnType | None


@dataclass(frozen=True, slots=True)
class Shift:
    """How far the values of a column moved, see `stability_index`; missing counts as a value."""

    column: str
    index: float
    level: ShiftLevel
    missing_before: int
    missing_after: int


@dataclass(frozen=True, slots=True)
class CellChange:
    """How many rows have another value in `column`, with some of them: key, before, after."""

    column: str
    count: int
    examples: tuple[tuple[Any, Any, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class RowChanges:
    """Rows compared by `key`, or as wholes when it is None; only columns of both versions count.

    Without a key nothing is `changed`: such a row is one that went and one that came. `cells` are
    the columns that changed, most changed first.
    """

    key: str | None
    added: int
    removed: int
    changed: int
    same: int
    cells: tuple[CellChange, ...] = ()
    added_rows: tuple[Mapping[str, Any], ...] = ()
    removed_rows: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Diff:
    """From `before` to `after`. `shifts` are of the columns of both, furthest first."""

    before: DatasetVersion
    after: DatasetVersion
    columns: tuple[ColumnChange, ...]
    shifts: tuple[Shift, ...]
    rows: RowChanges


def column_changes(before: Sequence[Column], after: Sequence[Column]) -> tuple[ColumnChange, ...]:
    """What came, went or holds another type, in the order of the columns."""
    old, new = {c.name: c.type for c in before}, {c.name: c.type for c in after}
    found = [
        ColumnChange(n, ChangeKind.REMOVED if n not in new else ChangeKind.RETYPED, t, new.get(n))
        for n, t in old.items()
        if new.get(n) is not t
    ]
    found += [ColumnChange(n, ChangeKind.ADDED, None, t) for n, t in new.items() if n not in old]
    return tuple(found)


def common_columns(before: Sequence[Column], after: Sequence[Column]) -> list[Column]:
    """The columns of `after` that `before` has too, with the same type."""
    old = {c.name: c.type for c in before}
    return [c for c in after if old.get(c.name) is c.type]


def key_columns(before: DatasetVersion, after: DatasetVersion) -> list[str]:
    """Columns that name each row in both versions; those that are called so go first."""
    old = {c.name: c for c in before.columns}
    fit = [
        c
        for c in common_columns(before.columns, after.columns)
        if c.type in (ColumnType.TEXT, ColumnType.INTEGER)
        and _unique(c, after.rows)
        and _unique(old[c.name], before.rows)
    ]
    return [c.name for c in sorted(fit, key=lambda c: not named_identifier(c.name))]


def _unique(column: Column, rows: int) -> bool:
    return column.missing == 0 and column.distinct == rows > 0


def stability_index(before: Sequence[int], after: Sequence[int]) -> tuple[float, ShiftLevel]:
    """The population stability index of two counts over the same bins, and what it means.

    Sum of (q - p) ln(q / p) over the shares; from 0.1 some, from 0.25 a large shift (Siddiqi,
    Credit Risk Scorecards, 2006). Chance alone gives (bins - 1)(1/n + 1/m) on average; twice
    that is taken off before judging, so that small tables raise no alarm. Raises `ValueError` for
    counts of different length.
    """
    n, m = sum(before), sum(after)
    if not n or not m:
        return 0.0, ShiftLevel.NONE
    index = 0.0
    for old, new in zip(before, after, strict=True):
        p, q = max(old / n, _LEAST_SHARE), max(new / m, _LEAST_SHARE)
        index += (q - p) * math.log(q / p)
    used = sum(1 for old, new in zip(before, after, strict=True) if old or new)
    beyond = index - 2 * max(0, used - 1) * (1 / n + 1 / m)
    if beyond >= FAR_SHIFTED:
        return index, ShiftLevel.LARGE
    return index, ShiftLevel.SOME if beyond >= SHIFTED else ShiftLevel.NONE
