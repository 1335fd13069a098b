"""The endpoints, and one of them with all that can be done with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import panel_material_ui as pmui

from freemlops.domain.errors import FreeMLOpsError
from freemlops.domain.model import Deployment, DeploymentStatus
from freemlops.ui.address import link
from freemlops.ui.components.button import quiet, secondary
from freemlops.ui.components.empty import empty, skeleton
from freemlops.ui.components.safe import Html, Markup, tag
from freemlops.ui.pages.base import PageView, column, page_column, row
from freemlops.ui.pages.deployment_try import TryForm
from freemlops.ui.session import Session, blocking
from freemlops.ui.state.calls import endpoint_url
from freemlops.ui.theme import DIALOG_SX


class DeploymentsPage(PageView):
    """Without a name in the URL a list, with one that deployment."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        t = self.t
        self._name = session.query.get("name", "")
        self._heading = Html(tag("h1", self.title()))
        self._list = Html(skeleton())
        self._toggle = secondary(t.text("Pause"), "fm-pause")
        self._delete = quiet(t.text("Delete"), "fm-delete", color="error")
        self._tools = row(self._toggle, self._delete)
        self._tools.visible = False
        self._form = self._open()
        self._dialog = self._confirmation()
        self._deployment: Deployment | None = None
        self.clicked(self._toggle, self._on_toggle)
        self._delete.on_click(lambda _event: self._dialog.param.update(open=True))
        views = [self._form.view] if self._form is not None else []
        self._body = page_column(
            self._heading, self._tools, self.problems, self._list, *views, self._dialog
        )
        self.follow("deployments", self._refresh)

    def __panel__(self) -> Any:
        return self._body

    def title(self) -> str:
        return self.t.text("Deployment") if self._name else self.t.text("Deployments")

    def _confirmation(self) -> pmui.Dialog:
        t = self.t
        confirm = pmui.Button(
            label=t.text("Delete"), color="error", margin=0, css_classes=["fm-delete-confirm"]
        )
        keep = quiet(t.text("Keep it"), "fm-delete-cancel")
        self.clicked(confirm, self._on_delete)
        keep.on_click(lambda _event: self._dialog.param.update(open=False))
        words = t.text("Programs that call this endpoint will get an error. The model is kept.")
        return pmui.Dialog(
            column(Html(tag("p", words)), row(confirm, keep), gap=18),
            title=t.text("Delete this deployment?"),
            close_on_click=True,
            sx=DIALOG_SX,
        )

    def _open(self) -> TryForm | None:
        """The try-it form of the endpoint in the URL, None when there is no such endpoint.

        Read while the page is made (see `RunPage`): two rows by their keys.
        """
        if not self._name:
            return None
        service = self.platform.predictions
        try:
            signature = service.signature(self._name)
            return TryForm(self, self._name, signature, dict(service.example(self._name)))
        except FreeMLOpsError as error:
            self.problems.tell(error, self.t)
            self._name = ""
            return None

    async def load(self) -> None:
        await self._refresh()

    async def start(self) -> None:
        async with self.attempt(fresh=False):  # an unknown endpoint is told already
            await self.load()

    async def _refresh(self) -> None:
        if self._name:
            self._deployment = await blocking(self.platform.deployments.get, self._name)
            self._list.show(None)
            self._show_one(self._deployment)
        else:
            self._show_list(await blocking(self.platform.deployments.list))

    def _show_one(self, found: Deployment) -> None:
        t, paused = self.t, found.status is DeploymentStatus.PAUSED
        self._toggle.label = t.text("Resume") if paused else t.text("Pause")
        self._toggle.css_classes = ["fm-resume" if paused else "fm-pause"]
        self._tools.visible = True
        url = endpoint_url(self.session.api_base(), found.name)
        self._heading.show(
            tag(
                "div",
                tag("div", self._chip(found), class_="row"),
                tag("h1", found.name, style="overflow-wrap:anywhere"),
                tag("p", self._serves(found), class_="muted"),
                tag("code", "POST ", url, class_="fm-endpoint", style="overflow-wrap:anywhere"),
                class_="stack",
            )
        )

    def _serves(self, found: Deployment) -> Markup:
        t = self.t
        which = (
            t.text("version {n}", n=found.version)
            if found.version is not None
            else t.text("always its champion")
        )
        return tag(
            "span", t.text("Model"), ": ", tag("a", found.model, href=link("models")), f", {which}"
        )

    def _chip(self, found: Deployment) -> Markup:
        live = found.status is DeploymentStatus.LIVE
        return tag(
            "span",
            self.t.text("Answering") if live else self.t.text("Paused"),
            class_=f"chip fm-deployment-status {'good' if live else 'warn'}",
        )

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
                tag("div", self._chip(d), class_="row"),
                tag("span", t.datetime(d.created_at), class_="muted small"),
                href=link("deployments", name=d.name),
                class_="card fm-deployment-link",
                data_deployment=d.name,
            )
            for d in found
        ]
        self._list.show(tag("div", cards, class_="grid"))

    async def _on_toggle(self) -> None:
        service = self.platform.deployments
        if self._deployment is None:
            return
        paused = self._deployment.status is DeploymentStatus.PAUSED
        await blocking(service.resume if paused else service.pause, self._name)
        await self._refresh()

    async def _on_delete(self) -> None:
        self._dialog.open = False
        name, self._name = self._name, ""
        await blocking(self.platform.deployments.delete, name)
        self.session.go(link("deployments"))
