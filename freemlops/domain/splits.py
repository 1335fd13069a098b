"""How the rows are shared out: the holdout nobody sees, and the folds of the search."""

from __future__ import annotations

import math
from dataclasses import dataclass

from freemlops.domain.run import SplitKind

HOLDOUT_SHARE = 0.2
LARGE_CELLS = 1_500_000
"""Rows x features from which the search looks at one validation part instead of folds."""
MEDIUM_CELLS = 300_000
REPEATED_ROWS = ((1_000, 3), (2_500, 2))
"""Up to so many rows, folds are cut anew this many times: few rows say little at a time…"""
REPEATED_CELLS_PER_SECOND = 1_500
"""…when so many rows x features x repeats fit into a second of budget."""
CELLS_PER_SECOND = 6_000
"""Rows x features for which five folds are affordable in a second of budget."""
MOST_HOLDOUT = 100_000
"""More rows tell nothing new about a model, and to score it on them takes its time."""
SAMPLED_CELLS_PER_SECOND = 100_000
"""Rows x features that a search can learn from in a second of budget, some twenty times over."""
LEAST_SAMPLED = 20_000
"""However many features there are, a sample has so many rows."""
FIRST_CELLS = 600_000
"""Rows x features from which the first simple models are made in a moment."""
LEAST_FIRST = 10_000


@dataclass(frozen=True, slots=True)
class SplitPlan:
    """Counts only. `folds` of 1 means one validation part of `validation_share` of the rows.

    `repeats` is how many times folds are cut, each time otherwise. `sample` is how many of the
    rows to learn from the search sees, `first` how many the first simple models do; None is all.
    """

    kind: SplitKind
    holdout_share: float
    folds: int
    repeats: int = 1
    validation_share: float = 0.2
    sample: int | None = None
    first: int | None = None


def plan_split(
    kind: SplitKind, rows: int, features: int, budget_s: float, rarest_class: int | None
) -> SplitPlan:
    """Choose folds by the size of the data and the time there is.

    `rarest_class` is the number of rows of the smallest class, None for a number. There are
    never more folds than rows of it (and at least two).
    """
    cells = rows * max(1, features)
    if cells > LARGE_CELLS or cells > budget_s * CELLS_PER_SECOND * 8:
        folds = 1
    elif cells > MEDIUM_CELLS or cells > budget_s * CELLS_PER_SECOND:
        folds = 3
    else:
        folds = 5
    if rarest_class is not None and folds > 1:
        folds = max(2, min(folds, rarest_class))
    if kind is SplitKind.TIME:
        folds = min(folds, 3)
    repeats = 1
    if kind is SplitKind.RANDOM and folds == 5:
        wanted = next((r for most, r in REPEATED_ROWS if rows <= most), 1)
        repeats = max(1, min(wanted, int(budget_s * REPEATED_CELLS_PER_SECOND // cells)))
    # a whole number of parts, as rows are dealt into those
    share = min(HOLDOUT_SHARE, 1 / math.ceil(rows / MOST_HOLDOUT))
    develop = rows - round(rows * share)
    sample, first = plan_sample(develop, features, budget_s)
    return SplitPlan(kind, share, folds, repeats, sample=sample, first=first)


def plan_sample(develop: int, features: int, budget_s: float) -> tuple[int | None, int | None]:
    """How many of `develop` rows the search learns from, and the first models; None is all.

    A search on all rows of a large table tries next to nothing in a short time. On a part of them
    it finds the settings, with which the winner is then fitted on all of them.
    """
    features = max(1, features)
    most = max(LEAST_SAMPLED, int(SAMPLED_CELLS_PER_SECOND * budget_s) // features)
    sample = most if develop > most else None
    at_once = max(LEAST_FIRST, FIRST_CELLS // features)
    first = at_once if min(develop, most) > 2 * at_once else None
    return sample, first
