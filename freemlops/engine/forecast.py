"""How long the end of a run will take, judged by what its beginning took."""

from __future__ import annotations

from freemlops.engine.board import Board
from freemlops.engine.pool import Pool
from freemlops.engine.trial import Tried

MORE_ROWS = 1.4
"""A fit on all the rows takes this much longer than one on the rows of a fold."""
LARGER = 1.5
"""A tuned model may be that much larger than the default, and so is its export."""
UNKNOWN_S = 0.5
ALIKE = {"xgboost": "lightgbm", "extra_trees": "random_forest"}
MOST_RESERVED = 0.4
LEAST_RESERVED = 0.04
SPARE = 0.03
"""The part of the budget kept free at the very end, for whatever takes longer than it did."""


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


def reserve(board: Board, pool: Pool, budget_s: float) -> float:
    """Seconds to keep free after the search: each family's best, the mixture, the refit."""
    leaders = pool.leaders()
    fits = sum(fit_seconds(t) for t in leaders)
    exports = sum(export_seconds(board, t.family) for t in leaders)
    best = board.best
    again = sum(p.fit_s for p in best.parts) * MORE_ROWS + best.export_s if best else 0.0
    wanted = 2 * fits + 2 * exports + again + 0.5 + SPARE * budget_s
    return min(MOST_RESERVED * budget_s, max(LEAST_RESERVED * budget_s, wanted))
