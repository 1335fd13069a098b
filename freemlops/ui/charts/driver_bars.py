"""Which columns a model needs, with intervals."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import panel as pn
from bokeh.models import ColumnDataSource, HoverTool, TapTool

from freemlops.domain.explanation import Effect
from freemlops.i18n import Translator
from freemlops.ui.charts.axis import QUIET, across, short, written
from freemlops.ui.theme import LINE

MOST_BARS = 15


def driver_bars(
    effects: Sequence[Effect], title: str, t: Translator, choose: Callable[[str], None]
) -> pn.pane.Bokeh:
    """The first `MOST_BARS` columns; a click on a bar chooses its column."""
    shown = effects[:MOST_BARS]
    names = short([e.column for e in shown])
    scores = [e.by_metric for e in shown]
    source = ColumnDataSource(
        {
            "name": names,
            "value": [s.value for s in scores],
            "low": [s.low for s in scores],
            "high": [s.high for s in scores],
            "color": [LINE if e.matters else QUIET for e in shown],
            "said": [
                f"{t.number(s.value)} ({t.number(s.low)} – {t.number(s.high)})" for s in scores
            ],
        }
    )
    plot = across(names)
    written(plot.xaxis, t)
    bars = plot.hbar(
        y="name", right="value", height=0.62, color="color", source=source,
        nonselection_alpha=0.55, selection_alpha=1.0,
    )  # fmt: skip
    plot.segment(
        x0="low", x1="high", y0="name", y1="name", source=source, line_width=2, color=QUIET,
        nonselection_alpha=1.0,
    )  # fmt: skip
    plot.add_tools(
        HoverTool(renderers=[bars], tooltips=[(title, "@said")], point_policy="follow_mouse"),
        TapTool(renderers=[bars]),
    )

    def tapped(_name: str, _old: object, new: list[int]) -> None:
        if new:
            choose(shown[new[0]].column)

    source.selected.on_change("indices", tapped)
    return pn.pane.Bokeh(plot, sizing_mode="stretch_width", margin=0)
