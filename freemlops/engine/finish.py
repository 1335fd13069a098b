"""The end of a run: the best of each family, their mixture, and the winner on all rows."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from freemlops.domain.errors import ExportError
from freemlops.domain.run import EventKind, Phase
from freemlops.domain.words import say
from freemlops.engine.board import Board, Built, Entry
from freemlops.engine.calibrate import find_temperature, tempered
from freemlops.engine.ensemble import mixture, select
from freemlops.engine.evaluate import measure, to_score
from freemlops.engine.export.pipeline import TrainedModel
from freemlops.engine.families import FAMILIES, Guard
from freemlops.engine.families.base import Matrix
from freemlops.engine.forecast import MORE_ROWS, SPARE, export_seconds, fit_seconds
from freemlops.engine.pool import Pool
from freemlops.engine.reporter import OUT_OF_TIME, Halted, Reporter
from freemlops.engine.trial import FoldMatrices, Tried, baseline
from freemlops.engine.workspace import Workspace

MOST_MEMBERS = 20
SEEDS = 3
"""The winner is fitted on all rows with up to this many seeds, and the answers averaged…"""
SEEDED = frozenset({"lightgbm", "xgboost"})
"""…where the seed makes a difference that the model does not average by itself…"""
FAR = 1_000
MOST_BYTES = 40_000_000
"""…and the export stays below this."""
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
        self._built: dict[int, Built] = {}

    def _left(self) -> float:
        clock = self._reporter.clock
        return clock.left() - SPARE * clock.budget_s

    def promote(self, tried: Tried) -> None:
        """Put a trial on the board while the search goes on."""
        if self._same_on_board(tried) is None and self._cost(tried) < self._left() / 4:
            self._add(tried)

    def finalists(self, pool: Pool) -> None:
        """Put the best trial of each family on the board, leaving the refit its time."""
        self._board.set_folds("constant", self._baseline())
        for tried in pool.leaders():
            self._reporter.check()
            best = self._board.best
            rest = self._refit_cost(best) if best is not None else 0.0
            known = self._same_on_board(tried)
            if known is not None:
                self._board.set_folds(known.candidate.id, tried.scores)
            elif self._cost(tried) > self._left() - rest:
                self._too_late(tried)
            else:
                self._add(tried)

    def _refit_cost(self, best: Entry) -> float:
        return sum(p.fit_s for p in best.parts) * MORE_ROWS + best.export_s

    def rescue(self, pool: Pool) -> None:
        """Asked to stop: keep the best trial, when that can be done at once."""
        leaders = pool.leaders()
        if not leaders or self._same_on_board(leaders[0]) is not None:
            return
        if self._cost(leaders[0]) <= RESCUE_S:
            ends = time.monotonic() + RESCUE_S
            self._add(leaders[0], Guard(lambda: _until(ends)))

    def ensemble(self, pool: Pool) -> None:
        """Add the mixture that the out-of-fold predictions ask for, as far as time allows.

        A member for which there is no time is left out before the weights are chosen again.
        """
        for tried in pool.leaders():
            known = self._same_on_board(tried)
            if known is not None:
                self._built[id(tried)] = known.parts[0]
        members = pool.best(MOST_MEMBERS)
        if len(members) < 2:
            return
        while len(members) > 1:
            self._reporter.check()
            weights = select(
                [m.out_of_fold for m in members], self._valid, self._workspace.shape.classes
            )
            used = [(m, w) for m, w in zip(members, weights, strict=True) if w > 0]
            missing = [(m, w) for m, w in used if id(m) not in self._built]
            cost = sum(fit_seconds(m) for m, _ in missing)
            cost += sum(export_seconds(self._board, m.family) for m, _ in used)
            if len(used) < 2:
                return
            if cost <= self._left() * MIX_SHARE:
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
        try:
            if self._refit_cost(best) > self._left():
                raise Halted(OUT_OF_TIME)
            self._reporter.log(say("Training the winner again, on all rows…"))
            preparation, x = self._workspace.everything()
            parts = self._seeded(best, x)
        except Halted as halt:
            if halt.reason != OUT_OF_TIME:
                raise
            self._reporter.leave_out(
                say("The winner was not trained again on all rows: no time was left.")
            )
            return
        self._publish(best, self._board.assemble(parts, preparation, best.temperature))

    def _seeded(self, best: Entry, x: Matrix) -> list[Built]:
        """The winner's parts on all rows, as often as time and size allow."""
        begun = time.monotonic()
        turns = [[self._again(p, x) for p in best.parts]]
        took = time.monotonic() - begun
        size = best.candidate.size_bytes or 0
        numbered = self._workspace.job.spec.max_trials is not None
        while not numbered and len(turns) < SEEDS and any(p.family in SEEDED for p in best.parts):
            made = len(turns) + 1
            if size * made > MOST_BYTES or took + best.export_s * made * MORE_ROWS > self._left():
                break
            try:
                turns.append(
                    [self._again(p, x, made - 1) for p in best.parts if p.family in SEEDED]
                )
            except Halted as halt:
                if halt.reason != OUT_OF_TIME:
                    raise
                break
        share = {True: 1 / len(turns), False: 1.0}
        return [
            replace(p, weight=p.weight * share[p.family in SEEDED]) for turn in turns for p in turn
        ]

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
                made = self._built.get(id(tried)) or self._fit(tried, self._guard())
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
            made = self._built.get(id(tried)) or self._fit(tried, guard or self._guard())
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
        self._built[id(tried)] = made
        return made

    def _again(self, part: Built, x: Matrix, turn: int = 0) -> Built:
        work = self._workspace
        shape = replace(work.shape, seed=work.shape.seed + turn * FAR)
        model = FAMILIES[part.family].fit(part.params, x, work.target.y, shape, self._guard())
        return replace(part, model=model)

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

    def _same_on_board(self, tried: Tried) -> Entry | None:
        for entry in self._board.entries.values():
            part = entry.parts[0]
            same = part.family == tried.family and dict(part.params) == dict(tried.params)
            if same and len(entry.parts) == 1:
                return entry
        return None


def _until(ends: float) -> None:
    if time.monotonic() > ends:
        raise Halted(OUT_OF_TIME)
