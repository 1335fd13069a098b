"""The same curve of several runs, laid over one another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import panel_material_ui as pmui

from freemlops.domain.evaluation.comparison import OVERLAYS, Drawn
from freemlops.domain.evaluation.plot_words import PLOTS
from freemlops.domain.words import Message
from freemlops.i18n import Translator
from freemlops.ui.charts.overlaid import overlaid
from freemlops.ui.charts.sheet import pane
from freemlops.ui.components.plot_help import plot_help
from freemlops.ui.components.plot_table import plot_table
from freemlops.ui.components.safe import Html, Markup, tag
from freemlops.ui.pages.base import PageView, card, column, row
from freemlops.ui.session import blocking
from freemlops.ui.state.comparison import ComparisonState, Side


class OverlayView:
    """`view` is its card; `show` draws what the state chooses."""

    def __init__(self, page: PageView, state: ComparisonState, sides: Sequence[Side]) -> None:
        self._page, self._state = page, state
        self._sides = {s.run.id: s for s in sides}
        t = page.t
        names = list(dict.fromkeys(n for s in sides for n in OVERLAYS[s.run.spec.task]))
        if state.plot not in names:
            state.plot = ""
        self._name = pmui.Select(
            label=t.text("What to look at"),
            options={t.text(PLOTS[n].title): n for n in names},
            value=state.plot or names[0],
            css_classes=["fm-plot-name"],
            margin=0,
            width=320,
        )
        self._chart = column(gap=0, css_classes=["fm-plot"])
        self._none, self._words, self._tables = Html(visible=False), Html(), Html()
        self._name.param.watch(self._changed, "value")
        about = t.text(
            "Every line is of the rows that the run held out, which its model never saw. A click "
            "on a letter hides its line."
        )
        heading = tag(
            "div",
            tag("h2", t.text("Curves over one another")),
            tag("p", about, class_="muted"),
            class_="stack",
        )
        self.view = card(
            Html(heading),
            row(self._name),
            self._none,
            self._chart,
            self._words,
            self._tables,
            gap=16,
            css_classes=["fm-overlay"],
        )

    async def show(self) -> None:
        name = self._name.value
        found = await blocking(self._page.platform.comparisons.overlay, list(self._sides), name)
        if name == self._name.value:  # else another one was chosen meanwhile
            self._draw(name, found)

    async def _changed(self, _event: object) -> None:
        self._state.plot = self._name.value
        async with self._page.attempt(self._name):
            await self.show()

    def _draw(self, name: str, found: Sequence[Drawn]) -> None:
        t = self._page.t
        parts, missing = [], []
        for drawn in found:
            side = self._sides[drawn.run]
            if isinstance(drawn.curve, Message):
                missing.append(tag("li", side.name, ": ", t.text(drawn.curve)))
            else:
                parts.append((side.letter, side.color, drawn.curve))
        self._chart.objects = [pane(overlaid(name, parts, t))] if parts else []
        self._none.show(_left_out(missing))
        self._words.show(plot_help(name, t))
        self._tables.show(self._tables_of(name, found, t))

    def _tables_of(self, name: str, found: Sequence[Drawn], t: Translator) -> Markup | None:
        made: list[Any] = []
        for drawn in found:
            if not isinstance(drawn.curve, Message):
                side = self._sides[drawn.run]
                title = t.text("{name} as a table", name=side.name)
                shares = name != "truth_by_answer"
                made.append(plot_table(drawn.curve, t, title, shares=shares))
        return tag("div", made, class_="stack") if made else None


def _left_out(missing: Sequence[Markup]) -> Markup | None:
    if not missing:
        return None
    return tag(
        "ul", list(missing), class_="panel note small fm-plot-none", style="padding-left:36px"
    )
