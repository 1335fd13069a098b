"""Whether more rows would help, as a sentence and a picture."""

from __future__ import annotations

from typing import Any

import panel as pn

from freemlops.domain.learning import LearningCurve, would_more_help
from freemlops.domain.run import Run
from freemlops.report.learning import learning_about, learning_rows, learning_title
from freemlops.ui.charts.learning_line import learning_line
from freemlops.ui.charts.sheet import pane
from freemlops.ui.components.folds import help_fold, table_fold
from freemlops.ui.components.safe import Html, tag
from freemlops.ui.pages.base import PageView, card
from freemlops.ui.session import blocking


class LearningView(pn.viewable.Viewer):
    """`show` draws the curve of a run that is over; nothing is there for a run without one."""

    def __init__(self, page: PageView) -> None:
        super().__init__()
        self._page = page
        self._drawn: LearningCurve | None = None
        t = page.t
        self._told, self._table = Html(), Html()
        self._chart = pn.Column(sizing_mode="stretch_width", margin=0, css_classes=["fm-learning"])
        about = help_fold(
            t,
            t.text("What is this? {about}", about=learning_about(t)),
            t.text(
                "Is it good? A line that still gets better at its right end says that the model "
                "has not seen enough rows. A flat one suggests that it has."
            ),
            t.text(
                "What can I do? Where it gets better, collect more rows and add them as a new "
                "version of the data. Where it is flat, look for other columns instead."
            ),
        )
        head = Html(tag("h2", learning_title(t)))
        self._view = card(head, self._told, self._chart, self._table, Html(about), visible=False)

    def __panel__(self) -> Any:
        return self._view

    async def show(self, run: Run) -> None:
        made = await blocking(self._page.platform.runs.learning, run.id)
        if made == self._drawn:
            return
        t = self._page.t
        self._drawn = made
        self._view.visible = made is not None
        if made is None:
            return
        self._told.show(tag("p", t.text(would_more_help(made)), class_="fm-more-rows"))
        self._chart.objects = [pane(learning_line(made, t))]
        head, lines = learning_rows(made, t)
        self._table.show(table_fold(t.text("As a table"), head, lines, "fm-learning-table"))
