"""The same curve of several runs in one chart; a click on a name of the legend hides its line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from bokeh.plotting import figure

from freemlops.domain.evaluation.curves import Curve
from freemlops.i18n import Translator
from freemlops.ui.charts import result_lines as lines
from freemlops.ui.charts.result_lines import Over

DASHES: Final[tuple[str | tuple[int, ...], ...]] = ("solid", (12, 4), (5, 4), (12, 4, 3, 4))
type Draw = Callable[[Any, Translator, Over | None], figure]

DRAWN: Final[dict[str, Draw]] = {
    "roc": lines.roc,
    "precision_recall": lines.precision_recall,
    "calibration": lines.calibration,
    "gain": lines.gain,
    "truth_by_answer": lines.truth_by_answer,
    "residuals": lines.residuals,
    "errors": lines.errors,
}


def overlaid(name: str, parts: Sequence[tuple[str, str, Curve]], t: Translator) -> figure:
    """`parts` are the label, colour and curve of each run, at least one."""
    plot: figure | None = None
    for place, (label, color, curve) in enumerate(parts):
        over = Over(plot, color, label, DASHES[place % len(DASHES)])
        plot = DRAWN[name](curve, t, over)
    assert plot is not None
    legend_above(plot)
    return plot


def legend_above(plot: figure) -> None:
    """Outside of the picture, where it covers no line, in one row."""
    legend = plot.legend[0]
    plot.add_layout(legend, "above")
    legend.orientation = "horizontal"
    legend.click_policy = "hide"
    legend.padding, legend.margin = 2, 0
    legend.glyph_width, legend.label_standoff, legend.spacing = 14, 3, 5  # eight fit a telephone
