"""What each column's value adds to one answer."""

from __future__ import annotations

from collections.abc import Sequence

import panel as pn
from bokeh.models import ColumnDataSource, HoverTool

from freemlops.i18n import Translator
from freemlops.ui.charts.axis import QUIET, across, short, written
from freemlops.ui.state.reasons import Reason
from freemlops.ui.theme import BASELINE, LINE

SURE = 1.96


def reason_bars(
    reasons: Sequence[Reason], title: str, t: Translator, *, percent: bool
) -> pn.pane.Bokeh:
    """To the right what raises the answer, to the left what lowers it."""
    names = short([r.label for r in reasons], 30)
    source = ColumnDataSource(
        {
            "name": names,
            "amount": [r.amount for r in reasons],
            "low": [r.amount - SURE * r.error for r in reasons],
            "high": [r.amount + SURE * r.error for r in reasons],
            "color": [LINE if r.amount >= 0 else BASELINE for r in reasons],
            "said": [r.said for r in reasons],
        }
    )
    plot = across(names)
    written(plot.xaxis, t, percent=percent)
    bars = plot.hbar(y="name", right="amount", height=0.62, color="color", source=source)
    plot.segment(
        x0="low", x1="high", y0="name", y1="name", source=source, line_width=2, color=QUIET
    )
    hover = HoverTool(renderers=[bars], tooltips=[(title, "@said")], point_policy="follow_mouse")
    plot.add_tools(hover)
    return pn.pane.Bokeh(plot, sizing_mode="stretch_width", margin=0)
