"""A metric for each group, with intervals, beside that of all rows."""

from __future__ import annotations

from bokeh.models import ColumnDataSource, Span
from bokeh.plotting import figure

from freemlops.domain.evaluation.groups import GroupReport
from freemlops.i18n import Translator
from freemlops.i18n.phrases import group_name
from freemlops.ui.charts.axis import QUIET, across, short, written
from freemlops.ui.charts.sheet import hover
from freemlops.ui.theme import BASELINE, LINE


def group_bars(made: GroupReport, t: Translator) -> figure:
    """Groups that differ by more than chance in the colour of warnings."""
    groups = [g for g in made.groups if g.value is not None]
    names = short([group_name(g.label, t, truths=made.truths) for g in groups], 22)
    plot = across(names)
    written(plot.xaxis, t)
    source = ColumnDataSource(
        {
            "name": names,
            "value": [g.value for g in groups],
            "low": [g.low if g.low is not None else g.value for g in groups],
            "high": [g.high if g.high is not None else g.value for g in groups],
            "color": [BASELINE if g.apart else LINE for g in groups],
            "said": [
                f"{n}: {t.number(g.value)} ({t.number(g.low)} – {t.number(g.high)}), "
                f"{t.number(g.count, 0)} {t.text('rows')}"
                for n, g in zip(names, groups, strict=True)
            ],
        }
    )
    plot.segment("low", "name", "high", "name", source=source, color=QUIET, line_width=2)
    dots = plot.scatter("value", "name", source=source, color="color", size=12)
    if made.overall is not None:
        plot.add_layout(
            Span(location=made.overall, dimension="height", line_color=QUIET, line_dash="dashed")
        )
    hover(plot, [dots])
    return plot
