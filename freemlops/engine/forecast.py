"""How long the end of a run will take, judged by what its beginning took."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from math import inf

from freemlops.engine.board import Board
from freemlops.engine.deadline import SPARE
from freemlops.engine.entry import Entry
from freemlops.engine.trial import Tried
from freemlops.engine.workspace import Workspace

MORE_ROWS = 1.4
"""A fit on all the rows takes this much longer than one on the rows of a fold."""
ALL_ROWS = 1.25
"""The holdout comes back for the refit: so much longer than a fit on the development rows."""
OVERHEAD_S = 0.4
LARGER = 1.5
"""A tuned model may be that much larger than the default, and so is its export."""
UNKNOWN_S = 0.5
HEADROOM = 1.3
"""More rows cost more than in proportion, on a machine that others use too."""
WORTH = 1.5
ALIKE = {"xgboost": "lightgbm", "extra_trees": "random_forest"}
MOST_RESERVED = 0.4
LEAST_RESERVED = 0.04
LEARNING_SHARE = 0.03
"""The most of a budget that the learning curve may take."""
LESS_ROWS = 0.875
"""Its fits together, on an eighth, a quarter and half of the rows, by one on all of them."""


def fit_seconds(tried: Tried) -> float:
    """To fit a trial's settings on all development rows."""
    return tried.fit_s * MORE_ROWS


def export_seconds(board: Board, family: str) -> float:
    """To write and prove a model of `family`, by the exports that there have been."""
    for name in (family, ALIKE.get(family, family)):
        took = [e.export_s for e in board.entries.values() if e.candidate.family == name]
        if took:
            return max(took) * LARGER
    return UNKNOWN_S


def refit_cost(best: Entry) -> float:
    """To fit a candidate on all rows, and to write and prove it."""
    return sum(p.fit_s for p in best.parts) * MORE_ROWS + best.export_s


def affordable_rows(work: Workspace, best: Entry, left_s: float) -> int | None:
    """How many rows the winner can be fitted on in `left_s`: all, part of a large table, or None.

    It must be `WORTH` times what it learned from.
    """
    total = work.source.table.rows
    if not work.is_part and best.rows == len(work.y):
        return total if refit_cost(best) <= left_s else None
    fits = sum(p.fit_s for p in best.parts) * total / best.rows
    each = (fits + work.prepared_s * work.more_rows) * HEADROOM / total
    rows = int((left_s - best.export_s * LARGER) / each)
    if rows >= total:
        return total
    return rows if rows >= WORTH * best.rows else None


def learning_seconds(budget_s: float, fits_s: float = inf) -> float:
    """What the learning curve may take, when fits on all rows take `fits_s`."""
    return min(LEARNING_SHARE * budget_s, LESS_ROWS * fits_s)


def reserve(
    board: Board,
    leaders: Sequence[Tried],
    members: Sequence[Tried],
    built: Collection[Tried],
    more: float = 1.0,
) -> float:
    """Seconds that the end will take: the mixture of `members`, each family's best, the refit.

    `built` are the trials that are fitted on the development rows already. There are `more` times
    as many rows to learn from as the search sees.
    """
    mixture = sum(fit_seconds(t) for t in members if t not in built)
    export = sum(export_seconds(board, t.family) for t in members)
    known = {*members, *built}
    others = [t for t in leaders if t not in known]
    lesser = sum(fit_seconds(t) + export_seconds(board, t.family) for t in others)
    again = sum(fit_seconds(t) for t in members) * ALL_ROWS * more
    return mixture + export + lesser + again + export


def search_ends(budget_s: float, wanted_s: float) -> float:
    """Seconds from the click at which the search must be over."""
    wanted = wanted_s + OVERHEAD_S + SPARE * budget_s
    return budget_s - min(MOST_RESERVED * budget_s, max(LEAST_RESERVED * budget_s, wanted))
