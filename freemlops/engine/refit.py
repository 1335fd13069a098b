"""The winner once more, on all rows."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from freemlops.domain.errors import ExportError
from freemlops.domain.run import EventKind, Phase
from freemlops.domain.words import say
from freemlops.engine.board import Board, Built, Entry
from freemlops.engine.deadline import Deadline
from freemlops.engine.export.pipeline import TrainedModel
from freemlops.engine.families import FAMILIES
from freemlops.engine.families.base import Matrix, Shape
from freemlops.engine.forecast import MORE_ROWS, refit_cost
from freemlops.engine.preprocess.preparation import Preparation
from freemlops.engine.reporter import OUT_OF_TIME, Halted, Reporter
from freemlops.engine.workspace import Workspace

SEEDS = 3
"""The winner is fitted on all rows with up to this many seeds, and the answers averaged…"""
SEEDED = frozenset({"lightgbm", "xgboost"})
"""…where the seed makes a difference that the model does not average by itself…"""
FAR = 1_000
MOST_BYTES = 40_000_000
"""…and the export stays below this."""


class Refit:
    """Fits the board's best on every row there is, and publishes its files."""

    def __init__(self, workspace: Workspace, board: Board, reporter: Reporter) -> None:
        self._workspace = workspace
        self._board = board
        self._reporter = reporter
        self._deadline = Deadline(reporter)

    def run(self) -> None:
        """Fit the winner on all rows, holdout included; its figures stay those from before."""
        best = self._board.best
        if best is None or best.candidate.family == "constant":
            return
        try:
            if refit_cost(best) > self._deadline.left():
                raise Halted(OUT_OF_TIME)
            self._reporter.log(say("Training the winner again, on all rows…"))
            preparation, x = self._workspace.everything()
            parts = self._seeded(best, x, self._shape(preparation))
        except Halted as halt:
            if halt.reason != OUT_OF_TIME:
                raise
            self._reporter.leave_out(
                say("The winner was not trained again on all rows: no time was left.")
            )
            return
        self._publish(best, self._board.assemble(parts, preparation, best.temperature), parts)

    def _shape(self, preparation: Preparation) -> Shape:
        """That of the matrix of all rows: more levels of a text may be kept than before."""
        return replace(
            self._workspace.shape,
            features=len(preparation.features),
            categorical=preparation.categorical,
            spare=preparation.spare,
            means=preparation.means,
        )

    def _seeded(self, best: Entry, x: Matrix, shape: Shape) -> list[Built]:
        """The winner's parts on all rows, as often as time and size allow."""
        begun = time.monotonic()
        turns = [[self._again(p, x, shape) for p in best.parts]]
        took = time.monotonic() - begun
        size = best.candidate.size_bytes or 0
        numbered = self._workspace.job.spec.max_trials is not None
        while not numbered and len(turns) < SEEDS and any(p.family in SEEDED for p in best.parts):
            made = len(turns) + 1
            if (
                size * made > MOST_BYTES
                or took + best.export_s * made * MORE_ROWS > self._deadline.left()
            ):
                break
            try:
                turns.append(
                    [self._again(p, x, shape, made - 1) for p in best.parts if p.family in SEEDED]
                )
            except Halted as halt:
                if halt.reason != OUT_OF_TIME:
                    raise
                break
        share = {True: 1 / len(turns), False: 1.0}
        return [
            replace(p, weight=p.weight * share[p.family in SEEDED]) for turn in turns for p in turn
        ]

    def _publish(self, best: Entry, model: TrainedModel, parts: Sequence[Built]) -> None:
        self._reporter.phase(Phase.EXPORT)
        name = best.candidate.id
        try:
            exported = self._board.write(model, f"{name}-all-rows")
        except ExportError as error:
            self._board.refuse(best.candidate.family, error)
            return
        scores = best.candidate.holdout
        self._board.write_recipe(
            exported, model, f"{name}-all-rows", parts, best.parts, scores=scores
        )
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

    def _again(self, part: Built, x: Matrix, shape: Shape, turn: int = 0) -> Built:
        model = FAMILIES[part.family].fit(
            part.params,
            x,
            self._workspace.target.y,
            replace(shape, seed=shape.seed + turn * FAR),
            self._deadline.guard(),
        )
        return replace(part, model=model, seed_step=turn * FAR)
