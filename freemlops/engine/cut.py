"""Cuts rows by a split plan: which rows are held out, and which are the folds of the search."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from freemlops.domain.errors import InvalidError
from freemlops.domain.run import SplitKind
from freemlops.domain.splits import SplitPlan
from freemlops.engine.target import Target

type Rows = NDArray[np.intp]
MAX_STRATA = 10
RARE = 200
"""So many rows of each class are in every part that is drawn."""
EIGHTHS = 8


@dataclass(frozen=True, slots=True)
class Fold:
    """Positions among the development rows."""

    train: Rows
    valid: Rows


@dataclass(frozen=True, slots=True)
class Cut:
    """`develop` and `holdout` are positions among the rows that have a target value.

    Folds are positions within `develop`. A time cut keeps `develop` in time's order.
    """

    develop: Rows
    holdout: Rows
    folds: tuple[Fold, ...]


def cut_rows(plan: SplitPlan, target: Target, by: NDArray[np.float64] | None, seed: int) -> Cut:
    """`by` holds the time or the group's code of each row (NaN goes first, as one group).

    Raises `InvalidError` when a class would be missing from the rows to learn from.
    """
    random = np.random.default_rng(seed)
    count = len(target.y)
    if plan.kind is SplitKind.TIME and by is not None:
        made = _by_time(plan, by, count)
    elif plan.kind is SplitKind.GROUP and by is not None:
        made = _by_group(plan, by, random)
    else:
        made = _at_random(plan, _strata(target), random)
    if target.class_count and len(np.unique(target.y[made.develop])) < 2:
        raise InvalidError(
            "After the split, the rows to learn from hold one class of “{column}” only. "
            "Choose another split.",
            column=target.name,
        )
    return made


def thinned(cut: Cut, target: Target, most: int | None, seed: int) -> Cut:
    """The cut with `most` of its development rows, drawn at random; nothing changes sides.

    All of them for None.
    """
    if most is None or most >= len(cut.develop):
        return cut
    kept = drawn(target.y[cut.develop], target.class_count, most, seed)
    place = np.full(len(cut.develop), -1, np.intp)
    place[kept] = np.arange(len(kept))

    def there(rows: Rows) -> Rows:
        found = place[rows]
        return found[found >= 0]

    folds = tuple(Fold(there(f.train), there(f.valid)) for f in cut.folds)
    return Cut(cut.develop[kept], cut.holdout, folds)


def eighths(plan: SplitPlan, target: Target, by: NDArray[np.float64] | None, seed: int) -> Rows:
    """The eighth, 0 to 7, to which each row of `target` belongs; `by` as in `cut_rows`.

    The first few eighths are a smaller table of the same kind: classes have their shares in each,
    groups stay whole, and of rows in time's order the latest come first.
    """
    random, count = np.random.default_rng(seed), len(target.y)
    if plan.kind is SplitKind.TIME:
        return np.asarray(np.arange(count)[::-1] * EIGHTHS // count, np.intp)
    if plan.kind is SplitKind.GROUP and by is not None:
        _, group = np.unique(by, return_inverse=True)
        names = np.arange(int(group.max()) + 1)
        return _fill(group, names, EIGHTHS, random)[group]
    return _deal(_strata(target), EIGHTHS, random)


def drawn(y: NDArray[Any], classes: int, most: int, seed: int) -> Rows:
    """Places of `most` of the rows in their order, drawn at random.

    Of each class the first `RARE` come before all others: a rare one comes along whole.
    """
    order = np.random.default_rng(seed).permutation(len(y))
    if classes:
        shuffled = np.asarray(y)[order]
        is_first = np.zeros(len(y), bool)
        for label in range(classes):
            is_first[np.flatnonzero(shuffled == label)[:RARE]] = True
        order = np.concatenate([order[is_first], order[~is_first]])
    return np.sort(order[:most]).astype(np.intp)


def _strata(target: Target) -> NDArray[np.int64]:
    """Classes, or tenths of the target's range of ranks: both parts get their share of each."""
    if target.class_count:
        return np.asarray(target.y, np.int64)
    bins = max(1, min(MAX_STRATA, len(target.y) // 20))
    ranks = np.argsort(np.argsort(target.y, kind="stable"), kind="stable")
    return np.asarray(ranks * bins // len(target.y), np.int64)


def _deal(strata: NDArray[np.int64], hands: int, random: np.random.Generator) -> Rows:
    """Give each row one of `hands` numbers, so that every stratum is shared out evenly."""
    order = random.permutation(len(strata))
    order = order[np.argsort(strata[order], kind="stable")]
    dealt = np.empty(len(strata), np.intp)
    dealt[order] = np.arange(len(strata)) % hands
    return dealt


def _at_random(plan: SplitPlan, strata: NDArray[np.int64], random: np.random.Generator) -> Cut:
    hands = round(1 / plan.holdout_share)
    held = _deal(strata, hands, random) == hands - 1
    _, inverse, counts = np.unique(strata, return_inverse=True, return_counts=True)
    held &= counts[inverse] > 1  # the only row of a class is for learning
    develop, holdout = np.flatnonzero(~held), np.flatnonzero(held)
    hands = max(plan.folds, 2) if plan.folds > 1 else 5
    dealt = [_deal(strata[develop], hands, random) for _ in range(plan.repeats)]
    return Cut(develop, holdout, tuple(f for d in dealt for f in _folds(d, plan.folds)))


def _by_group(plan: SplitPlan, by: NDArray[np.float64], random: np.random.Generator) -> Cut:
    _, group = np.unique(by, return_inverse=True)
    hands = round(1 / plan.holdout_share)
    groups = int(group.max()) + 1
    if groups < 3:
        raise InvalidError("There are too few different groups to split by.")
    held = _fill(group, np.arange(groups), min(hands, groups), random)[group] == 0
    develop, holdout = np.flatnonzero(~held), np.flatnonzero(held)
    present, inner = np.unique(group[develop], return_inverse=True)
    hands = min(len(present), plan.folds if plan.folds > 1 else 5)
    dealt = _fill(inner, np.arange(len(present)), hands, random)[inner]
    return Cut(develop, holdout, _folds(dealt, min(plan.folds, hands)))


def _fill(group: Rows, names: Rows, hands: int, random: np.random.Generator) -> Rows:
    """A hand for each group: the largest first, each to the hand with the fewest rows."""
    sizes = np.bincount(group, minlength=len(names))
    order = random.permutation(len(names))
    order = order[np.argsort(-sizes[order], kind="stable")]
    load = np.zeros(hands)
    given = np.empty(len(names), np.intp)
    for name in order:
        given[name] = int(np.argmin(load))
        load[given[name]] += sizes[name]
    return given


def _by_time(plan: SplitPlan, by: NDArray[np.float64], count: int) -> Cut:
    order = np.argsort(np.nan_to_num(by, nan=-np.inf), kind="stable").astype(np.intp)
    develop, holdout = np.split(order, [count - max(1, round(count * plan.holdout_share))])
    places = np.arange(len(develop), dtype=np.intp)
    parts = np.array_split(places, plan.folds + 2 if plan.folds > 1 else 5)
    last = parts[-plan.folds :]
    return Cut(develop, holdout, tuple(Fold(places[: v[0]], v) for v in last))


def _folds(dealt: Rows, folds: int) -> tuple[Fold, ...]:
    return tuple(Fold(np.flatnonzero(dealt != k), np.flatnonzero(dealt == k)) for k in range(folds))
