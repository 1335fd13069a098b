"""Any trainings side by side: what was asked, who is really ahead, their curves and trials."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import panel_material_ui as pmui

from freemlops.domain.errors import FreeMLOpsError
from freemlops.domain.evaluation.comparison import MOST_RUNS, main_circle
from freemlops.domain.metric import metrics_for
from freemlops.domain.run import Run
from freemlops.domain.search import RunFilter
from freemlops.ui.address import link
from freemlops.ui.components import compared_runs as words
from freemlops.ui.components.empty import empty, skeleton
from freemlops.ui.components.overlay_view import OverlayView
from freemlops.ui.components.safe import Html, Markup, tag
from freemlops.ui.components.trials_view import TrialsView
from freemlops.ui.components.words import run_title
from freemlops.ui.pages.base import PageView, card, page_column, row
from freemlops.ui.pages.compare_data import DataDiffView
from freemlops.ui.session import Session, blocking
from freemlops.ui.state.comparison import IN_URL, ComparisonState, Side, sides

MOST_OFFERED = 10


class ComparePage(PageView):
    """The runs are read while the page is made (a row each, by key): what there is to choose
    follows from them. Everything that has to be worked out comes after."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._state = ComparisonState(session.query)
        self._sides = self._read()
        self._notes, self._add = Html(visible=False), Html(visible=False)
        self._verdict, self._metrics = Html(skeleton()), Html(skeleton())
        self._asked = Html(skeleton())
        self._metric = pmui.Select(
            label=self.t.text("Judged by"), options={}, margin=0, width=320,
            css_classes=["fm-compare-metric"],
        )  # fmt: skip
        self._notes.show(self._said)
        several = len(self._sides) > 1
        self._overlay = OverlayView(self, self._state, self._sides) if several else None
        self._trials = TrialsView(self, self._state, self._sides) if several else None
        self._data = DataDiffView(self, self._sides) if several else None
        self._metric.param.watch(self._other_metric, "value")
        self._body = self._layout()
        session.keep_in_url(self._state, IN_URL)

    def _read(self) -> tuple[Side, ...]:
        """Those in the address that are there; what is said of the others goes to `_said`."""
        t, asked = self.t, self._state.chosen
        self._said: Markup | None = None
        try:
            known = self.platform.experiments.known(asked) if asked else ()
        except FreeMLOpsError as error:
            self.problems.tell(error, t)
            return ()
        found = {r.id for r in known}
        told = [
            t.text("There is no training “{run}” any more, or there never was.", run=run)
            for run in asked
            if run not in found
        ]
        if self._state.beyond:
            told.append(
                t.text(
                    "Only {most} trainings can be compared at a time: {count} more in the address "
                    "are left out.",
                    most=MOST_RUNS,
                    count=self._state.beyond,
                )
            )
        if told:
            self._said = tag("div", [tag("p", w) for w in told], class_="panel warn fm-left-out")
        self._state.runs = ",".join(r.id for r in known)
        return sides(known, [run_title(r, t) for r in known])

    def _layout(self) -> Any:
        t = self.t
        heading = Html(tag("h1", self.title()))
        if not self._sides:
            about = t.text(
                "Tick two or more in the list of all trainings, then press “Compare in depth”."
            )
            title = t.text("Nothing to compare yet")
            nothing = Html(empty(title, about, link("experiments"), t.text("Trainings")))
            return page_column(heading, self.problems, self._notes, nothing)
        legend = Html(words.legend(self._sides, t), css_classes=["fm-sides"])
        if self._overlay is None or self._trials is None or self._data is None:
            return page_column(heading, self.problems, self._notes, legend, self._add)
        return page_column(
            heading,
            self.problems,
            self._notes,
            legend,
            self._add,
            card(Html(tag("h2", t.text("Who is ahead"))), row(self._metric), self._verdict, gap=16),
            card(Html(tag("h2", t.text("The best model of each"))), self._metrics, gap=16),
            card(Html(tag("h2", t.text("What differs in what was asked"))), self._asked, gap=16),
            self._data.view,
            self._overlay.view,
            self._trials.view,
        )

    def __panel__(self) -> Any:
        return self._body

    def title(self) -> str:
        return self.t.text("Compare trainings")

    async def start(self) -> None:
        """What is slow comes last; one part that fails leaves the others."""
        if not self._sides:
            return
        parts = [self._offer]
        if self._overlay and self._trials and self._data:
            parts += [self._show_figures, self._show_asked]
            parts += [self._overlay.show, self._trials.show, self._data.show]
        for part in parts:
            async with self.attempt(fresh=False):
                await part()

    def _runs(self) -> list[str]:
        return [s.run.id for s in self._sides]

    async def _offer(self) -> None:
        """Others that could be compared with these."""
        chosen = self._runs()
        if len(chosen) >= MOST_RUNS:
            return
        spec = self._sides[0].run.spec
        wanted = RunFilter(dataset=spec.dataset, target=spec.target)
        found = await blocking(
            self.platform.experiments.search, wanted, limit=MOST_OFFERED + len(chosen)
        )
        others = [r for r in found.items if r.id not in chosen][:MOST_OFFERED]
        self._add.show(words.add_more(chosen, others, self.t, folded=len(chosen) > 1))

    async def _show_figures(self) -> None:
        found = self._found = await blocking(self.platform.comparisons.measured, self._runs())
        self._metrics.show(words.metrics(found, self._sides, self.t))
        circle = main_circle(found)
        self._offer_metrics([m.run for m in circle])
        await self._show_verdict()

    def _offer_metrics(self, circle: Sequence[Run]) -> None:
        """Those of the question that most runs share; without any there is nothing to choose."""
        self._metric.visible = bool(circle)
        if not circle:
            self._state.metric = ""
            return
        spec = circle[0].spec
        names = [m.name for m in metrics_for(spec.task)]
        if self._state.metric not in names:
            self._state.metric = ""
        options = {self.t.text(m.title): m.name for m in metrics_for(spec.task)}
        self._metric.param.update(options=options, value=self._state.metric or spec.metric)

    async def _show_verdict(self) -> None:
        metric = self._metric.value or None
        match = await blocking(self.platform.comparisons.match, self._found, metric)
        self._verdict.show(words.verdict(match, self._sides, self.t))

    async def _other_metric(self, event: Any) -> None:
        if event.old is None or event.new is None:
            return  # offered, not chosen
        self._state.metric = event.new
        async with self.attempt(self._metric):
            await self._show_verdict()

    async def _show_asked(self) -> None:
        compared = await blocking(self.platform.experiments.compare, self._runs())
        self._asked.show(words.configuration(compared, self._sides, self.t))
