"""Third step of the guided flow: how long to train."""

from __future__ import annotations

from typing import Any

import panel_material_ui as pmui

from freemlops.domain.metric import METRICS
from freemlops.ui.components.button import primary
from freemlops.ui.components.safe import Html, tag
from freemlops.ui.pages.base import PageView, card, column, row
from freemlops.ui.state.new_run import SHORTEST_S, NewRunState


class TrainStep:
    """The budget, said as a promise, and the one button."""

    def __init__(self, page: PageView, state: NewRunState) -> None:
        self._page, self._state = page, state
        t = page.t
        self._summary = Html()
        self._budget = pmui.RadioBoxGroup.from_param(
            state.param.budget,
            label="",
            options={
                t.text("Quick: 1 minute, for a first look"): "quick",
                t.text("Standard: 5 minutes, good for most tables"): "standard",
                t.text("Thorough: 30 minutes, to get the last bit"): "thorough",
                t.text("Another time"): "own",
            },
            css_classes=["fm-budget"],
            margin=0,
        )
        self._seconds = pmui.IntInput(
            label=t.text("Seconds"),
            value=int(state.own_seconds),
            start=int(SHORTEST_S),
            end=24 * 3600,
            step=15,
            css_classes=["fm-seconds"],
            width=200,
            margin=0,
            visible=state.budget == "own",
        )
        self._seconds.param.watch(self._on_seconds, "value")
        state.param.watch(self._on_budget, "budget")
        self.start = primary(t.text("Start training"), "fm-train")
        self.view = self._layout()

    def _layout(self) -> Any:
        t = self._page.t
        promise = t.text(
            "The time is kept: from your click to a model that you can use. You may stop earlier "
            "and keep the best so far."
        )
        return column(
            self._summary,
            card(
                Html(tag("h2", t.text("How long may it take?"))),
                self._budget,
                self._seconds,
                Html(tag("p", promise, class_="muted")),
                gap=14,
            ),
            row(self.start),
        )

    async def show(self) -> None:
        """Bring the summary up to date with the state."""
        state, t = self._state, self._page.t
        if state.table is None:
            return
        metric = METRICS.get(state.metric)
        said = t.text(
            "Learn “{target}” from the {rows} rows of “{dataset}”.",
            target=state.target,
            rows=state.table.rows,
            dataset=state.table.name,
        )
        judged = (
            t.text("Models are judged by: {metric}.", metric=t.text(metric.title)) if metric else ""
        )
        self._summary.show(
            tag("div", tag("p", said), tag("p", judged, class_="muted"), class_="fm-summary")
        )

    def _on_seconds(self, event: Any) -> None:
        if event.new is not None:
            self._state.own_seconds = event.new

    def _on_budget(self, event: Any) -> None:
        self._seconds.visible = event.new == "own"
