"""The winner's settings once more on fewer rows: would more rows help?"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from freemlops.domain.learning import LearningCurve, LearningPoint
from freemlops.domain.metric import METRICS
from freemlops.domain.ranking import p_better
from freemlops.domain.run import EventKind, Score
from freemlops.domain.words import say
from freemlops.engine.board import Board
from freemlops.engine.cut import EIGHTHS, eighths
from freemlops.engine.deadline import Deadline
from freemlops.engine.entry import Entry
from freemlops.engine.evaluate import Floats
from freemlops.engine.families import FAMILIES
from freemlops.engine.forecast import HEADROOM, learning_seconds, refit_cost
from freemlops.engine.preprocess.preparation import fit_transform
from freemlops.engine.reporter import OUT_OF_TIME, Halted, Reporter, fields
from freemlops.engine.workspace import Workspace

SHARES = (4, 2, 1)
"""Eighths of the rows, each point twice the one below; the half first, for it says the most."""
LEAST_ROWS = 30


@dataclass(frozen=True, slots=True)
class _Scored:
    rows: int
    score: Score
    spread: Floats


class Learning:
    """Draws the learning curve of the board's best, with a small part of the budget."""

    def __init__(self, workspace: Workspace, board: Board, reporter: Reporter) -> None:
        self._workspace = workspace
        self._board = board
        self._reporter = reporter
        self._deadline = Deadline(reporter)

    def run(self) -> None:
        """Send the curve; nothing when the winner has one already or too few rows for it."""
        best, work = self._board.best, self._workspace
        if best is None or best.candidate.family == "constant" or best.whole:
            return
        own, part = self._own(best), self._parts()
        is_known = best.rows == len(work.y) and np.isfinite(own.score.value)
        if not is_known or not self._is_enough(part < max(SHARES)):
            return
        ends = time.monotonic() + self._seconds(best)
        points = [own]
        for share in SHARES:
            kept = part < share
            cost = (sum(p.fit_s for p in best.parts) + work.prepared_s) * share / EIGHTHS
            if not self._is_enough(kept) or cost * HEADROOM > ends - time.monotonic():
                continue
            try:
                made = self._scored(int(kept.sum()), self._answers(best, kept, ends))
            except Halted as halt:
                if halt.reason != OUT_OF_TIME:
                    raise
                break
            except Exception as error:  # the models are there: no picture of them is no failure
                self._failed(error)
                if len(points) < 2:
                    return
                break
            if np.isfinite(made.score.value):
                points.append(made)
        self._send(best, sorted(points, key=lambda p: p.rows))

    def _seconds(self, best: Entry) -> float:
        """Never those of the refit; of a run with a number of trials the clock decides nothing
        that it need not."""
        spec, rest = self._workspace.job.spec, self._deadline.left() - refit_cost(best)
        return rest if spec.max_trials is not None else min(rest, learning_seconds(spec.budget_s))

    def _parts(self) -> NDArray[np.intp]:
        work = self._workspace
        source, develop = work.source, work.cut.develop
        by = source.by
        target = replace(source.target, y=work.y)
        return eighths(source.split, target, by if by is None else by[develop], work.shape.seed)

    def _is_enough(self, kept: NDArray[np.bool_]) -> bool:
        """Whether these rows are as many as can be learned from, and no class is missing."""
        y, classes = self._workspace.y, self._workspace.shape.classes
        whole = not classes or len(np.unique(y[kept])) == len(np.unique(y))
        return int(kept.sum()) >= LEAST_ROWS and whole

    def _answers(self, best: Entry, kept: NDArray[np.bool_], ends: float) -> Floats:
        """What the winner says of the holdout if it has learned from the `kept` rows only."""
        work, source = self._workspace, self._workspace.source
        rows = work.cut.develop[kept]
        table, goal = source.table.take(rows), source.goal[rows]
        preparation, x = fit_transform(source.inputs, table, goal, work.shape.seed)
        shape = work.shaped(preparation, len(x))
        guard = self._deadline.guard(ends - time.monotonic())
        parts = [
            replace(p, model=FAMILIES[p.family].fit(p.params, x, work.y[kept], shape, guard))
            for p in best.parts
        ]
        model = self._board.assemble(parts, preparation, best.temperature)
        return model.outputs(work.holdout)

    def _own(self, best: Entry) -> _Scored:
        """As it stands on the board."""
        score = best.candidate.holdout[self._workspace.job.spec.metric]
        return _Scored(best.rows, score, self._board.resamples(best.candidate.id))

    def _scored(self, rows: int, made: Floats) -> _Scored:
        score, spread = self._board.judge.by(self._workspace.job.spec.metric, made)
        return _Scored(rows, score, spread)

    def _send(self, best: Entry, scored: list[_Scored]) -> None:
        if len(scored) < 2:
            self._reporter.leave_out(
                say("No time was left to see how good the best model is with fewer rows.")
            )
            return
        metric = self._workspace.job.spec.metric
        points = [LearningPoint(scored[0].rows, scored[0].score)]
        for before, after in pairwise(scored):
            points.append(LearningPoint(after.rows, after.score, self._ahead(before, after)))
        curve = LearningCurve(best.candidate.id, metric, tuple(points))
        self._reporter.send(EventKind.LEARNING, fields(curve))

    def _ahead(self, before: _Scored, after: _Scored) -> float | None:
        if self._board.judge.is_blind:
            return None
        higher = METRICS[self._workspace.job.spec.metric].higher_is_better
        return p_better(after.spread.tolist(), before.spread.tolist(), higher_is_better=higher)

    def _failed(self, error: Exception) -> None:
        self._reporter.leave_out(
            say(
                "How good the best model is with fewer rows could not be seen: {problem}",
                problem=f"{type(error).__name__}: {error}",
            )
        )
