"""The moving parts of one training's page."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from freemlops.domain.evaluation.ties import Ties
from freemlops.domain.metric import METRICS
from freemlops.domain.run import Candidate, Run, RunStatus
from freemlops.domain.verdict import baseline_of, best_of, verdict
from freemlops.ui.address import link
from freemlops.ui.charts.score_line import ScoreLine
from freemlops.ui.components import result
from freemlops.ui.components.advised_model import advised_model
from freemlops.ui.components.board_controls import BoardControls
from freemlops.ui.components.board_csv import csv_link
from freemlops.ui.components.button import primary, quiet, secondary
from freemlops.ui.components.explanation import Explanation
from freemlops.ui.components.failure_view import FailureView
from freemlops.ui.components.group_view import GroupView
from freemlops.ui.components.leaderboard import Leaderboard
from freemlops.ui.components.learning_view import LearningView
from freemlops.ui.components.measures_view import MeasuresView
from freemlops.ui.components.plots_view import PlotsView
from freemlops.ui.components.progress import progress_text
from freemlops.ui.components.safe import Html, Markup, tag
from freemlops.ui.components.trade_off_view import TradeOffView
from freemlops.ui.pages.base import PageView, card, column, row
from freemlops.ui.pages.run_more import MoreTime
from freemlops.ui.session import blocking
from freemlops.ui.state.run_story import RunStory
from freemlops.ui.theme import BASELINE, LINE

_KEPT = (RunStatus.FINISHED, RunStatus.STOPPED, RunStatus.INTERRUPTED, RunStatus.FAILED)


class RunLive:
    """`refresh` after a change, `advance` in between so that the bar keeps moving."""

    def __init__(self, page: PageView, run: Run) -> None:
        self._page, self.run = page, run
        t = page.t
        self.story = RunStory(run.spec.metric)
        self.board: tuple[Candidate, ...] = ()
        self._chosen = ""
        self._progress = Html()
        self._ending, self._verdict = Html(visible=False), Html(visible=False)
        self._choice = Html(visible=False)
        self._files = Html(visible=False, sizing_mode=None)
        self._tiles, self._receipt, self._log = Html(visible=False), Html(), Html()
        self._none = Html(tag("p", t.text("The first model is on its way…"), class_="muted"))
        self._line = ScoreLine(t, t.text(METRICS[run.spec.metric].title))
        self._table = Leaderboard(t, run.spec.metric, self._choose)
        self._controls = BoardControls(self._table, t)
        self._why = Explanation(page)
        self._stop = secondary(t.text("Stop and keep the best"), "fm-stop")
        self._cancel = quiet(t.text("Cancel"), "fm-cancel")
        self._use = primary(t.text("Use it"), "fm-use")
        self._more = MoreTime(page, run.id)
        self._plots = PlotsView(page, run.spec.task)
        self._measures = MeasuresView(page)
        self._fails, self._groups = FailureView(page), GroupView(page)
        self._trade_off = TradeOffView(t, run.spec.metric)
        self._learning = LearningView(page)
        self._ties: Ties | None = None
        self._advised, self._csv = Html(visible=False), Html(visible=False)
        page.clicked(self._stop, self._on_stop)
        page.clicked(self._cancel, self._on_cancel)
        page.clicked(self._use, self._on_use)
        self.view = self._layout()
        self.advance()

    def _layout(self) -> Any:
        t = self._page.t
        title = METRICS[self.run.spec.metric]
        self._going = card(self._progress, row(self._stop, self._cancel), gap=16)
        self._result = card(
            self._verdict,
            self._choice,
            row(self._use, self._files, align_items="flex-start"),
            self._tiles,
            self._measures,
            gap=18,
        )
        self._chart = card(Html(self._legend(title.title, title.higher_is_better)), self._line.view)
        table = card(
            Html(self._board_title(t.text(title.title))),
            self._none,
            self._advised,
            self._controls.view,
            self._table.view,
            self._table.keys,
            self._csv,
            Html(result.reading_help(t)),
        )
        self._receipt_card = card(self._receipt, visible=False)
        self._result.visible = False
        self._table.view.visible = False
        return column(
            self._ending,
            self._going,
            self._result,
            table,
            self._trade_off,
            self._plots,
            self._fails,
            self._groups,
            self._learning,
            self._why,
            self._more.view,
            self._chart,
            self._receipt_card,
            card(self._log),
            gap=20,
        )

    def _board_title(self, metric: str) -> Markup:
        t = self._page.t
        judged = t.text("Models are judged by: {metric}.", metric=metric)
        return tag(
            "div", tag("h2", t.text("Leaderboard")), tag("span", judged, class_="muted small")
        )

    def _legend(self, title: str, higher: bool) -> Markup:
        t = self._page.t
        direction = t.text("higher is better") if higher else t.text("lower is better")
        dash = (
            "display:inline-block;width:22px;vertical-align:middle;margin-right:6px;border-top:3px"
        )
        return tag(
            "div",
            tag("h2", t.text("Best score so far")),
            tag(
                "div",
                tag("span", f"{t.text(title)} ({direction})", class_="muted small"),
                tag("span", tag("i", style=f"{dash} solid {LINE}"), t.text("best model")),
                tag(
                    "span",
                    tag("i", style=f"{dash} dashed {BASELINE}"),
                    t.text("always the same answer"),
                ),
                class_="row small",
            ),
            class_="stack",
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
        self.advance()
        if self.run.status.is_over:
            await self._learning.show(self.run)
        await self._draw_ties()
        self._draw_board()
        self._log.show(result.log_text(self.story, self._page.t))
        await self._more.show(self.run)
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
        over = self.run.status.is_over
        self._going.visible = not over
        self._cancel.visible = self.run.continued is None  # what was there before stays
        if not over:
            elapsed = (datetime.now(UTC) - self.run.clock[0]).total_seconds()
            self._progress.show(progress_text(self.run, self.story.tried, elapsed, self._page.t))

    def _draw_board(self) -> None:
        self._none.visible = not self.board and not self.run.status.is_over
        self._table.view.visible = bool(self.board)
        self._stop.disabled = not self.board
        self._controls.show(len(self.board))
        self._table.show(self.board, self._ties)
        base = baseline_of(self.board)
        level: float | None = None
        if base is not None:
            score = base.holdout.get(self.run.spec.metric)
            level = score.value if score is not None else None
        self._line.show(self.story.best, level, self.story.last_s)
        self._chart.visible = bool(self.story.best)

    def _draw_result(self) -> None:
        t, run = self._page.t, self.run
        if run.receipt is not None:
            told = (result.tested_text(run, t), result.receipt_text(run.receipt, t))
            self._receipt.show(tag("div", told, class_="stack", style="gap:24px"))
            self._receipt_card.visible = True
        candidate = self._candidate()
        usable = candidate is not None and (run.status in _KEPT or run.continued is not None)
        self._result.visible = usable
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
        self._why.show(run, candidate)
        if run.status.is_over:
            self._trade_off.show(self.board)
            for view in (self._measures, self._plots, self._fails, self._groups):
                view.show(run, candidate)

    def _candidate(self) -> Candidate | None:
        chosen = next((c for c in self.board if c.id == self._chosen), None)
        return chosen or best_of(self.run, self.board)

    def _choose(self, candidate: str) -> None:
        self._chosen = candidate
        if self._result.visible:
            self._draw_result()

    async def _on_stop(self) -> None:
        await blocking(self._page.platform.runs.stop, self.run.id)

    async def _on_cancel(self) -> None:
        await blocking(self._page.platform.runs.cancel, self.run.id)

    async def _on_use(self) -> None:
        candidate = self._candidate()
        made = await blocking(
            self._page.platform.deployments.use, self.run.id, candidate.id if candidate else None
        )
        self._page.session.go(link("deployments", name=made.name))
