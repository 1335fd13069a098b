"""All trainings: find them, mark them, write on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from freemlops.domain.errors import FreeMLOpsError
from freemlops.domain.page import Page
from freemlops.domain.search import Annotation, Comparison, Facets, RunFilter, RunSort, RunSummary
from freemlops.ui.address import link
from freemlops.ui.components.empty import empty
from freemlops.ui.components.run_filters import CLEAR, RunFilters
from freemlops.ui.components.run_notes import RunNotes
from freemlops.ui.components.run_table import BACK, EDIT, FORGET, NEXT, PICK, STAR, TAG, RunTable
from freemlops.ui.components.safe import Html, tag
from freemlops.ui.pages.base import PageView, column, page_column
from freemlops.ui.session import Session, blocking
from freemlops.ui.state.experiments import IN_URL, ExperimentsState

PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class _Read:
    """What the page shows, read in one go."""

    facets: Facets
    order: RunSort
    place: int
    found: Page[RunSummary]
    compared: Comparison | None


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
            self._show(self._read(*self._asks()))
        except FreeMLOpsError as error:
            self.problems.tell(error, self.t)

    async def start(self) -> None:
        """Everything is there already; a problem of `_open` must stay told."""

    async def _refresh(self) -> None:
        """Read and show; an answer that a later question has overtaken is dropped."""
        self._asked += 1
        asked = self._asked
        read = await blocking(self._read, *self._asks())
        if asked == self._asked:
            self._show(read)

    def _asks(self) -> tuple[RunFilter, RunSort, int, tuple[str, ...]]:
        state = self._state
        return state.filter(), state.order, state.place, state.compared

    def _read(
        self, filter: RunFilter, order: RunSort, place: int, compared: Sequence[str]
    ) -> _Read:
        """Scores of several metrics have no order: the newest come first then. Beyond the last
        page is the last page."""
        service = self.platform.experiments
        facets = service.facets(filter)
        if order is RunSort.SCORE and len(facets.metrics) > 1:
            order, place = RunSort.NEWEST, 0
        found = service.search(filter, order, PAGE_SIZE, skip=place * PAGE_SIZE)
        if not found.items and found.total:
            place = (found.total - 1) // PAGE_SIZE
            found = service.search(filter, order, PAGE_SIZE, skip=place * PAGE_SIZE)
        return _Read(facets, order, place, found, self._beside(compared))

    def _beside(self, runs: Sequence[str]) -> Comparison | None:
        """Of those that are still there: an address may be older than the history."""
        known = [r.id for r in self.platform.experiments.known(runs)]
        return self.platform.experiments.compare(known) if known else None

    def _show(self, read: _Read) -> None:
        state, found = self._state, read.found
        if read.order is not state.order:
            state.choose("sort", read.order)
        if read.place != state.place:
            state.turn(read.place)
        state.keep([c.run.id for c in read.compared.runs] if read.compared else ())
        self._filters.show(read.facets, state.values, self.t)
        self._shown = {r.id: r for r in found.items}
        back, more = state.place > 0, found.cursor is not None
        self._table.show(found.items, self.t, back=back, more=more, compared=read.compared)
        self._table.visible = bool(found.items or read.compared)
        self._say_count(found)
        self._say_nothing(found)

    def _say_count(self, found: Page[RunSummary]) -> None:
        first = self._state.place * PAGE_SIZE
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
            if act == NEXT:
                self._state.turn(self._state.place + 1)
            elif act == BACK:
                self._state.turn(max(0, self._state.place - 1))
            elif act == PICK:
                self._state.pick(value)
            elif act == FORGET:
                self._state.keep(())
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
