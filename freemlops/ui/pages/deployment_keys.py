"""The keys that open an endpoint: made, shown once, revoked."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import panel as pn
import panel_material_ui as pmui

from freemlops.domain.errors import InvalidError
from freemlops.domain.key import ApiKey, Scope
from freemlops.domain.model import DeploymentRules
from freemlops.ui.components.button import quiet, secondary
from freemlops.ui.components.code_tabs import CodeTabs
from freemlops.ui.components.fold import fold
from freemlops.ui.components.key_view import SCOPES, key_view
from freemlops.ui.components.number import NumberField
from freemlops.ui.components.safe import Html, tag
from freemlops.ui.pages.base import PageView, column, grid, row
from freemlops.ui.session import blocking

MOST_KEYS = 50
HERE, EVERYWHERE = "here", "everywhere"


class DeploymentKeys:
    """Those that open this endpoint. `view` is a fold."""

    def __init__(self, page: PageView, endpoint: str) -> None:
        self._page, self._endpoint = page, endpoint
        self._shown: tuple[ApiKey, ...] | None = None
        t = page.t
        self._asks = pmui.Switch(label=t.text("Ask for a key"), css_classes=["fm-needs-key"])
        self._asks.param.watch(self._on_asks, "value")
        self._always = Html(visible=False)
        self._list = column(gap=12)
        self._secret = column(visible=False)
        content = column(
            column(self._asks, self._always, gap=4),
            self._list,
            self._secret,
            self._form(),
            gap=16,
            styles={"padding": "8px 0"},
        )
        self.view = fold(t.text("Keys"), content, "fm-keys")
        page.follow("keys", self.refresh)

    def _form(self) -> Any:
        t = self._page.t
        wide = {"sizing_mode": "stretch_width", "margin": 0}
        self._name = pmui.TextInput(
            label=t.text("Whom or what it is for"), css_classes=["fm-key-name"], **wide
        )
        self._scope = pmui.Select(
            label=t.text("What it may do"),
            options={t.text(SCOPES[s]): s.value for s in Scope},
            value=Scope.PREDICT.value,
            css_classes=["fm-key-scope"],
            **wide,
        )
        self._where = pmui.Select(
            label=t.text("Where"),
            options={t.text("this endpoint alone"): HERE, t.text("all endpoints"): EVERYWHERE},
            value=HERE,
            css_classes=["fm-key-where"],
            **wide,
        )
        days = {t.text("{n} days", n=n): n for n in (7, 30, 90, 365)}
        self._days = pmui.Select(
            label=t.text("How long"),
            options={t.text("Until it is revoked"): 0, **days},
            value=0,
            css_classes=["fm-key-days"],
            **wide,
        )
        self._limit = NumberField(
            t,
            label=t.text("Most requests a minute"),
            help=t.text("empty: no limit"),
            whole=True,
            css_classes=["fm-key-limit"],
            **wide,
        )
        make = secondary(t.text("Make a key"), "fm-key-make")
        self._page.clicked(make, self._on_make)
        fields = (self._name, self._scope, self._where, self._days, self._limit)
        return column(Html(tag("h3", t.text("A new key"))), grid(*fields), row(make), gap=14)

    def show_rules(self, rules: DeploymentRules, *, always: bool) -> None:
        """`always`: the server asks for one whatever the endpoint says."""
        self._asks.param.update(value=always or rules.needs_key, disabled=always)
        words = self._page.t.text("This server answers to holders of a key or password alone.")
        self._always.show(tag("span", words, class_="muted small") if always else None)

    async def refresh(self) -> None:
        keys = await blocking(self._page.platform.keys.list)
        ours = tuple(k for k in keys if k.endpoints is None or self._endpoint in k.endpoints)
        if ours != self._shown:
            self._shown = ours
            self._list.objects = self._lines(ours[:MOST_KEYS])

    def _lines(self, keys: tuple[ApiKey, ...]) -> list[Any]:
        t, now = self._page.t, datetime.now(UTC)
        if not keys:
            words = t.text("No key opens this endpoint yet.")
            return [Html(tag("p", words, class_="muted fm-no-keys"))]
        return [self._line(key, now) for key in keys]

    def _line(self, key: ApiKey, now: datetime) -> Any:
        said = Html(key_view(key, now, self._page.t))
        if not key.is_good(now):
            return said
        button = quiet(self._page.t.text("Revoke"), "fm-key-revoke", color="error")
        self._page.clicked(button, self._revoking(key.id))
        return pn.Row(said, button, sizing_mode="stretch_width", margin=0)

    def _revoking(self, id: str) -> Callable[[], Awaitable[None]]:
        async def work() -> None:
            await blocking(self._page.platform.keys.revoke, id)
            await self.refresh()

        return work

    async def _on_asks(self, _event: object) -> None:
        if self._asks.disabled:
            return
        async with self._page.attempt(fresh=False):
            service = self._page.platform.deployments
            known = await blocking(service.rules, self._endpoint)
            if known.needs_key != bool(self._asks.value):
                rules = replace(known, needs_key=bool(self._asks.value))
                await blocking(service.set_rules, self._endpoint, rules)

    async def _on_make(self) -> None:
        limit, days = self._limit.value, int(self._days.value)
        if self._limit.bad:
            raise InvalidError("The limit must be at least one request a minute.")
        _, text = await blocking(
            self._page.platform.keys.create,
            self._name.value or "",
            [self._scope.value],
            [self._endpoint] if self._where.value == HERE else None,
            None if limit is None else int(limit),
            datetime.now(UTC) + timedelta(days=days) if days else None,
        )
        self._name.value = ""
        self._show_secret(text)
        await self.refresh()

    def _show_secret(self, text: str) -> None:
        t = self._page.t
        words = t.text("Copy it now: it is shown this once and kept nowhere.")
        shown = CodeTabs(t, codes=[(t.text("The new key"), "fm-secret", text, words)])
        done = quiet(t.text("I have it"), "fm-secret-done")
        done.on_click(lambda _event: self._forget_secret())
        self._secret.objects = [shown, row(done)]
        self._secret.visible = True

    def _forget_secret(self) -> None:
        self._secret.objects = []
        self._secret.visible = False
