"""A second version beside the first: a challenger that answers a share, a shadow in silence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import panel_material_ui as pmui

from freemlops.domain.errors import InvalidError
from freemlops.domain.model import DeploymentRules, ModelVersion, Target
from freemlops.ui.components.button import secondary
from freemlops.ui.components.number import NumberField
from freemlops.ui.components.safe import Html, tag
from freemlops.ui.components.served_view import beside_view
from freemlops.ui.pages.base import PageView, column, grid, row
from freemlops.ui.session import blocking

NOBODY = ""


class DeploymentSecond:
    """Saved as a whole. `view` stands below the versions that were served."""

    def __init__(self, page: PageView, endpoint: str) -> None:
        self._page, self._endpoint = page, endpoint
        self._rules: DeploymentRules | None = None
        self._numbers = False
        t = page.t
        self._challenger = self._choice(t.text("Challenger"), "fm-challenger")
        self._shadow = self._choice(t.text("Shadow"), "fm-shadow")
        self._share = NumberField(
            t,
            label=t.text("Percent of the requests"),
            value=10,
            css_classes=["fm-challenger-share"],
            sizing_mode="stretch_width",
            margin=0,
        )
        self._by_key = pmui.Switch(
            label=t.text("The same answerer for all requests of a key"), css_classes=["fm-by-key"]
        )
        self._sharing = column(self._share, visible=False)
        self._keyed = column(self._by_key, visible=False)
        self._challenger.param.watch(lambda _event: self._fit(), "value")
        save = secondary(t.text("Save"), "fm-second-save")
        page.clicked(save, self._on_save)
        self._saved, self._beside = Html(visible=False), Html(visible=False)
        about = t.text(
            "A challenger answers a share of the requests in the place of the first version. A "
            "shadow answers all of them too, and nobody sees it: only the log does."
        )
        self.view = column(
            Html(tag("h3", t.text("Try a second version"))),
            Html(tag("p", about, class_="muted small")),
            grid(self._challenger, self._sharing, self._shadow),
            self._keyed,
            row(save, self._saved),
            self._beside,
            gap=12,
        )

    def _choice(self, label: str, hook: str) -> pmui.Select:
        nobody = {self._page.t.text("None"): NOBODY}
        return pmui.Select(
            label=label, options=nobody, value=NOBODY, css_classes=[hook],
            sizing_mode="stretch_width", margin=0,
        )  # fmt: skip

    def _fit(self) -> None:
        there = self._challenger.value != NOBODY
        self._sharing.visible = self._keyed.visible = there

    async def refresh(self, versions: Sequence[ModelVersion], now: int) -> None:
        """Offer the versions; what another tab saved shows, what is typed here stays till then."""
        t = self._page.t
        self._numbers = not versions[0].signature.classes
        rules = await blocking(self._page.platform.deployments.rules, self._endpoint)
        numbers = [v.version for v in versions if v.version != now]
        for widget, target in ((self._challenger, rules.challenger), (self._shadow, rules.shadow)):
            options: dict[str, Any] = {t.text("None"): NOBODY}
            options |= {t.text("version {n}", n=n): f":{n}" for n in numbers}
            kept = _value(target)
            if kept and kept not in options.values():
                options[kept.lstrip(":@")] = kept
            fresh = rules != self._rules or widget.value not in options.values()
            widget.param.update(options=options, value=kept if fresh else widget.value)
        if rules != self._rules:
            self._rules = rules
            self._by_key.value = rules.by_key
            if rules.challenger is not None:
                self._share.value = round(rules.share * 100, 4)
        self._fit()

    async def compare(self) -> None:
        """Read anew how the versions answered."""
        beside = self._page.platform.traffic.beside
        made = await blocking(beside, self._endpoint, numbers=self._numbers)
        rules = self._rules or DeploymentRules()
        self._beside.show(beside_view(made, rules, self._page.t))

    async def _on_save(self) -> None:
        self._saved.show(None)
        service = self._page.platform.deployments
        known = await blocking(service.rules, self._endpoint)
        challenger = _target(self._challenger.value)
        rules = replace(
            known,
            challenger=challenger,
            share=self._asked_share() if challenger else 0.0,
            by_key=bool(self._by_key.value) if challenger else False,
            shadow=_target(self._shadow.value),
        )
        await blocking(service.set_rules, self._endpoint, rules)
        self._rules = rules
        self._saved.show(tag("span", self._page.t.text("Saved"), class_="muted", role="status"))
        await self.compare()

    def _asked_share(self) -> float:
        share = self._share.value
        if share is None or self._share.bad or not 0 < share <= 100:
            raise InvalidError("Write a share between 0 and 100 percent.")
        return float(share) / 100


def _value(target: Target | None) -> str:
    if target is None:
        return NOBODY
    return f"@{target.alias}" if target.alias else f":{target.version}"


def _target(value: str) -> Target | None:
    if value == NOBODY:
        return None
    name = value[1:]
    return Target(alias=name) if value.startswith("@") else Target(version=int(name))
