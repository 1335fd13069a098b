"""Home: what to do next."""

from __future__ import annotations

from typing import Any

from freemlops.ui.address import link
from freemlops.ui.components.empty import empty, skeleton
from freemlops.ui.components.lists import dataset_rows, run_rows, sample_cards
from freemlops.ui.components.safe import Html, Markup, tag
from freemlops.ui.pages.base import PageView, page_column
from freemlops.ui.session import Session, blocking

RECENT = 6


class HomePage(PageView):
    """The hero, the samples, and what was done lately (which keeps itself fresh)."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._samples = Html(skeleton())
        self._runs = Html(skeleton())
        self._datasets = Html(skeleton())
        self._body = page_column(
            Html(self._hero()), self.problems, self._samples, self._runs, self._datasets
        )
        self.follow("runs", self._show_runs)
        self.follow("datasets", self._show_datasets)

    def __panel__(self) -> Any:
        return self._body

    def title(self) -> str:
        return self.t.text("Home")

    async def load(self) -> None:
        samples = await blocking(self.platform.datasets.samples)
        self._samples.show(
            self._section(self.t.text("Try it with a sample"), sample_cards(samples, self.t))
        )
        await self._show_runs()
        await self._show_datasets()

    async def _show_runs(self) -> None:
        runs = (await blocking(self.platform.runs.latest, RECENT)).items
        body = (
            run_rows(runs, self.t)
            if runs
            else empty(
                self.t.text("No training yet"),
                self.t.text("Your trainings will be listed here, also while they are going on."),
            )
        )
        self._runs.show(self._section(self.t.text("Recent trainings"), body))

    async def _show_datasets(self) -> None:
        datasets = (await blocking(self.platform.datasets.latest, RECENT)).items
        if not datasets:
            self._datasets.show(None)
            return
        self._datasets.show(
            self._section(self.t.text("Recent data"), dataset_rows(datasets, self.t))
        )

    def _section(self, title: str, body: Markup) -> Markup:
        return tag("section", tag("h2", title), body, class_="stack", style="gap:14px")

    def _hero(self) -> Markup:
        t = self.t
        return tag(
            "section",
            tag("h1", t.text("From a table to a working model")),
            tag(
                "p",
                t.text(
                    "Bring a table, say what you want to predict, and get compared models that "
                    "answer at once. Nothing leaves this computer."
                ),
                class_="lead",
            ),
            tag(
                "div",
                tag("a", t.text("Start"), href=link("new"), class_="button primary big fm-start"),
                style="padding-top:10px",
            ),
            class_="stack",
            style="gap:12px;padding:clamp(8px,3vw,36px) 0 8px",
        )
