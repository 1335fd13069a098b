"""After the search: the mixture and the best of each family, scored and exported."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from freemlops.domain.words import say
from freemlops.engine.board import Board
from freemlops.engine.calibrate import find_temperature, tempered
from freemlops.engine.deadline import Deadline
from freemlops.engine.ensemble import mixture, select
from freemlops.engine.entry import Built, Entry
from freemlops.engine.evaluate import measure, to_score
from freemlops.engine.families import FAMILIES, Guard
from freemlops.engine.forecast import (
    export_seconds,
    fit_seconds,
    learning_seconds,
    refit_cost,
    reserve,
)
from freemlops.engine.pool import Pool
from freemlops.engine.reporter import OUT_OF_TIME, Halted, Reporter
from freemlops.engine.trial import FoldMatrices, Tried, baseline
from freemlops.engine.workspace import Workspace

MOST_MEMBERS = 20
LOOK_EVERY = 0.03
"""How often (of the budget) it is looked who would be in the mixture."""
RESCUE_S = 1.2
"""Asked to stop, the best trial still becomes a candidate if that takes no longer than this."""
MIX_SHARE = 0.45
"""The part of the time left that the mixture may take: its refit takes as long again."""


class Finish:
    """Turns the trials of a search into candidates, never beyond the budget's end.

    `_places` are, fold by fold, places in `_valid` and in any out-of-fold predictions.
    """

    def __init__(
        self,
        workspace: Workspace,
        board: Board,
        reporter: Reporter,
        folds: Sequence[FoldMatrices],
    ) -> None:
        self._folds = folds
        self._valid = np.concatenate([f.y_valid for f in folds])
        ends = np.cumsum([0, *(len(f.y_valid) for f in folds)])
        self._places = [np.arange(a, b) for a, b in pairwise(ends)]
        self._workspace = workspace
        self._board = board
        self._reporter = reporter
        self._deadline = Deadline(reporter)
        self._built: dict[Tried, Built] = {}
        self._members: list[Tried] = []
        self._looked = 0.0

    def needed(self, pool: Pool) -> float:
        """Seconds that the end would take if the search were over now."""
        now = self._reporter.clock.now()
        if now - self._looked >= LOOK_EVERY * self._reporter.clock.budget_s or not self._members:
            self._looked = now
            pairs = self._chosen(pool.best(MOST_MEMBERS))
            self._members = [m for m, _ in pairs]
        missing = [t for t in pool.leaders() if self._same_on_board(t) is None]
        source, cut = self._workspace.source, self._workspace.cut
        more = len(source.whole.develop) / len(cut.develop)
        fits = sum(fit_seconds(m) for m in self._members)
        curve = learning_seconds(self._reporter.clock.budget_s, fits)
        return curve + reserve(self._board, missing, self._members, self._built.keys(), more)

    def _chosen(self, members: Sequence[Tried]) -> list[tuple[Tried, float]]:
        """Those of `members` that the mixture wants, with their weights."""
        if not members:
            return []
        made = [m.out_of_fold for m in members]
        weights = select(made, self._valid, self._workspace.shape.classes)
        return [(m, w) for m, w in zip(members, weights, strict=True) if w > 0]

    def promote(self, tried: Tried) -> None:
        """Put a trial on the board while the search goes on."""
        if self._same_on_board(tried) is None and self._cost(tried) < self._deadline.left() / 4:
            self._add(tried)

    def finalists(self, pool: Pool) -> None:
        """Put the best trial of each family on the board, leaving the refit its time."""
        self._board.set_folds("constant", self._baseline())
        for tried in pool.leaders():
            self._reporter.check()
            best = self._board.best
            rest = refit_cost(best) if best is not None else 0.0
            known = self._same_on_board(tried)
            if known is not None:
                self._board.set_folds(known.candidate.id, tried.scores)
            elif self._cost(tried) > self._deadline.left() - rest:
                self._too_late(tried)
            else:
                self._add(tried)

    def rescue(self, pool: Pool) -> None:
        """Asked to stop: keep the best trial, when that can be done at once."""
        leaders = pool.leaders()
        if not leaders or self._same_on_board(leaders[0]) is not None:
            return
        if self._cost(leaders[0]) <= RESCUE_S:
            self._add(leaders[0], self._deadline.until(time.monotonic() + RESCUE_S))

    def ensemble(self, pool: Pool) -> None:
        """Add the mixture that the out-of-fold predictions ask for, as far as time allows.

        A member for which there is no time is left out before the weights are chosen again.
        """
        for tried in pool.leaders():
            known = self._same_on_board(tried)
            if known is not None and known.parts[0].model is not None:
                self._built[tried] = known.parts[0]
        members = pool.best(MOST_MEMBERS)
        if len(members) < 2:
            return
        while len(members) > 1:
            self._reporter.check()
            used = self._chosen(members)
            missing = [(m, w) for m, w in used if m not in self._built]
            cost = sum(fit_seconds(m) for m, _ in missing)
            cost += sum(export_seconds(self._board, m.family) for m, _ in used)
            if len(used) < 2:
                return
            if cost <= self._deadline.left() * MIX_SHARE:
                self._mix(used)
                return
            if not missing:
                break
            slow = max(missing, key=lambda pair: pair[0].fit_s / pair[1])[0]
            members = [m for m in members if m is not slow]
        self._reporter.leave_out(say("No time was left to mix the best models."))

    def _temperature(self, made: Sequence[NDArray[np.float32]], weights: Sequence[float]) -> float:
        if not self._workspace.shape.is_classification:
            return 1.0
        return find_temperature(mixture(made, weights), self._valid, self._places)

    def _fold_scores(self, made: NDArray[np.float64]) -> tuple[float, ...]:
        metric = self._workspace.job.spec.metric
        return tuple(float(measure(metric, self._valid[p], made[p])[0]) for p in self._places)

    def _baseline(self) -> tuple[float, ...]:
        metric = self._workspace.job.spec.metric
        made = baseline(metric, self._folds, self._workspace.shape.classes)
        return tuple(to_score(metric, v) for v in made)

    def _mix(self, used: Sequence[tuple[Tried, float]]) -> None:
        parts = []
        try:
            for tried, weight in used:
                made = self._built.get(tried) or self._fit(tried, self._deadline.guard())
                parts.append(replace(made, weight=weight))
        except Halted as halt:
            if halt.reason != OUT_OF_TIME:
                raise
            self._reporter.leave_out(say("No time was left to mix the best models."))
            return
        guesses, weights = [t.out_of_fold for t, _ in used], [w for _, w in used]
        temperature = self._temperature(guesses, weights)
        folds = self._fold_scores(tempered(mixture(guesses, weights), temperature))
        self._board.add("ensemble", parts, folds, temperature)

    def _add(self, tried: Tried, guard: Guard | None = None) -> None:
        try:
            made = self._built.get(tried) or self._fit(tried, guard or self._deadline.guard())
        except Halted as halt:
            if halt.reason != OUT_OF_TIME:
                raise
            self._too_late(tried)
            return
        self._board.add(
            tried.family, [made], tried.scores, self._temperature([tried.out_of_fold], [1.0])
        )

    def _fit(self, tried: Tried, guard: Guard) -> Built:
        work = self._workspace
        begun = time.monotonic()
        model = FAMILIES[tried.family].fit(tried.params, work.x, work.y, work.shape, guard)
        took = time.monotonic() - begun
        made = Built(tried.family, tried.params, model, took)
        self._built[tried] = made
        return made

    def _cost(self, tried: Tried) -> float:
        return fit_seconds(tried) + export_seconds(self._board, tried.family)

    def _too_late(self, tried: Tried) -> None:
        self._reporter.leave_out(
            say(
                "The best {family} of the search is not on the board: no time was left.",
                family=tried.family,
            )
        )

    def _same_on_board(self, tried: Tried) -> Entry | None:
        for entry in self._board.entries.values():
            part = entry.parts[0]
            same = part.family == tried.family and dict(part.params) == dict(tried.params)
            if same and len(entry.parts) == 1 and entry.rows == len(self._workspace.y):
                return entry
        return None
