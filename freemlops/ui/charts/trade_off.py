"""What the quality of each model costs in time and size."""

from __future__ import annotations

from collections.abc import Sequence

from bokeh.models import ColumnDataSource
from bokeh.plotting import figure

from freemlops.domain.metric import METRICS
from freemlops.domain.run import Candidate
from freemlops.i18n import Translator
from freemlops.report.words import between, latency_text
from freemlops.ui.charts.axis import QUIET
from freemlops.ui.charts.sheet import hover, sheet
from freemlops.ui.components.words import family, score_text
from freemlops.ui.theme import BASELINE, LINE

SMALLEST, LARGEST = 9.0, 34.0
"""Points across."""


def shown(board: Sequence[Candidate], metric: str) -> list[Candidate]:
    """Those that have a score, a latency and a size."""
    return [c for c in board if metric in c.holdout and c.latency_ms and c.size_bytes]


def trade_off(board: Sequence[Candidate], metric: str, t: Translator) -> figure:
    """One answer's time to the right, the score up with its interval, the size as the area."""
    lines = shown(board, metric)
    scores = [c.holdout[metric] for c in lines]
    title = t.text(METRICS[metric].title)
    plot = sheet(t, t.text("Milliseconds for one answer"), title)
    largest = max(c.size_bytes or 1 for c in lines)
    source = ColumnDataSource(
        {
            "x": [c.latency_ms for c in lines],
            "y": [s.value for s in scores],
            "low": [s.value if s.low is None else s.low for s in scores],
            "high": [s.value if s.high is None else s.high for s in scores],
            "size": [
                max(SMALLEST, LARGEST * ((c.size_bytes or 1) / largest) ** 0.5) for c in lines
            ],
            "color": [BASELINE if c.family == "constant" else LINE for c in lines],
            "said": [
                f"{family(c.family, t)}: {score_text(s.value, t)} ({between(s, t)}), "
                f"{latency_text(c, t)}, {t.bytes(c.size_bytes)}"
                for c, s in zip(lines, scores, strict=True)
            ],
        }
    )
    plot.segment("x", "low", "x", "high", source=source, color=QUIET, line_width=2)
    dots = plot.scatter(
        "x", "y", source=source, size="size", color="color", fill_alpha=0.55, line_width=1
    )
    hover(plot, [dots])
    plot.x_range.start = 0
    return plot
