"""How good the best model is with fewer rows to learn from."""

from __future__ import annotations

from bokeh.models import ColumnDataSource
from bokeh.plotting import figure

from freemlops.domain.learning import LearningCurve
from freemlops.domain.metric import METRICS
from freemlops.i18n import Translator
from freemlops.report.learning import learning_rows
from freemlops.ui.charts.axis import QUIET
from freemlops.ui.charts.sheet import hover, sheet
from freemlops.ui.theme import LINE


def learning_line(made: LearningCurve, t: Translator) -> figure:
    """Rows to the right, the score up with its interval."""
    plot = sheet(t, t.text("Rows learned from"), t.text(METRICS[made.metric].title))
    _, lines = learning_rows(made, t)
    source = ColumnDataSource(
        {
            "x": [p.rows for p in made.points],
            "y": [p.score.value for p in made.points],
            "low": [p.score.low for p in made.points],
            "high": [p.score.high for p in made.points],
            "said": [f"{rows}: {score} ({likely})" for rows, score, likely, _ in lines],
        }
    )
    plot.segment("x", "low", "x", "high", source=source, color=QUIET, line_width=2)
    plot.line("x", "y", source=source, color=LINE, line_width=3)
    dots = plot.scatter("x", "y", source=source, color=LINE, size=10)
    hover(plot, [dots])
    plot.x_range.start = 0
    return plot
