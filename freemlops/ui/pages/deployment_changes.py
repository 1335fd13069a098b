"""Another version behind an endpoint: back in one click, or any other one."""

from __future__ import annotations

from typing import Any

import panel_material_ui as pmui

from freemlops.domain.model import CHAMPION, Deployment
from freemlops.services.deployments import before_of
from freemlops.ui.components.button import quiet, secondary
from freemlops.ui.components.fold import fold
from freemlops.ui.components.safe import Html, tag
from freemlops.ui.components.served_view import served_view
from freemlops.ui.pages.base import PageView, column, row
from freemlops.ui.pages.deployment_second import DeploymentSecond
from freemlops.ui.session import blocking
from freemlops.ui.theme import DIALOG_SX


class DeploymentChanges:
    """Whatever changes who answers is asked again, in words. `view` is a fold."""

    def __init__(self, page: PageView, endpoint: str) -> None:
        self._page, self._endpoint = page, endpoint
        self._now, self._before, self._wanted = 0, 0, ""
        t = page.t
        self._served = Html()
        self._back = secondary("", "fm-roll-back", visible=False)
        self._back.on_click(lambda _event: self._ask(str(self._before)))
        self._choice = pmui.Select(
            label=t.text("Serve another version"),
            options={},
            css_classes=["fm-serve-choice"],
            width=240,
            margin=0,
        )
        choose = secondary(t.text("Serve it"), "fm-serve")
        choose.on_click(lambda _event: self._ask(str(self._choice.value)))
        self._words = Html()
        confirm = pmui.Button(
            label=t.text("Yes, serve it"), margin=0, css_classes=["fm-serve-confirm"]
        )
        page.clicked(confirm, self._on_confirm)
        keep = quiet(t.text("Leave it as it is"), "fm-serve-cancel")
        keep.on_click(self._close)
        self._dialog = pmui.Dialog(
            column(self._words, row(confirm, keep), gap=18),
            title=t.text("Change who answers?"),
            close_on_click=True,
            sx=DIALOG_SX,
        )
        self._second = DeploymentSecond(page, endpoint)
        heading = Html(tag("h3", t.text("Versions that answered here")))
        content = column(
            heading, self._served, row(self._back), row(self._choice, choose),
            self._second.view, self._dialog, gap=16, styles={"padding": "8px 0"},
        )  # fmt: skip
        self.view = fold(t.text("Change safely"), content, "fm-changes")
        self.view.param.watch(self._on_open, "active")

    async def _on_open(self, _event: object) -> None:
        if self.view.active:
            async with self._page.attempt(fresh=False):
                await self._second.compare()

    async def refresh(self, found: Deployment) -> None:
        """Bring it up to date with the deployment."""
        t, platform = self._page.t, self._page.platform
        served = await blocking(platform.deployments.history, self._endpoint)
        versions = await blocking(platform.models.versions, found.model)
        self._now = (await blocking(platform.deployments.served, found)).version
        self._served.show(served_view(served, t))
        before = before_of(served, self._now)
        self._before = before.version if before is not None and not before.deleted else 0
        self._back.label = t.text("Roll back to version {n}", n=self._before)
        self._back.visible = bool(self._before)
        named = {t.text("version {n}", n=v.version): str(v.version) for v in versions}
        options: dict[str, Any] = {t.text("always its champion"): CHAMPION, **named}
        if options != self._choice.options:
            now = str(found.version or CHAMPION)
            self._choice.param.update(options=options, value=now)
        await self._second.refresh(versions, self._now)
        if self.view.active:
            await self._second.compare()

    def _close(self, _event: object) -> None:
        self._dialog.open = False

    def _ask(self, wanted: str) -> None:
        t = self._page.t
        self._wanted = wanted
        if wanted == CHAMPION:
            change = t.text(
                "From the next request on the champion of the model answers, and each one that "
                "takes its place."
            )
        else:
            change = t.text(
                "From the next request on version {n} answers in the place of version {now}, and "
                "stays until you change it.",
                n=wanted,
                now=self._now,
            )
        calm = t.text("No request is lost, and you can change it back at any time.")
        self._words.show(tag("div", tag("p", change), tag("p", calm), class_="stack"))
        self._dialog.open = True

    async def _on_confirm(self) -> None:
        self._dialog.open = False
        point = self._page.platform.deployments.point
        if self._wanted == CHAMPION:
            await blocking(point, self._endpoint, alias=CHAMPION)
        else:
            await blocking(point, self._endpoint, version=int(self._wanted))
        await self.refresh(await blocking(self._page.platform.deployments.get, self._endpoint))
