"""First step of the guided flow: which data."""

from __future__ import annotations

from typing import Any

from freemlops.domain.dataset import DatasetVersion
from freemlops.ui.components import preview
from freemlops.ui.components.advice import AdviceList
from freemlops.ui.components.button import primary, quiet
from freemlops.ui.components.lists import dataset_rows, sample_cards
from freemlops.ui.components.safe import Html, tag
from freemlops.ui.components.uploader import Uploader
from freemlops.ui.pages.base import PageView, card, column, row
from freemlops.ui.pages.reading_panel import ReadingPanel
from freemlops.ui.session import blocking
from freemlops.ui.state.new_run import NewRunState

ROWS_SHOWN = 8


class DataStep:
    """Either the ways to bring data, or a look at the data that was brought."""

    def __init__(self, page: PageView, state: NewRunState) -> None:
        self._page = page
        self._state = state
        t = page.t
        self.uploader = Uploader(page.session)
        self._samples = Html()
        self._earlier = Html()
        self._choice = column(self.uploader, self._samples, self._earlier)
        self._heading, self._columns, self._rows = Html(), Html(), Html()
        self._notes = Html(visible=False)
        self._advice = AdviceList(t)
        self._reading = ReadingPanel(page, self._on_version)
        self.next = primary(t.text("Continue"), "fm-next")
        self._other = quiet(t.text("Use other data"), "fm-other-data")
        self._other.on_click(lambda _event: self._forget())
        self._look = column(
            self._heading,
            row(self.next, self._other),
            self._notes,
            self._reading.view,
            self._advice,
            card(self._columns),
            card(Html(tag("h3", t.text("First rows"))), self._rows),
            visible=False,
        )
        self.view = column(self._choice, self._look)

    async def show(self) -> None:
        """Bring the step up to date with the state."""
        table = self._state.table
        self._choice.visible = table is None
        self._look.visible = table is not None
        if table is None:
            await self._offer()
        else:
            await self._describe(table)

    async def _offer(self) -> None:
        t, platform = self._page.t, self._page.platform
        samples = await blocking(platform.datasets.samples)
        earlier = (await blocking(platform.datasets.latest, 6)).items
        self._samples.show(
            tag(
                "section",
                tag("h2", t.text("Or take a sample")),
                sample_cards(samples, t),
                class_="stack",
                style="gap:14px",
            )
        )
        if earlier:
            self._earlier.show(
                tag(
                    "section",
                    tag("h2", t.text("Or data you brought before")),
                    dataset_rows(earlier, t),
                    class_="stack",
                    style="gap:14px",
                )
            )

    async def _describe(self, table: Any) -> None:
        t, datasets = self._page.t, self._page.platform.datasets
        self._heading.show(preview.heading(table, t))
        self._notes.show(preview.notes(table.notes, t))
        # what the file leaves open is answered before anything is learnt from it
        self.next.disabled = await self._reading.show(table)
        profile = await blocking(self._page.platform.profiles.get, table.dataset, table.version)
        advice = self._page.platform.profiles.advice
        self._advice.show(await blocking(advice, table.dataset, table.version))
        self._columns.show(preview.columns(table, profile.by_name(), t))
        rows = await blocking(datasets.preview, table.dataset, table.version, ROWS_SHOWN)
        self._rows.show(preview.rows(table, rows, t))

    async def _on_version(self, made: DatasetVersion) -> None:
        """Another reading, or the same with a question answered."""
        self._state.take(made)
        await self._describe(made)

    def _forget(self) -> None:
        self._state.param.update(table=None, dataset="", version=None, target="", task=None)
