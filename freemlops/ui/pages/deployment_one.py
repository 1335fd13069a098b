"""One endpoint: what it serves, and one under the other what can be done with it."""

from __future__ import annotations

import panel_material_ui as pmui

from freemlops.domain.model import Deployment, DeploymentStatus
from freemlops.ui.address import link
from freemlops.ui.components.button import quiet, secondary
from freemlops.ui.components.deployment_chip import deployment_chip
from freemlops.ui.components.fold import fold
from freemlops.ui.components.safe import Html, Markup, tag
from freemlops.ui.pages.base import PageView, column, row
from freemlops.ui.pages.deployment_batch import DeploymentBatch
from freemlops.ui.pages.deployment_changes import DeploymentChanges
from freemlops.ui.pages.deployment_code import DeploymentCode
from freemlops.ui.pages.deployment_keys import DeploymentKeys
from freemlops.ui.pages.deployment_traffic import DeploymentTraffic
from freemlops.ui.pages.deployment_try import TryForm
from freemlops.ui.session import blocking
from freemlops.ui.state.calls import endpoint_url
from freemlops.ui.theme import DIALOG_SX


class OneDeployment:
    """`above` and `below` are what stands over and under the page's messages.

    Raises `NotFoundError` when there is no such deployment.
    """

    def __init__(self, page: PageView, name: str) -> None:
        self._page, self._name, self._gone = page, name, False
        t, service = page.t, page.platform.predictions
        signature = service.signature(name)
        self._try = TryForm(page, name, signature, dict(service.example(name)))
        self._code = DeploymentCode(page, name, self._try.row())
        self._try.changed = self._code.show_row
        self._traffic = DeploymentTraffic(page, name)
        self._changes = DeploymentChanges(page, name)
        self._keys = DeploymentKeys(page, name)
        self._heading = Html(tag("h1", name))
        self._toggle = secondary(t.text("Pause"), "fm-pause")
        page.clicked(self._toggle, self._on_toggle)
        delete = quiet(t.text("Delete"), "fm-delete", color="error")
        dialog = self._dialog = self._confirmation()
        delete.on_click(lambda _event: dialog.param.update(open=True))
        self._paused = False
        self.above = (self._heading, row(self._toggle, delete))
        folds = column(
            fold(t.text("Score a whole file"), DeploymentBatch(page, name).view, "fm-batch"),
            self._traffic.view,
            self._changes.view,
            self._keys.view,
            gap=12,
        )
        self.below = (self._try.view, self._code.view, folds, dialog)

    async def refresh(self) -> None:
        """Bring everything up to date."""
        if self._gone:
            return
        service, settings = self._page.platform.deployments, self._page.platform.settings
        found = await blocking(service.get, self._name)
        rules = await blocking(service.rules, self._name)
        self._show(found)
        self._traffic.show_rules(rules)
        always = settings.keys_only or not settings.is_local
        self._code.show_key(needed=rules.needs_key or always)
        self._keys.show_rules(rules, always=always)
        await self._changes.refresh(found)
        await self._keys.refresh()

    def _show(self, found: Deployment) -> None:
        t = self._page.t
        self._paused = paused = found.status is DeploymentStatus.PAUSED
        self._toggle.label = t.text("Resume") if paused else t.text("Pause")
        self._toggle.css_classes = ["fm-resume" if paused else "fm-pause"]
        url = endpoint_url(self._page.session.api_base(), found.name)
        self._heading.show(
            tag(
                "div",
                tag("div", deployment_chip(found, t), class_="row"),
                tag("h1", found.name, style="overflow-wrap:anywhere"),
                tag("p", self._serves(found), class_="muted"),
                tag("code", "POST ", url, class_="fm-endpoint", style="overflow-wrap:anywhere"),
                class_="stack",
            )
        )

    def _serves(self, found: Deployment) -> Markup:
        t = self._page.t
        which = (
            t.text("version {n}", n=found.version)
            if found.version is not None
            else t.text("always its champion")
        )
        return tag(
            "span", t.text("Model"), ": ", tag("a", found.model, href=link("models")), f", {which}"
        )

    def _confirmation(self) -> pmui.Dialog:
        t = self._page.t
        confirm = pmui.Button(
            label=t.text("Delete"), color="error", margin=0, css_classes=["fm-delete-confirm"]
        )
        keep = quiet(t.text("Keep it"), "fm-delete-cancel")
        self._page.clicked(confirm, self._on_delete)
        keep.on_click(lambda _event: self._dialog.param.update(open=False))
        words = t.text("Programs that call this endpoint will get an error. The model is kept.")
        return pmui.Dialog(
            column(Html(tag("p", words)), row(confirm, keep), gap=18),
            title=t.text("Delete this deployment?"),
            close_on_click=True,
            sx=DIALOG_SX,
        )

    async def _on_toggle(self) -> None:
        service = self._page.platform.deployments
        await blocking(service.resume if self._paused else service.pause, self._name)
        await self.refresh()

    async def _on_delete(self) -> None:
        self._dialog.open = False
        self._gone = True
        await blocking(self._page.platform.deployments.delete, self._name)
        self._page.session.go(link("deployments"))
