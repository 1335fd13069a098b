"""What drives the model: every column's importance, and how the answer moves with one."""

from __future__ import annotations

from typing import Any

import panel_material_ui as pmui

from freemlops.domain.explanation import Importance
from freemlops.domain.metric import METRICS
from freemlops.domain.model import Signature
from freemlops.domain.run import Candidate, Run
from freemlops.ui.charts.dependence_curve import dependence_curve
from freemlops.ui.charts.driver_bars import MOST_BARS, driver_bars
from freemlops.ui.components import explained_text as words
from freemlops.ui.components.safe import Html, tag
from freemlops.ui.pages.base import PageView, card, column, row
from freemlops.ui.session import blocking
from freemlops.ui.state.reasons import answer_number, own_words


class DriverView:
    """Bars of all columns; a click on one, or the list below, shows how its values matter."""

    def __init__(
        self,
        page: PageView,
        run: Run,
        candidate: Candidate,
        signature: Signature,
        importance: Importance,
    ) -> None:
        self._page, self._run, self._candidate = page, run, candidate
        self._importance, self._signature = importance, signature
        t = page.t
        names = [e.column for e in importance.effects]
        self._column = pmui.Select(
            label=t.text("Column"), options=names, value=names[0], css_classes=["fm-why-column"],
            margin=0, width=260,
        )  # fmt: skip
        classes = list(signature.classes)
        self._class = pmui.Select(
            label=t.text("Probability of"), options=classes or [""],
            value=classes[1 if len(classes) == 2 else 0] if classes else "",
            visible=bool(classes), css_classes=["fm-why-class"], margin=0, width=200,
        )  # fmt: skip
        self._column.param.watch(self._changed, "value")
        self._class.param.watch(self._changed, "value")
        self._chart, self._table = column(gap=0), Html()
        self.view = column(self._drivers(), self._moves(), gap=20)

    def _drivers(self) -> Any:
        t, made = self._page.t, self._importance
        title = t.text(METRICS[made.metric].title)
        axis = t.text("How much worse without it: {metric}", metric=title)
        hidden = len(made.effects) - MOST_BARS
        return card(
            Html(words.drivers_heading(made, t)),
            Html(tag("p", axis, class_="muted small")),
            driver_bars(made.effects, title, t, self._choose),
            Html(tag("p", t.text("{count} more columns are in the table.", count=hidden)))
            if hidden > 0
            else Html(visible=False),
            Html(words.drivers_table(made, t)),
            Html(words.drivers_help(t)),
            css_classes=["fm-drivers"],
        )

    def _moves(self) -> Any:
        t = self._page.t
        heading = tag(
            "div",
            tag("h2", t.text("How the answer moves with one column")),
            tag(
                "p",
                t.text("Click a bar above or choose a column. Everything else stays as it is."),
                class_="muted",
            ),
            class_="stack",
        )
        return card(
            Html(heading),
            row(self._column, self._class),
            self._chart,
            self._table,
            Html(words.dependence_help(t)),
            css_classes=["fm-dependence"],
            gap=16,
        )

    def _choose(self, name: str) -> None:
        self._column.value = name

    async def _changed(self, _event: object) -> None:
        async with self._page.attempt(self._column, fresh=False):
            await self.load()

    async def load(self) -> None:
        """Ask how the answer moves with the chosen column, and draw it."""
        service, t = self._page.platform.explanations, self._page.t
        wanted = (self._column.value, self._class.value or None)
        made = await blocking(service.dependence, self._run.id, self._candidate.id, *wanted)
        if wanted != (self._column.value, self._class.value or None):
            return  # another one was chosen meanwhile
        answer = t.text("Mean answer")
        if made.of is not None:
            answer = t.text("Probability of {name}", name=made.of)
        names = words.point_names(made, own_words(self._signature.columns).get(made.column), t)
        said = tuple(answer_number(v, made.of, t) for v in made.curve)
        self._chart.objects = [dependence_curve(made, answer, t, names, said)]
        self._table.show(words.dependence_table(made, names, said, answer, t))
