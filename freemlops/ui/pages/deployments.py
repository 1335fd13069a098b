"""The endpoints, and one of them with all that can be done with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from freemlops.domain.errors import FreeMLOpsError
from freemlops.domain.model import Deployment
from freemlops.ui.address import link
from freemlops.ui.components.deployment_chip import deployment_chip
from freemlops.ui.components.empty import empty, skeleton
from freemlops.ui.components.safe import Html, tag
from freemlops.ui.pages.base import PageView, page_column
from freemlops.ui.pages.deployment_one import OneDeployment
from freemlops.ui.session import Session, blocking


class DeploymentsPage(PageView):
    """Without a name in the URL a list, with one that deployment."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._heading = Html(tag("h1", self.title()))
        self._list = Html(skeleton())
        self._one = self._opened(session.query.get("name", ""))
        if self._one is None:
            self._body = page_column(self._heading, self.problems, self._list)
        else:
            self._body = page_column(*self._one.above, self.problems, *self._one.below)
        self.follow("deployments", self._refresh)

    def __panel__(self) -> Any:
        return self._body

    def title(self) -> str:
        named = self.session.query.get("name", "")
        return self.t.text("Deployment") if named else self.t.text("Deployments")

    def _opened(self, name: str) -> OneDeployment | None:
        """None when there is no such endpoint.

        Read while the page is made (see `RunPage`): a few rows by their keys.
        """
        if not name:
            return None
        try:
            return OneDeployment(self, name)
        except FreeMLOpsError as error:
            self.problems.tell(error, self.t)
            return None

    async def load(self) -> None:
        await self._refresh()

    async def start(self) -> None:
        async with self.attempt(fresh=False):  # an unknown endpoint is told already
            await self.load()

    async def _refresh(self) -> None:
        if self._one is not None:
            await self._one.refresh()
        else:
            self._show_list(await blocking(self.platform.deployments.list))

    def _show_list(self, found: Sequence[Deployment]) -> None:
        t = self.t
        if not found:
            text = t.text("Open a finished training and press “Use it”: it will answer here.")
            self._list.show(
                empty(
                    t.text("Nothing deployed yet"), text, link("experiments"), t.text("Trainings")
                )
            )
            return
        cards = [
            tag(
                "a",
                tag("h3", d.name, class_="clip"),
                tag("div", deployment_chip(d, t), class_="row"),
                tag("span", t.datetime(d.created_at), class_="muted small"),
                href=link("deployments", name=d.name),
                class_="card fm-deployment-link",
                data_deployment=d.name,
            )
            for d in found
        ]
        self._list.show(tag("div", cards, class_="grid"))
