"""The winner once more, on all rows."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from numpy.typing import NDArray

from freemlops.domain.errors import ExportError
from freemlops.domain.run import EventKind, Phase
from freemlops.domain.words import N_, Message, say
from freemlops.engine.board import Board
from freemlops.engine.deadline import Deadline
from freemlops.engine.entry import Built, Entry
from freemlops.engine.export.pipeline import TrainedModel
from freemlops.engine.families import FAMILIES
from freemlops.engine.families.base import Matrix, Shape
from freemlops.engine.forecast import MORE_ROWS, affordable_rows
from freemlops.engine.reporter import OUT_OF_TIME, Halted, Reporter
from freemlops.engine.workspace import Workspace

SEEDS = 3
"""The winner is fitted on all rows with up to this many seeds, and the answers averaged…"""
SEEDED = frozenset({"lightgbm", "xgboost"})
"""…where the seed makes a difference that the model does not average by itself…"""
FAR = 1_000
MOST_BYTES = 40_000_000
"""…and the export stays below this."""
AGAIN_NOW = N_("Training the winner again, on {rows} rows…")
AGAIN_PART = N_(
    "The winner was trained again on {rows} of all {all} rows: for more there was no time. Its "
    "figures on the board are from before that, measured on rows that it had not seen."
)
AGAIN = say(
    "The winner was trained again on all rows. Its figures on the board are from before that, "
    "measured on rows that it had not seen."
)


@dataclass(frozen=True, slots=True)
class _Data:
    """What the winner is fitted on."""

    x: Matrix
    y: NDArray[Any]
    shape: Shape


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
        if best is None or best.candidate.family == "constant" or best.whole:
            return
        # those of another winner, or of fewer rows, before the run went on
        self._reporter.take_back(AGAIN.template, AGAIN_PART)
        try:
            rows = affordable_rows(self._workspace, best, self._deadline.left())
            if rows is None:
                raise Halted(OUT_OF_TIME)
            self._reporter.log(say(AGAIN_NOW, rows=rows))
            preparation, x, y = self._workspace.everything(rows)
            data = _Data(x, y, self._workspace.shaped(preparation, len(x)))
            parts = self._seeded(best, data)
        except Halted as halt:
            if halt.reason != OUT_OF_TIME:
                raise
            self._reporter.leave_out(
                say("The winner was not trained again on all rows: no time was left.")
            )
            return
        model = self._board.assemble(parts, preparation, best.temperature)
        total = self._workspace.source.table.rows
        note = AGAIN if rows == total else say(AGAIN_PART, rows=rows, all=total)
        self._publish(replace(best, whole=rows == total), model, parts, note)

    def _seeded(self, best: Entry, data: _Data) -> list[Built]:
        """The winner's parts on all rows, as often as time and size allow."""
        begun = time.monotonic()
        turns = [[self._again(p, data) for p in best.parts]]
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
                    [self._again(p, data, made - 1) for p in best.parts if p.family in SEEDED]
                )
            except Halted as halt:
                if halt.reason != OUT_OF_TIME:
                    raise
                break
        share = {True: 1 / len(turns), False: 1.0}
        return [
            replace(p, weight=p.weight * share[p.family in SEEDED]) for turn in turns for p in turn
        ]

    def _publish(
        self, best: Entry, model: TrainedModel, parts: Sequence[Built], note: Message
    ) -> None:
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
        memory = self._board.remember(f"{name}-all-rows", best.memory())
        self._reporter.send(
            EventKind.BEST,
            {
                "candidate": name,
                "tied": list(self._board.tied),
                "artifacts": exported.artifacts | memory,
                "size_bytes": exported.size_bytes,
                "parity": exported.parity.worst,
                "parity_rows": exported.parity.rows,
            },
        )
        self._reporter.note(note)

    def _again(self, part: Built, data: _Data, turn: int = 0) -> Built:
        shape = replace(data.shape, seed=data.shape.seed + turn * FAR)
        guard = self._deadline.guard()
        model = FAMILIES[part.family].fit(part.params, data.x, data.y, shape, guard)
        return replace(part, model=model, seed_step=turn * FAR)
