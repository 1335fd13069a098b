"""The moving parts of one training's page: its progress, its result and its board."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import panel as pn

from freemlops.domain.evaluation.ties import Ties
from freemlops.domain.metric import METRICS
from freemlops.domain.run import Candidate, Run, RunStatus
from freemlops.domain.verdict import best_of, verdict
from freemlops.ui.address import link
from freemlops.ui.components import result
from freemlops.ui.components.advised_model import advised_model
from freemlops.ui.components.board_controls import BoardControls
from freemlops.ui.components.board_csv import csv_link
from freemlops.ui.components.button import primary
from freemlops.ui.components.leaderboard import Leaderboard
from freemlops.ui.components.measures_view import MeasuresView
from freemlops.ui.components.safe import Html, Markup, tag
from freemlops.ui.pages.base import PageView, card, column, row
from freemlops.ui.pages.run_below import RunBelow
from freemlops.ui.pages.run_going import RunGoing
from freemlops.ui.session import blocking
from freemlops.ui.state.run_story import RunStory

_KEPT = (RunStatus.FINISHED, RunStatus.STOPPED, RunStatus.INTERRUPTED, RunStatus.FAILED)


class RunLive:
    """`refresh` after a change, `advance` in between so that the bar keeps moving.

    The result and the board are made with the page, so that both are seen as soon as it is. What
    is below them follows for a run that is over, drawn to the end and in one piece: the browser
    stumbles over changes to what it has got but not rendered yet. A run that is still going on
    changes all the time, so its page has everything from the start.
    """

    def __init__(self, page: PageView, run: Run, board: Sequence[Candidate]) -> None:
        self._page, self.run, self.board = page, run, tuple(board)
        t = page.t
        self.story = RunStory(run.spec.metric)
        self._chosen = ""
        self._ending, self._verdict = Html(visible=False), Html(visible=False)
        self._choice = Html(visible=False)
        self._files = Html(visible=False, sizing_mode=None)
        self._tiles = Html(visible=False)
        self._none = Html(tag("p", t.text("The first model is on its way…"), class_="muted"))
        self._table = Leaderboard(t, run.spec.metric, self._choose)
        self._controls = BoardControls(self._table, t)
        self._going: RunGoing | None = None
        self._use = primary(t.text("Use it"), "fm-use")
        self._measures = MeasuresView(page)
        self._ties: Ties | None = None
        self._advised, self._csv = Html(visible=False), Html(visible=False)
        self._below = None if run.status.is_over else RunBelow(page, run)
        page.clicked(self._use, self._on_use)
        self._now = column(visible=False)
        self._rest = column(*([self._below.view] if self._below is not None else []), gap=20)
        self.view = self._layout()
        self._draw()

    def _layout(self) -> Any:
        t = self._page.t
        self._result = card(
            self._verdict,
            self._choice,
            row(self._use, self._files, align_items="flex-start"),
            self._tiles,
            self._measures,
            gap=18,
        )
        table = card(
            Html(self._board_title(t.text(METRICS[self.run.spec.metric].title))),
            self._none,
            self._advised,
            self._controls.view,
            self._table,
            self._csv,
            Html(result.reading_help(t)),
        )
        self._result.visible = False
        self._table.visible = False
        return column(self._ending, self._now, self._result, table, self._rest, gap=20)

    def _board_title(self, metric: str) -> Markup:
        t = self._page.t
        judged = t.text("Models are judged by: {metric}.", metric=metric)
        return tag(
            "div", tag("h2", t.text("Leaderboard")), tag("span", judged, class_="muted small")
        )

    async def refresh(self) -> None:
        """Read the run and draw what changed."""
        runs = self._page.platform.runs
        self.run = await blocking(runs.get, self.run.id)
        self.board = tuple(await blocking(runs.candidates, self.run.id))
        while True:
            events = await blocking(runs.events, self.run.id, self.story.seen)
            if not self.story.take(events):
                break
        await self._draw_ties()
        self._draw()
        await self._draw_below()

    async def _draw_below(self) -> None:
        below = self._below or RunBelow(self._page, self.run)
        await below.show(self.run, self.board, self.story)
        shown: Candidate | None = None
        while self._usable and (candidate := self._candidate()) is not shown:
            await below.explain(self.run, candidate)
            shown = candidate  # another line may have been chosen meanwhile
        if self._below is None:
            self._below = below
            self._rest.objects = [below.view]

    def _draw(self) -> None:
        self.advance()
        self._draw_board()
        if self.run.status.is_over or self.run.continued is not None:
            self._draw_result()

    async def _draw_ties(self) -> None:
        """How sure the order is; once the run is over, for it takes a moment."""
        if not self.run.status.is_over or not self.board:
            self._ties = None
            return
        t = self._page.t
        self._ties = await blocking(self._page.platform.evaluation.ties, self.run.id)
        self._advised.show(advised_model(self._ties, self.board, t))
        standings = {s.candidate: s for s in self._ties.standings}
        self._csv.show(csv_link(self.run, self.board, standings, t))

    def advance(self) -> None:
        """Move the progress bar with the clock."""
        self._now.visible = not self.run.status.is_over
        if self.run.status.is_over:
            return
        if self._going is None:
            self._going = RunGoing(self._page, self.run.id)
            self._going.show(self.run, self.board, self.story)
            self._now.objects = [self._going.view]
        else:
            self._going.show(self.run, self.board, self.story)

    def _draw_board(self) -> None:
        self._none.visible = not self.board and not self.run.status.is_over
        self._table.visible = bool(self.board)
        self._controls.show(len(self.board))
        self._table.show(self.board, self._ties)

    def _draw_result(self) -> None:
        t, run = self._page.t, self.run
        candidate = self._candidate()
        self._result.visible = usable = self._usable
        self._ending.show(result.ending(run, t, has_model=usable))
        if candidate is None or not usable:
            return
        found = verdict(run, self.board)
        self._verdict.show(result.verdict_text(found, t) if found else None)
        self._choice.show(result.chosen_text(candidate, self.board, t))
        base = self._page.session.api_base()
        files = (
            result.downloads(run, candidate, base, t),
            result.report_link(run, candidate, base, t),
        )
        self._files.show(tag("div", files, class_="row", style="align-items:flex-start"))
        self._tiles.show(result.tiles(candidate, t))
        if run.status.is_over:
            self._measures.show(run, candidate)

    @property
    def _usable(self) -> bool:
        kept = self.run.status in _KEPT or self.run.continued is not None
        return kept and self._candidate() is not None

    def _candidate(self) -> Candidate | None:
        chosen = next((c for c in self.board if c.id == self._chosen), None)
        return chosen or best_of(self.run, self.board)

    def _choose(self, candidate: str) -> None:
        self._chosen = candidate
        if not self._result.visible:
            return
        self._draw_result()
        if self._below is not None:
            pn.state.execute(partial(self._below.explain, self.run, self._candidate()))

    async def _on_use(self) -> None:
        candidate = self._candidate()
        made = await blocking(
            self._page.platform.deployments.use, self.run.id, candidate.id if candidate else None
        )
        self._page.session.go(link("deployments", name=made.name))
