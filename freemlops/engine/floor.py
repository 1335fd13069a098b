"""The floor: simple models in the first seconds, so that a result exists whatever happens."""

from __future__ import annotations

import time

import numpy as np

from freemlops.domain.run import Phase
from freemlops.domain.words import Message, say
from freemlops.engine.board import Board
from freemlops.engine.entry import Built
from freemlops.engine.failure import failed
from freemlops.engine.families import FAMILIES, Guard
from freemlops.engine.reporter import Reporter
from freemlops.engine.workspace import Workspace

LEAST_S = 0.7
"""Even at the smallest budget each model may grow for this long."""


def build_floor(work: Workspace, board: Board, reporter: Reporter) -> None:
    """Fit, score and export each model of the plan's floor; one that fails is left out."""
    allowed = work.plan.shares[Phase.FLOOR.value] * work.job.spec.budget_s
    each = max(LEAST_S, allowed / len(work.plan.floor))
    if work.job.spec.max_trials is not None:
        each = float("inf")  # asked for by number, a run must not depend on the clock
    for name in work.plan.floor:
        if name in board.entries:  # from before the run went on
            continue
        reporter.check()
        family = FAMILIES[name]
        params = family.portfolio(work.shape)[0]
        reporter.log(_words(name, params.get("n_estimators", 0)))
        begun = time.monotonic()
        try:
            guard = Guard(reporter.check, begun + each)
            model = family.fit(params, work.x, work.y, work.shape, guard)
        except Exception as error:  # a library may raise anything; the others still can
            reporter.leave_out(failed(name, error))
            continue
        told = {**params, **_answer(work)} if name == "constant" else params
        board.add(name, [Built(name, told, model, time.monotonic() - begun)])


def _answer(work: Workspace) -> dict[str, str]:
    """The class that the baseline always gives, so that its share can be said in words."""
    if not work.target.classes:
        return {}
    return {"answer": work.target.classes[int(np.bincount(work.y).argmax())]}


def _words(family: str, trees: int) -> Message:
    match family:
        case "constant":
            return say("Always answering the same, as the mark to beat…")
        case "linear":
            return say("Trying a linear model…")
        case "lightgbm":
            return say("Trying boosted trees, {trees} of them…", trees=trees)
        case _:
            return say("Trying a forest of {trees} trees…", trees=trees)
