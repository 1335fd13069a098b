"""Requests over time by version, and how long they took."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import panel as pn
from bokeh.models import ColumnDataSource, CustomJSTickFormatter
from bokeh.plotting import figure

from freemlops.i18n import Translator
from freemlops.services.traffic import Flow
from freemlops.ui.charts.axis import QUIET, written
from freemlops.ui.charts.sheet import hover, pane
from freemlops.ui.theme import BASELINE, LINE, MANY

SIDES = ("x", "y", "right", "top", "color", "said")
ERRORS = "#c4453c"
QUANTILES = {"p50_ms": LINE, "p95_ms": BASELINE, "p99_ms": QUIET}
MOST_TICKS = 4
"""More of them run into one another on a telephone."""
_CLOCK = """
const at = new Date(tick)
const clock = at.toLocaleTimeString(lang, {hour: "2-digit", minute: "2-digit"})
return days ? at.toLocaleDateString(lang, {day: "2-digit", month: "2-digit"}) + " " + clock : clock
"""


def color_of(version: int) -> str:
    """The same for a version wherever it is shown."""
    return MANY[(version - 1) % len(MANY)]


class TrafficCharts:
    """Made once, then only their data changes. `requests` and `took` are the panes."""

    def __init__(self, t: Translator) -> None:
        self._t = t
        self._bars = ColumnDataSource({side: [] for side in SIDES})
        self._lines = ColumnDataSource({"x": [], "said": [], **{q: [] for q in QUANTILES}})
        self._clock = CustomJSTickFormatter(
            args={"lang": t.language.replace("_", "-"), "days": False}, code=_CLOCK
        )
        self._plots = (
            self._sheet(t.text("Requests"), 240),
            self._sheet(t.text("Milliseconds"), 220),
        )
        bars, lines = self._plots
        quads = bars.quad(
            left="x", right="right", bottom="y", top="top", color="color", source=self._bars,
            line_width=0,
        )  # fmt: skip
        hover(bars, [quads])
        dots = []
        for name, color in QUANTILES.items():
            lines.line("x", name, source=self._lines, color=color, line_width=2)
            dots.append(lines.scatter("x", name, source=self._lines, color=color, size=5))
        hover(lines, dots)
        self.requests, self.took = pane(bars), pane(lines)

    def _sheet(self, title: str, height: int) -> figure:
        plot = figure(
            height=height,
            sizing_mode="stretch_width",
            x_axis_type="datetime",
            y_axis_label=title,
            toolbar_location=None,
            tools="",
        )
        plot.y_range.start = 0
        plot.xaxis.formatter = self._clock
        plot.xaxis.ticker.desired_num_ticks = MOST_TICKS
        written(plot.yaxis, self._t)
        plot.x_range.update(start=0, end=1)
        return plot

    def show(self, flow: Flow) -> None:
        bars, lines = bar_columns(flow, self._t), line_columns(flow, self._t)
        step, start = flow.step_s * 1000, _ms(flow.since)
        # the last span is there as a whole, though it goes on
        ends = {"start": start, "end": _ms(flow.until) // step * step + step}
        days = flow.until - flow.since > timedelta(hours=25)

        def draw() -> None:
            self._clock.args = {**self._clock.args, "days": days}
            self._bars.data, self._lines.data = bars, lines
            for plot in self._plots:
                plot.x_range.update(**ends)

        # Bokeh's own models may only be touched under the document's lock
        pn.state.execute(draw, schedule=True)


def bar_columns(flow: Flow, t: Translator) -> dict[str, list[Any]]:
    """The sides of the bars, one on the other: versions, then errors."""
    made: dict[str, list[Any]] = {side: [] for side in SIDES}
    heights: dict[datetime, float] = {}
    width = flow.step_s * 1000

    def add(at: datetime, count: int, color: str, said: str) -> None:
        low = heights.get(at, 0)
        heights[at] = low + count
        side = _ms(at)
        values = (side + width * 0.06, low, side + width * 0.94, low + count, color, said)
        for name, value in zip(made, values, strict=True):
            made[name].append(value)

    for one in flow.spans:
        said = t.text("version {n}", n=one["version"])
        words = f"{t.datetime(one['began'])} · {said}: {t.number(one['requests'], 0)}"
        add(one["began"], one["requests"], color_of(one["version"]), words)
    for error in flow.errors:
        said = t.text("errors ({status})", status=str(error.status))
        add(error.at, error.count, ERRORS, f"{t.datetime(error.at)} · {said}: {error.count}")
    return made


def line_columns(flow: Flow, t: Translator) -> Mapping[str, Sequence[Any]]:
    """Quantiles in the middle of their spans; a span without requests breaks the lines."""
    half, width = flow.step_s * 500, flow.step_s * 1000
    made: dict[str, list[Any]] = {"x": [], "said": [], **{n: [] for n in QUANTILES}}
    before = None
    for one in flow.latencies:
        x = _ms(one["began"]) + half
        if before is not None and x - before > width * 1.5:
            made["x"].append(before + width)
            made["said"].append("")
            for name in QUANTILES:
                made[name].append(float("nan"))
        made["x"].append(x)
        values = [f"{n[:3]}: {t.number(one[n])} ms" for n in QUANTILES]
        made["said"].append(f"{t.datetime(one['began'])} · {', '.join(values)}")
        for name in QUANTILES:
            made[name].append(one[name])
        before = x
    return made


def _ms(at: datetime) -> float:
    return at.timestamp() * 1000
