"""What goes through an endpoint, as it goes."""

from __future__ import annotations

from typing import Any

import panel_material_ui as pmui

from freemlops.domain.model import DeploymentRules
from freemlops.services.traffic import Flow
from freemlops.ui.charts.traffic import TrafficCharts
from freemlops.ui.components.fold import fold
from freemlops.ui.components.safe import Html, tag
from freemlops.ui.components.traffic_view import figures, legend, no_traffic, quantile_legend
from freemlops.ui.pages.base import PageView, column
from freemlops.ui.pages.deployment_answer import DeploymentAnswer
from freemlops.ui.pages.deployment_log import DeploymentLog
from freemlops.ui.session import blocking

EVERY_MS = 5000
HOUR, DAY, WEEK = 60, 24 * 60, 7 * 24 * 60


class DeploymentTraffic:
    """Looks again every few seconds, while it is open. `view` is a fold."""

    def __init__(self, page: PageView, endpoint: str) -> None:
        self._page, self._endpoint = page, endpoint
        t = page.t
        self._rules = DeploymentRules()
        self._charts = TrafficCharts(t)
        self._bars, self._figures = Html(), Html()
        self._empty = Html(visible=False)
        lines = Html(tag("div", tag("h3", t.text("How long they took")), quantile_legend()))
        self._drawn = column(
            self._bars, self._charts.requests, lines, self._charts.took, self._figures,
            gap=8, visible=False,
        )  # fmt: skip
        self._time = pmui.RadioButtonGroup(
            label=t.text("Time shown"),
            options={t.text("Hour"): HOUR, t.text("Day"): DAY, t.text("Week"): WEEK},
            value=HOUR,
            css_classes=["fm-traffic-time"],
            margin=0,
        )
        self._time.param.watch(self._again, "value")
        self._log = DeploymentLog(page, endpoint)
        origin = DeploymentAnswer(page, endpoint)
        content = column(
            self._time, self._empty, self._drawn, origin.view, self._log.view, gap=16,
            styles={"padding": "8px 0"},
        )  # fmt: skip
        self.view = fold(t.text("Traffic"), content, "fm-traffic")
        self.view.param.watch(self._again, "active")
        page.session.every(EVERY_MS, self._again)

    @property
    def _is_open(self) -> bool:
        return bool(self.view.active)

    def show_rules(self, rules: DeploymentRules) -> None:
        self._rules = rules
        self._log.show(rules)

    async def _again(self, *_events: Any) -> None:
        if self._is_open:
            async with self._page.attempt(fresh=False):
                flow = self._page.platform.traffic.flow
                self._show(await blocking(flow, self._endpoint, int(self._time.value)))

    def _show(self, flow: Flow) -> None:
        t = self._page.t
        self._drawn.visible = not flow.is_empty
        self._empty.show(no_traffic(self._rules, t) if flow.is_empty else None)
        if flow.is_empty:
            return
        title = {60: t.text("Requests a minute"), 900: t.text("Requests every 15 minutes")}
        heading = title.get(flow.step_s, t.text("Requests every 2 hours"))
        self._bars.show(tag("div", tag("h3", heading), legend(flow, t)))
        self._charts.show(flow)
        self._figures.show(figures(flow, self._rules, t))
