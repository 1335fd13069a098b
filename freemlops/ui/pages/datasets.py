"""The datasets: every one with its versions, and one of them with all that can be done with it."""

from __future__ import annotations

from typing import Any

from freemlops.domain.errors import NotFoundError
from freemlops.ui.address import link
from freemlops.ui.components.button import secondary
from freemlops.ui.components.empty import empty, skeleton
from freemlops.ui.components.lists import dataset_table
from freemlops.ui.components.safe import Html, tag
from freemlops.ui.pages.base import PageView, page_column, row
from freemlops.ui.pages.dataset_one import DatasetView
from freemlops.ui.pages.storage_strip import StorageStrip
from freemlops.ui.session import Session, blocking

AT_ONCE = 50


class DatasetsPage(PageView):
    """Without an id in the URL the list, with one that dataset."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._id = session.query.get("id", "")
        self._heading = Html(tag("h1", self.title()))
        self._list = Html(skeleton())
        self._more = secondary(self.t.text("Show more"), "fm-more")
        self._more.visible = False
        self._cursor: str | None = None
        self._shown: list[Any] = []
        self._storage = StorageStrip(self)
        self._one = DatasetView(self, self._id, session.query)
        self._one.view.visible = False
        self.clicked(self._more, self._on_more)
        self._body = page_column(
            self._heading,
            self.problems,
            self._list,
            row(self._more),
            self._storage.view,
            self._one.view,
        )
        self.follow("datasets", self._refresh)

    def __panel__(self) -> Any:
        return self._body

    def title(self) -> str:
        return self.t.text("Dataset") if self._id else self.t.text("Datasets")

    async def load(self) -> None:
        await self._refresh()

    async def _refresh(self) -> None:
        if self._id:
            await self._show_one()
            return
        page = await blocking(
            self.platform.datasets.latest, max(AT_ONCE, min(len(self._shown), 200))
        )
        self._shown, self._cursor = list(page.items), page.cursor
        self._show_list()
        await self._storage.show()

    async def _show_one(self) -> None:
        try:
            await self._one.show()
        except NotFoundError:
            self._one.view.visible = False
            raise
        finally:
            self._list.show(None)
        self._heading.show(None)
        self._one.view.visible = True

    async def _on_more(self) -> None:
        page = await blocking(self.platform.datasets.latest, AT_ONCE, self._cursor)
        self._shown += page.items
        self._cursor = page.cursor
        self._show_list()

    def _show_list(self) -> None:
        t = self.t
        self._more.visible = self._cursor is not None
        self._list.show(
            dataset_table(self._shown, t)
            if self._shown
            else empty(
                t.text("No data yet"),
                t.text("Bring a table or take a sample: it is kept here, with its versions."),
                link("new"),
                t.text("Start"),
            )
        )
