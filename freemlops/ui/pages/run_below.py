"""What stands below the board of a training: pictures, explanations, time, log."""

from __future__ import annotations

from collections.abc import Sequence

from freemlops.domain.metric import METRICS
from freemlops.domain.run import Candidate, Run
from freemlops.domain.verdict import baseline_of
from freemlops.ui.charts.score_line import ScoreLine
from freemlops.ui.components import result
from freemlops.ui.components.explanation import Explanation
from freemlops.ui.components.failure_view import FailureView
from freemlops.ui.components.group_view import GroupView
from freemlops.ui.components.learning_view import LearningView
from freemlops.ui.components.plots_view import PlotsView
from freemlops.ui.components.safe import Html, Markup, tag
from freemlops.ui.components.trade_off_view import TradeOffView
from freemlops.ui.pages.base import PageView, card, column
from freemlops.ui.pages.run_more import MoreTime
from freemlops.ui.state.run_story import RunStory
from freemlops.ui.theme import BASELINE, LINE


class RunBelow:
    """`show` after a change of the run, `explain` after a choice on its board; `view` is all of
    it. Made and shown before it is put on a page, it gets there in one piece."""

    def __init__(self, page: PageView, run: Run) -> None:
        self._page = page
        t, metric = page.t, METRICS[run.spec.metric]
        self._trade_off = TradeOffView(t, run.spec.metric)
        self._plots = PlotsView(page, run.spec.task)
        self._fails, self._groups = FailureView(page), GroupView(page)
        self._learning = LearningView(page)
        self._why = Explanation(page)
        self._more = MoreTime(page, run.id)
        self._line = ScoreLine(t, t.text(metric.title))
        legend = self._legend(metric.title, metric.higher_is_better)
        self._chart = card(Html(legend), self._line.view)
        self._receipt, self._log = Html(), Html()
        self._receipt_card = card(self._receipt, visible=False)
        self.view = column(
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

    async def show(self, run: Run, board: Sequence[Candidate], story: RunStory) -> None:
        """What is about the run as a whole."""
        t = self._page.t
        if run.status.is_over:
            await self._learning.show(run)
            self._trade_off.show(board)
        await self._more.show(run)
        if run.receipt is not None:
            told = (result.tested_text(run, t), result.receipt_text(run.receipt, t))
            self._receipt.show(tag("div", told, class_="stack", style="gap:24px"))
            self._receipt_card.visible = True
        base = baseline_of(board)
        score = base.holdout.get(run.spec.metric) if base is not None else None
        self._line.show(story.best, score.value if score is not None else None, story.last_s)
        self._chart.visible = bool(story.best)
        self._log.show(result.log_text(story, t))

    async def explain(self, run: Run, candidate: Candidate | None) -> None:
        """What is about one model."""
        if candidate is None:
            return
        self._why.show(run, candidate)
        if run.status.is_over:
            self._fails.show(run, candidate)
            self._groups.show(run, candidate)
            await self._plots.show(run, candidate)
