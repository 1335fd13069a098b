"""All trainings: find them, mark them, write on them."""

from __future__ import annotations

from typing import Any

from freemlops.domain.errors import FreeMLOpsError
from freemlops.domain.page import Page
from freemlops.domain.search import Annotation, Facets, RunFilter, RunSort, RunSummary
from freemlops.ui.address import link
from freemlops.ui.components.empty import empty
from freemlops.ui.components.run_filters import CLEAR, RunFilters
from freemlops.ui.components.run_notes import RunNotes
from freemlops.ui.components.run_table import BACK, EDIT, NEXT, STAR, TAG, RunTable
from freemlops.ui.components.safe import Html, tag
from freemlops.ui.pages.base import PageView, column, page_column
from freemlops.ui.session import Session, blocking
from freemlops.ui.state.experiments import IN_URL, ExperimentsState

PAGE_SIZE = 25


class ExperimentsPage(PageView):
    """One page of lines at a time, so that a long history costs no more than a short one."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._state = ExperimentsState(session.query)
        self._filters = RunFilters(self.t, self._state.values, css_classes=["fm-run-filters"])
        self._notes = RunNotes(self.t)
        self._count = Html(visible=False)
        self._nothing = Html(visible=False)
        self._table = RunTable(visible=False, css_classes=["fm-run-table"])
        self._shown: dict[str, RunSummary] = {}
        self._cursor: str | None = None
        self._asked = 0
        for part, name, handler in (
            (self._filters, "heard", self._on_filter),
            (self._table, "pressed", self._on_press),
            (self._notes, "written", self._on_written),
        ):
            part.param.watch(handler, name, onlychanged=False)
        self._body = page_column(
            Html(tag("h1", self.title())),
            self._filters,
            self.problems,
            column(self._count, self._nothing, self._table, gap=14),
            self._notes,
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

    async def start(self) -> None:
        """Everything is there already; a problem of `_open` must stay told."""

    async def _refresh(self) -> None:
        """Read and show; an answer that a later question has overtaken is dropped."""
        self._asked += 1
        asked, state = self._asked, self._state
        read = await blocking(self._read, state.filter(), state.order, state.cursor)
        if asked == self._asked:
            self._show(*read)

    def _read(
        self, filter: RunFilter, order: RunSort, cursor: str | None
    ) -> tuple[Facets, RunSort, Page[RunSummary]]:
        """Scores of several metrics have no order: the newest come first then."""
        service = self.platform.experiments
        facets = service.facets(filter)
        if order is RunSort.SCORE and len(facets.metrics) > 1:
            order, cursor = RunSort.NEWEST, None
        return facets, order, service.search(filter, order, PAGE_SIZE, cursor)

    def _show(self, facets: Facets, order: RunSort, found: Page[RunSummary]) -> None:
        state = self._state
        if order is not state.order:
            state.choose("sort", order)
        self._filters.show(facets, state.values, self.t)
        self._shown = {r.id: r for r in found.items}
        self._cursor = found.cursor
        more = found.cursor is not None
        self._table.show(found.items, self.t, back=state.page > 0, more=more)
        self._table.visible = bool(found.items) or state.page > 0
        self._say_count(found)
        self._say_nothing(found)

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

    async def _on_filter(self, event: Any) -> None:
        name, value = event.new
        async with self.attempt():
            if name == CLEAR:
                self._state.clear()
            else:
                self._state.choose(name, value)
            await self._refresh()

    async def _on_press(self, event: Any) -> None:
        act, value = event.new
        async with self.attempt():
            if act == EDIT and value in self._shown:
                self._notes.edit(self._shown[value])
                return
            if act == NEXT and self._cursor is not None:
                self._state.forward(self._cursor)
            elif act == BACK:
                self._state.back()
            elif act == TAG:
                self._state.choose("tag", value)
            elif act == STAR and value in self._shown:
                change = Annotation(starred=not self._shown[value].starred)
                await blocking(self.platform.experiments.annotate, value, change)
            await self._refresh()

    async def _on_written(self, event: Any) -> None:
        """A refusal is said in the dialog, which stays open with what was written."""
        run, annotation = event.new
        async with self.attempt():
            try:
                await blocking(self.platform.experiments.annotate, run, annotation)
            except FreeMLOpsError as error:
                self._notes.tell(error, self.t)
                return
            self._notes.close()
            await self._refresh()
