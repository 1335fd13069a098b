"""What an endpoint keeps of what it is asked."""

from __future__ import annotations

from dataclasses import replace

import panel_material_ui as pmui

from freemlops.domain.errors import InvalidError
from freemlops.domain.model import DeploymentRules
from freemlops.ui.components.button import secondary
from freemlops.ui.components.number import NumberField
from freemlops.ui.components.safe import Html, tag
from freemlops.ui.pages.base import PageView, column, grid, row
from freemlops.ui.session import blocking

ALL, PART, NONE = "all", "part", "none"


class DeploymentLog:
    """A small form over the rules of the log. `view` stands below the charts."""

    def __init__(self, page: PageView, endpoint: str) -> None:
        self._page, self._endpoint = page, endpoint
        self._shown: DeploymentRules | None = None
        t = page.t
        wide = {"sizing_mode": "stretch_width", "margin": 0}
        self._kind = pmui.Select(
            label=t.text("What is logged"),
            options={
                t.text("Every request"): ALL,
                t.text("A share of the requests"): PART,
                t.text("Nothing"): NONE,
            },
            value=ALL,
            css_classes=["fm-log-kind"],
            **wide,
        )
        self._share = NumberField(
            t, label=t.text("Share in percent"), value=10, css_classes=["fm-log-share"], **wide
        )
        self._shared = column(self._share)
        self._days = NumberField(
            t, label=t.text("Kept for, in days"), value=30, whole=True,
            css_classes=["fm-log-days"], **wide,
        )  # fmt: skip
        self._inputs = pmui.Switch(
            label=t.text("Keep the rows that were asked"), value=True, css_classes=["fm-log-inputs"]
        )
        self._kind.param.watch(lambda _event: self._fit(), "value")
        save = secondary(t.text("Save"), "fm-log-save")
        page.clicked(save, self._on_save)
        self._saved = Html(visible=False)
        about = t.text(
            "Without the rows, only the answers, the times and the versions are kept: for data "
            "that nobody else may see."
        )
        self.view = column(
            Html(tag("h3", t.text("What is kept"))),
            grid(self._kind, self._shared, self._days),
            self._inputs,
            Html(tag("p", about, class_="muted small")),
            row(save, self._saved),
            gap=12,
        )
        self._fit()

    def show(self, rules: DeploymentRules) -> None:
        """What another tab saved shows, what is being typed here stays until then."""
        if rules == self._shown:
            return
        self._shown = rules
        kind = ALL if rules.log_share >= 1 else PART if rules.log_share > 0 else NONE
        self._kind.value = kind
        if kind == PART:
            self._share.value = round(rules.log_share * 100, 4)
        self._days.value, self._inputs.value = rules.log_days, rules.log_inputs
        self._fit()

    def _fit(self) -> None:
        self._shared.visible = self._kind.value == PART

    async def _on_save(self) -> None:
        self._saved.show(None)
        t, service = self._page.t, self._page.platform.deployments
        known = await blocking(service.rules, self._endpoint)
        rules = replace(
            known,
            log_share=self._asked_share(),
            log_inputs=bool(self._inputs.value),
            log_days=int(self._days.value or 0),
        )
        await blocking(service.set_rules, self._endpoint, rules)
        self._shown = rules
        self._saved.show(tag("span", t.text("Saved"), class_="muted", role="status"))

    def _asked_share(self) -> float:
        if self._kind.value != PART:
            return 1.0 if self._kind.value == ALL else 0.0
        share = self._share.value
        if share is None or self._share.bad or not 0 < share < 100:
            raise InvalidError("Write a share between 0 and 100 percent.")
        return float(share) / 100
