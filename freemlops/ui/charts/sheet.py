"""An empty chart as the plots of a result share it: size, tools in the reader's words, axes."""

from __future__ import annotations

from typing import Any

import panel as pn
from bokeh.models import BoxZoomTool, HoverTool, ResetTool, SaveTool
from bokeh.plotting import figure

from freemlops.i18n import Translator
from freemlops.ui.charts.axis import written

HEIGHT = 380


def sheet(
    t: Translator, x: str, y: str, *, shares: tuple[bool, bool] = (False, False), **options: Any
) -> figure:
    """`shares` tells which axes are shares of 1, and are written in percent."""
    plot = figure(
        height=HEIGHT,
        sizing_mode="stretch_width",
        x_axis_label=x,
        y_axis_label=y,
        tools=[
            BoxZoomTool(description=t.text("Zoom: draw a box")),
            ResetTool(description=t.text("The whole picture")),
            SaveTool(description=t.text("Save as PNG")),
        ],
        toolbar_location="above",
        **options,
    )
    plot.toolbar.logo = None
    plot.toolbar.active_drag = None  # a finger that scrolls the page must not zoom
    if "x_range" not in options:
        written(plot.xaxis, t, percent=shares[0])
    if "y_range" not in options:
        written(plot.yaxis, t, percent=shares[1])
    return plot


def hover(plot: figure, renderers: list[Any], said: str = "@said") -> None:
    """Show the column `said` of what is under the mouse."""
    plot.add_tools(HoverTool(renderers=renderers, tooltips=said, mode="mouse", visible=False))


def pane(plot: figure) -> pn.pane.Bokeh:
    return pn.pane.Bokeh(plot, sizing_mode="stretch_width", margin=0)
