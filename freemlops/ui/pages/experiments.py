"""All trainings: find them, mark them, write on them."""

from __future__ import annotations

from typing import Any

from freemlops.domain.errors import FreeMLOpsError
from freemlops.domain.page import Page
from freemlops.domain.search import Annotation, Facets, RunFilter, RunSort, RunSummary
from freemlops.ui.address import link
from freemlops.ui.components.button import secondary
from freemlops.ui.components.empty import empty
from freemlops.ui.components.run_table import EDIT, STAR, TAG, RunTable
from freemlops.ui.components.safe import Html, tag
from freemlops.ui.pages.base import PageView, column, page_column, row
from freemlops.ui.pages.experiments_filters import ExperimentFilters
from freemlops.ui.pages.experiments_notes import RunNotes
from freemlops.ui.session import Session, blocking
from freemlops.ui.state.experiments import IN_URL, ExperimentsState

PAGE_SIZE = 25


class ExperimentsPage(PageView):
    """One page of lines at a time, so that a long history costs no more than a short one."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        t = self.t
        self._state = ExperimentsState(session.query)
        self._filters = ExperimentFilters(self, self._state, self._from_the_start)
        self._notes = RunNotes(self, self._refresh)
        self._count = Html(visible=False)
        self._nothing = Html(visible=False)
        self._table = RunTable(visible=False, css_classes=["fm-run-table"])
        self._back = secondary(t.text("Back"), "fm-page-back", disabled=True)
        self._next = secondary(t.text("Next"), "fm-page-next", disabled=True)
        self._pages = row(self._back, self._next, visible=False)
        self._shown: dict[str, RunSummary] = {}
        self._cursor: str | None = None
        self._asked = 0
        self._table.param.watch(self._on_press, "pressed", onlychanged=False)
        self.clicked(self._next, self._on_next)
        self.clicked(self._back, self._on_back)
        self._body = page_column(
            Html(tag("h1", self.title())),
            self._filters.view,
            self.problems,
            column(self._count, self._nothing, self._table, self._pages, gap=14),
            self._notes.view,
        )
        session.keep_in_url(self._state, IN_URL)
        self.follow("runs", self._refresh)
        self._open()

    def __panel__(self) -> Any:
        return self._body

    def title(self) -> str:
        return self.t.text("Trainings")

    def _open(self) -> None:
        """Show the first page in the first document: its lines come without another round trip.

        Some milliseconds of the loop, with the longest history too (see `tests/bench/history`).
        """
        try:
            self._show(*self._read(self._state.filter(), self._state.order, None))
        except FreeMLOpsError as error:
            self.problems.tell(error, self.t)

    async def _from_the_start(self) -> None:
        async with self.attempt():
            self._state.rewind()
            await self._refresh()

    async def _on_next(self) -> None:
        if self._cursor is not None:
            self._state.forward(self._cursor)
        await self._refresh()

    async def _on_back(self) -> None:
        self._state.back()
        await self._refresh()

    async def _refresh(self) -> None:
        """Read and show; an answer that a later question has overtaken is dropped."""
        self._asked += 1
        asked, state = self._asked, self._state
        read = await blocking(self._read, state.filter(), state.order, state.cursor)
        if asked == self._asked:
            self._show(*read)

    def _read(
        self, filter: RunFilter, order: RunSort, cursor: str | None
    ) -> tuple[Facets, Page[RunSummary]]:
        """Scores of several metrics have no order: the newest come first then."""
        service = self.platform.experiments
        facets = service.facets(filter)
        if order is RunSort.SCORE and len(facets.metrics) > 1:
            order = RunSort.NEWEST
        return facets, service.search(filter, order, PAGE_SIZE, cursor)

    def _show(self, facets: Facets, found: Page[RunSummary]) -> None:
        self._filters.show(facets)
        self._shown = {r.id: r for r in found.items}
        self._cursor = found.cursor
        self._table.show(found.items, self.t)
        self._table.visible = bool(found.items)
        self._say_count(found)
        self._say_nothing(found)
        self._back.disabled = not self._state.page
        self._next.disabled = found.cursor is None
        self._pages.visible = bool(self._state.page or found.cursor)

    def _say_count(self, found: Page[RunSummary]) -> None:
        first = self._state.page * PAGE_SIZE
        words = self.t.text(
            "{first}–{last} of {total}",
            first=first + 1,
            last=first + len(found.items),
            total=found.total or 0,
        )
        said = tag("p", words, class_="muted small num fm-count", role="status")
        self._count.show(said if found.items else None)

    def _say_nothing(self, found: Page[RunSummary]) -> None:
        t = self.t
        if found.items:
            self._nothing.show(None)
        elif self._state.is_filtered:
            about = t.text("Write fewer words, or clear the filters.")
            self._nothing.show(empty(t.text("No training matches"), about))
        else:
            about = t.text("Bring a table and train your first model: it takes about a minute.")
            self._nothing.show(
                empty(t.text("No training yet"), about, link("new"), t.text("Start"))
            )

    async def _on_press(self, event: Any) -> None:
        act, value = event.new
        async with self.attempt():
            if act == TAG:
                self._state.tag = value
                self._state.rewind()
                await self._refresh()
            elif act == EDIT and value in self._shown:
                self._notes.open(self._shown[value])
            elif act == STAR and value in self._shown:
                change = Annotation(starred=not self._shown[value].starred)
                await blocking(self.platform.experiments.annotate, value, change)
                await self._refresh()
