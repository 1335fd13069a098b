"""The best score over time against the baseline."""

from __future__ import annotations

from collections.abc import Sequence

import panel as pn
from bokeh.models import ColumnDataSource, CustomJSTickFormatter, HoverTool
from bokeh.plotting import figure

from freemlops.i18n import Translator
from freemlops.ui.theme import BASELINE, LINE

_FORMAT = "return new Intl.NumberFormat(lang, {maximumFractionDigits: 4}).format(tick)"


class ScoreLine:
    """A step line that grows; made once, then only its data changes. `view` is the pane."""

    def __init__(self, t: Translator, metric: str) -> None:
        self._best = ColumnDataSource({"x": [], "y": []})
        self._base = ColumnDataSource({"x": [], "y": []})
        plot = figure(
            height=260,
            sizing_mode="stretch_width",
            toolbar_location=None,
            tools="",
            x_axis_label=t.text("Seconds"),
            y_axis_label=metric,
        )
        language = t.language.replace("_", "-")
        for axis in (*plot.xaxis, *plot.yaxis):
            axis.formatter = CustomJSTickFormatter(args={"lang": language}, code=_FORMAT)
        plot.line("x", "y", source=self._base, color=BASELINE, line_width=2, line_dash="dashed")
        line = plot.step("x", "y", source=self._best, mode="after", color=LINE, line_width=3)
        dots = plot.scatter("x", "y", source=self._best, color=LINE, size=7)
        tips = [(t.text("Seconds"), "@x{0.0}"), (metric, "@y{0.0000}")]
        plot.add_tools(HoverTool(renderers=[line, dots], tooltips=tips, mode="mouse"))
        plot.x_range.start = 0
        self._plot = plot
        self.view = pn.pane.Bokeh(plot, sizing_mode="stretch_width", margin=0)

    def show(
        self, best: Sequence[tuple[float, float]], baseline: float | None, until_s: float
    ) -> None:
        """Draw the best so far, held level up to `until_s`, and the baseline across."""
        points = list(best)
        if points and until_s > points[-1][0]:
            points.append((until_s, points[-1][1]))
        line = {"x": [x for x, _ in points], "y": [y for _, y in points]}
        level = {"x": [0, max(until_s, 1)], "y": [baseline, baseline]}

        def draw() -> None:
            self._best.data = line
            if baseline is not None:
                self._base.data = level

        # Once on a page, Bokeh's own models may only be touched under the document's lock, which
        # an awaited thread has let go.
        if self._plot.document is None:
            draw()
        else:
            pn.state.execute(draw, schedule=True)
