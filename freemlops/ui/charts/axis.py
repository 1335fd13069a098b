"""Axes and bars that several charts draw alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bokeh.models import CustomJSTickFormatter, Span
from bokeh.plotting import figure

from freemlops.domain.labels import short
from freemlops.i18n import Translator

_WRITE = "return tick < low ? '' : new Intl.NumberFormat(lang, options).format(tick)"
_NUMBER = {"maximumSignificantDigits": 4}
_PERCENT = {"style": "percent", "maximumFractionDigits": 1}
__all__ = ["QUIET", "across", "short", "written"]

QUIET = "#8b9a9b"
"""What matters less, on both surfaces."""


def written(axes: Any, t: Translator, *, percent: bool = False, low: float = -1e300) -> None:
    """Write the numbers of these axes as the reader does, none below `low`."""
    options = _PERCENT if percent else _NUMBER
    given = {"lang": t.language.replace("_", "-"), "options": options, "low": low}
    for axis in axes:
        axis.formatter = CustomJSTickFormatter(args=given, code=_WRITE)


def across(names: Sequence[str]) -> figure:
    """An empty chart of bars that lie, the first name on top, with a line at 0."""
    plot = figure(
        y_range=list(reversed(names)),
        height=46 + 30 * len(names),
        sizing_mode="stretch_width",
        toolbar_location=None,
        tools="",
    )
    plot.ygrid.grid_line_color = None
    plot.add_layout(
        Span(location=0, dimension="height", line_color=QUIET, line_width=1, level="underlay")
    )
    return plot
