"""The chart of a query's answer."""

from __future__ import annotations

from datetime import date
from typing import Any

import panel as pn
import pyarrow as pa
from bokeh.models import CustomJSTickFormatter, FactorRange
from bokeh.plotting import figure

from freemlops.i18n import Translator
from freemlops.ui.state.sql_lab import Kind, Plan, points
from freemlops.ui.theme import LINE

_FORMAT = "return new Intl.NumberFormat(lang, {maximumFractionDigits: 4}).format(tick)"


def query_chart(table: pa.Table, chart: Plan, t: Translator) -> tuple[pn.pane.Bokeh, int]:
    """The chart, and how many rows are not in it. Without hover: its HTML would be data's."""
    x, y, left_out = points(table, chart)
    y = [float(v) for v in y]
    options: dict[str, Any] = {}
    if chart.kind is Kind.BARS:
        x = _apart(x)
        options["x_range"] = FactorRange(factors=x)
    elif x and isinstance(x[0], date):
        options["x_axis_type"] = "datetime"
    plot = figure(
        height=340,
        sizing_mode="stretch_width",
        toolbar_location="right",
        tools="pan,wheel_zoom,box_zoom,reset,save",
        x_axis_label=chart.x,
        y_axis_label=chart.y,
        **options,
    )
    axes = plot.yaxis if options else (*plot.xaxis, *plot.yaxis)
    for axis in axes:
        axis.formatter = CustomJSTickFormatter(
            args={"lang": t.language.replace("_", "-")}, code=_FORMAT
        )
    if chart.kind is Kind.BARS:
        plot.vbar(x=x, top=y, width=0.8, color=LINE)
        plot.xaxis.major_label_orientation = 0.9
    elif chart.kind is Kind.LINE:
        plot.line(x, y, color=LINE, line_width=2)
        plot.scatter(x, y, color=LINE, size=5)
    else:
        plot.scatter(x, y, color=LINE, size=7, alpha=0.7)
    return pn.pane.Bokeh(plot, sizing_mode="stretch_width", margin=0), left_out


def _apart(names: list[str]) -> list[str]:
    """The same names told apart: an axis of names takes each once."""
    seen: dict[str, int] = {}
    made = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        made.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return made
