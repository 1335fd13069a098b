"""The end of a run: the best of each family, their mixture, and the winner on all rows."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np

from freemlops.domain.errors import ExportError
from freemlops.domain.run import EventKind, Phase
from freemlops.domain.words import say
from freemlops.engine.board import Board, Built, Entry
from freemlops.engine.ensemble import select
from freemlops.engine.export.pipeline import TrainedModel
from freemlops.engine.families import FAMILIES, Guard
from freemlops.engine.families.base import Matrix
from freemlops.engine.flaml_adapter import FoldMatrices, Tried
from freemlops.engine.forecast import MORE_ROWS, SPARE, export_seconds, fit_seconds
from freemlops.engine.pool import Pool
from freemlops.engine.reporter import OUT_OF_TIME, Halted, Reporter
from freemlops.engine.workspace import Workspace

MOST_MEMBERS = 12
RESCUE_S = 1.2
"""Asked to stop, the best trial still becomes a candidate if that takes no longer than this."""
REFIT_SHARE = 0.6
"""The part of the time left that the mixture may take: the refit comes after it."""


class Finish:
    """Turns the trials of a search into candidates, never beyond the budget's end."""

    def __init__(self, workspace: Workspace, board: Board, reporter: Reporter) -> None:
        self._workspace = workspace
        self._board = board
        self._reporter = reporter
        self._built: dict[int, Built] = {}

    def _left(self) -> float:
        clock = self._reporter.clock
        return clock.left() - SPARE * clock.budget_s

    def promote(self, tried: Tried) -> None:
        """Put a trial on the board while the search goes on."""
        if self._same_on_board(tried) is None and self._cost(tried) < self._left() / 4:
            self._add(tried)

    def finalists(self, pool: Pool) -> None:
        """Fit, score and export the best trial of each family, the most promising first.

        The lesser families leave the time that the mixture and the refit will need.
        """
        leaders = pool.leaders()
        for place, tried in enumerate(leaders):
            self._reporter.check()
            rest = 2.5 * self._cost(leaders[0]) if place else 0.0
            known = self._same_on_board(tried)
            if known is not None:
                self._built[id(tried)] = known
            elif self._cost(tried) > self._left() - rest:
                self._too_late(tried)
            else:
                self._add(tried)

    def rescue(self, pool: Pool) -> None:
        """Asked to stop: keep the best trial, when that can be done at once."""
        leaders = pool.leaders()
        if not leaders or self._same_on_board(leaders[0]) is not None:
            return
        if self._cost(leaders[0]) <= RESCUE_S:
            ends = time.monotonic() + RESCUE_S
            self._add(leaders[0], Guard(lambda: _until(ends)))

    def ensemble(self, pool: Pool, folds: Sequence[FoldMatrices]) -> None:
        """Add the mixture that the out-of-fold predictions ask for, as far as time allows.

        A member for which there is no time is left out before the weights are chosen again.
        """
        y = np.concatenate([f.y_valid for f in folds])
        members = pool.best(MOST_MEMBERS)
        if len(members) < 2:
            return
        while len(members) > 1:
            self._reporter.check()
            weights = select([m.out_of_fold for m in members], y, self._workspace.shape.classes)
            used = [(m, w) for m, w in zip(members, weights, strict=True) if w > 0]
            missing = [(m, w) for m, w in used if id(m) not in self._built]
            cost = sum(fit_seconds(m) for m, _ in missing)
            cost += sum(export_seconds(self._board, m.family) for m, _ in used)
            if len(used) < 2:
                return
            if cost <= self._left() * REFIT_SHARE:
                self._mix(used)
                return
            if not missing:
                break
            slow = max(missing, key=lambda pair: pair[0].fit_s / pair[1])[0]
            members = [m for m in members if m is not slow]
        self._reporter.leave_out(say("No time was left to mix the best models."))

    def refit(self) -> None:
        """Fit the winner on all rows, holdout included; its figures stay those from before."""
        best = self._board.best
        if best is None or best.candidate.family == "constant":
            return
        cost = sum(p.fit_s for p in best.parts) * MORE_ROWS + best.export_s
        try:
            if cost > self._left():
                raise Halted(OUT_OF_TIME)
            self._reporter.log(say("Training the winner again, on all rows…"))
            preparation, x = self._workspace.everything()
            parts = [self._again(p, x) for p in best.parts]
        except Halted as halt:
            if halt.reason != OUT_OF_TIME:
                raise
            self._reporter.leave_out(
                say("The winner was not trained again on all rows: no time was left.")
            )
            return
        self._publish(best, self._board.assemble(parts, preparation))

    def _publish(self, best: Entry, model: TrainedModel) -> None:
        self._reporter.phase(Phase.EXPORT)
        name = best.candidate.id
        try:
            exported = self._board.write(model, f"{name}-all-rows")
        except ExportError as error:
            self._board.refuse(best.candidate.family, error)
            return
        self._reporter.send(
            EventKind.BEST,
            {
                "candidate": name,
                "tied": list(self._board.tied),
                "artifacts": exported.artifacts,
                "size_bytes": exported.size_bytes,
                "parity": exported.parity.worst,
                "parity_rows": exported.parity.rows,
            },
        )
        self._reporter.note(
            say(
                "The winner was trained again on all rows. Its figures on the board are from "
                "before that, measured on rows that it had not seen."
            )
        )

    def _mix(self, used: Sequence[tuple[Tried, float]]) -> None:
        parts = []
        try:
            for tried, weight in used:
                made = self._built.get(id(tried)) or self._fit(tried, self._guard())
                parts.append(
                    Built(made.family, made.params, made.model, made.fit_s, made.folds, weight)
                )
        except Halted as halt:
            if halt.reason != OUT_OF_TIME:
                raise
            self._reporter.leave_out(say("No time was left to mix the best models."))
            return
        self._board.add("ensemble", parts)

    def _add(self, tried: Tried, guard: Guard | None = None) -> None:
        try:
            made = self._fit(tried, guard or self._guard())
        except Halted as halt:
            if halt.reason != OUT_OF_TIME:
                raise
            self._too_late(tried)
            return
        self._board.add(tried.family, [made])

    def _fit(self, tried: Tried, guard: Guard) -> Built:
        work = self._workspace
        begun = time.monotonic()
        model = FAMILIES[tried.family].fit(tried.params, work.x, work.y, work.shape, guard)
        took = time.monotonic() - begun
        made = Built(tried.family, tried.params, model, took, tried.scores)
        self._built[id(tried)] = made
        return made

    def _again(self, part: Built, x: Matrix) -> Built:
        work = self._workspace
        family = FAMILIES[part.family]
        model = family.fit(part.params, x, work.target.y, work.shape, self._guard())
        return Built(part.family, part.params, model, part.fit_s, part.folds, part.weight)

    def _guard(self) -> Guard:
        """Ends a fit by `Halted` when the budget is all but over."""
        clock = self._reporter.clock
        ends = time.monotonic() + clock.left() - SPARE / 2 * clock.budget_s

        def check() -> None:
            self._reporter.check()
            _until(ends)

        return Guard(check)

    def _cost(self, tried: Tried) -> float:
        return fit_seconds(tried) + export_seconds(self._board, tried.family)

    def _too_late(self, tried: Tried) -> None:
        self._reporter.leave_out(
            say(
                "The best {family} of the search is not on the board: no time was left.",
                family=tried.family,
            )
        )

    def _same_on_board(self, tried: Tried) -> Built | None:
        for entry in self._board.entries.values():
            part = entry.parts[0]
            same = part.family == tried.family and dict(part.params) == dict(tried.params)
            if same and len(entry.parts) == 1:
                return part
        return None


def _until(ends: float) -> None:
    if time.monotonic() > ends:
        raise Halted(OUT_OF_TIME)
