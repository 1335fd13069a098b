"""Every measure of one model, folded until somebody asks: its value, interval and baseline."""

from __future__ import annotations

from typing import Any

import panel as pn

from freemlops.domain.errors import NotFoundError
from freemlops.domain.evaluation.figures import Evaluation
from freemlops.domain.evaluation.measures import MEASURES
from freemlops.domain.run import Candidate, Run
from freemlops.i18n import Translator
from freemlops.report.measure_table import measure_notes, measure_rows
from freemlops.ui.components.button import quiet
from freemlops.ui.components.folds import help_fold, table
from freemlops.ui.components.safe import Html, Markup, tag
from freemlops.ui.pages.base import PageView, column, row
from freemlops.ui.session import blocking


class MeasuresView(pn.viewable.Viewer):
    """`show` says of which model. What is unfolded follows the choice on the board."""

    def __init__(self, page: PageView) -> None:
        super().__init__()
        self._page = page
        t = page.t
        self._subject: tuple[Run, Candidate] | None = None
        self._button = quiet(t.text("Show all measures"), "fm-all-measures", size="small")
        page.clicked(self._button, self._turn)
        self._found = Html(visible=False)
        self._is_open = False
        self._view = column(row(self._button), self._found, gap=8, visible=False)

    def __panel__(self) -> Any:
        return self._view

    def show(self, run: Run, candidate: Candidate) -> None:
        if self._subject is not None and self._subject[1].id == candidate.id:
            return
        self._subject = run, candidate
        self._view.visible = True
        if self._is_open:
            pn.state.execute(self._again)

    async def _again(self) -> None:
        async with self._page.attempt(self._button, fresh=False):
            await self._look()

    async def _turn(self) -> None:
        self._is_open = not self._is_open
        t = self._page.t
        self._button.label = (
            t.text("Hide all measures") if self._is_open else t.text("Show all measures")
        )
        if self._is_open:
            await self._look()
        else:
            self._found.show(None)

    async def _look(self) -> None:
        if self._subject is None:
            return
        run, candidate = self._subject
        t = self._page.t
        try:
            made = await blocking(self._page.platform.evaluation.evaluation, run.id, candidate.id)
        except NotFoundError as error:
            self._found.show(tag("p", t.text(error.message), class_="panel note"))
            return
        if self._subject[1].id == candidate.id and self._is_open:
            self._found.show(measures_text(made, t))


def measures_text(made: Evaluation, t: Translator) -> Markup:
    """The table of all measures, the run's own first, and what each of them means."""
    head, lines = measure_rows(made.figures, t)
    told = t.text("From {rows} test rows, which the model had not seen.", rows=made.rows)
    if made.sampled < made.rows:
        told += " " + t.text(
            "The intervals come from {sampled} of the {rows} test rows.",
            sampled=made.sampled,
            rows=made.rows,
        )
    abouts = [
        f"{t.text(MEASURES[f.name].title)}: {t.text(MEASURES[f.name].about)}" for f in made.figures
    ]
    return tag(
        "div",
        table(head, lines),
        [tag("p", line, class_="muted small") for line in (told, *measure_notes(made.figures, t))],
        help_fold(t, *abouts),
        class_="stack fm-measures",
    )
