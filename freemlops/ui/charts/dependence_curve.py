"""How the answer moves with one column, and where the data is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import panel as pn
from bokeh.models import ColumnDataSource, HoverTool
from bokeh.plotting import figure

from freemlops.domain.explanation import Dependence
from freemlops.i18n import Translator
from freemlops.ui.charts.axis import QUIET, short, written
from freemlops.ui.theme import LINE

FLOOR = 0.22
"""Share of the height for the bars that say how many rows there are."""


def dependence_curve(
    made: Dependence, answer: str, t: Translator, names: tuple[str, ...], said: tuple[str, ...]
) -> pn.pane.Bokeh:
    """`names` are the points in words, `said` the mean answer at each."""
    plot = _ordered(made, said, t) if made.edges else _named(made, names, said)
    plot.yaxis.axis_label = answer
    plot.xaxis.axis_label = short([made.column], 60)[0]
    low = min(min(line) for line in (made.curve, *made.lines))
    low = 0.0 if made.of is not None else low
    written(plot.yaxis, t, percent=made.of is not None, low=low)
    return pn.pane.Bokeh(plot, sizing_mode="stretch_width", margin=0)


def _figure(**options: Any) -> figure:
    return figure(
        height=330, sizing_mode="stretch_width", toolbar_location=None, tools="", **options
    )


def _ordered(made: Dependence, said: tuple[str, ...], t: Translator) -> figure:
    """Lines over numbers or dates; what is missing has no place on them."""
    kept = [at for at, p in enumerate(made.points) if p is not None]
    is_date = bool(kept) and isinstance(made.points[kept[0]], str)
    x = [_moment(made.points[at]) if is_date else float(made.points[at]) for at in kept]
    edges = [e * 1000 for e in made.edges] if is_date else list(made.edges)
    lines = [[line[at] for at in kept] for line in made.lines]
    curve = [made.curve[at] for at in kept]
    plot = _figure(**({"x_axis_type": "datetime"} if is_date else {}))
    if not is_date:
        written(plot.xaxis, t)
    bottom, tall = _floor([*lines, curve])
    most = max(made.counts, default=0) or 1
    tops = [bottom + tall * count / most for count in made.counts]
    plot.quad(left=edges[:-1], right=edges[1:], bottom=bottom, top=tops, color=QUIET, alpha=0.3)
    plot.multi_line([x] * len(lines), lines, color=QUIET, alpha=0.45, line_width=1)
    source = ColumnDataSource({"x": x, "y": curve, "said": [said[at] for at in kept]})
    plot.line("x", "y", source=source, color=LINE, line_width=3)
    dots = plot.scatter("x", "y", source=source, color=LINE, size=7)
    plot.add_tools(HoverTool(renderers=[dots], tooltips="@said", mode="mouse"))
    plot.y_range.start = bottom
    return plot


def _named(made: Dependence, names: tuple[str, ...], said: tuple[str, ...]) -> figure:
    """Dots over names: the mean large, single rows small beside one another."""
    labels = short(names, 16)
    plot = _figure(x_range=labels)
    bottom, tall = _floor([*made.lines, made.curve])
    most = max(made.counts, default=0) or 1
    tops = [bottom + tall * count / most for count in made.counts]
    plot.vbar(x=labels, top=tops, bottom=bottom, width=0.7, color=QUIET, alpha=0.3)
    for at, line in enumerate(made.lines):
        shift = 0.5 * (at / max(1, len(made.lines) - 1) - 0.5)
        plot.scatter([(name, shift) for name in labels], list(line), color=QUIET, alpha=0.5, size=4)
    source = ColumnDataSource({"x": labels, "y": list(made.curve), "said": list(said)})
    dots = plot.scatter("x", "y", source=source, color=LINE, size=13)
    plot.add_tools(HoverTool(renderers=[dots], tooltips="@said", mode="mouse"))
    plot.xgrid.grid_line_color = None
    plot.y_range.start = bottom
    if sum(len(label) for label in labels) > 40:
        plot.xaxis.major_label_orientation = 0.7
    return plot


def _floor(lines: list[Any]) -> tuple[float, float]:
    """Where the bars of the counts stand, below all lines, and how tall the tallest is."""
    values = [v for line in lines for v in line] or [0.0]
    span = (max(values) - min(values)) or abs(max(values)) or 1.0
    return min(values) - FLOOR * span, FLOOR * span * 0.8


def _moment(text: Any) -> float:
    """Milliseconds since 1970, as date axes count."""
    return datetime.fromisoformat(str(text)).replace(tzinfo=UTC).timestamp() * 1000
