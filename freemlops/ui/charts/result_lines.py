"""Plots of a result that are lines: ROC, precision and recall, gain, cost, calibration, errors."""

from __future__ import annotations

from collections.abc import Sequence

from bokeh.models import ColumnDataSource, Span
from bokeh.plotting import figure

from freemlops.domain.evaluation.curves import (
    Calibration,
    CostCurve,
    ErrorQuantiles,
    Gain,
    OneVersusRest,
    PrecisionRecall,
    Roc,
)
from freemlops.i18n import Translator
from freemlops.ui.charts.axis import QUIET, short, written
from freemlops.ui.charts.sheet import hover, sheet
from freemlops.ui.theme import BASELINE, LINE

MANY = ("#0f8a84", "#c2761b", "#5b6bbf", "#b0507b", "#6d8b2f", "#8b5cb1", "#3d8fc4", "#a8593a")
"""Lines of several classes, readable on both surfaces."""


def roc(made: Roc, t: Translator) -> figure:
    names = t.text("False alarms"), t.text("“{name}” found", name=made.label)
    plot = sheet(t, *names, shares=(True, True))
    _diagonal(plot)
    at = t.text("threshold")
    said = [
        f"{names[1]}: {t.percent(y, 1)}, {names[0]}: {t.percent(x, 1)}, {at}: {t.number(c)}"
        for x, y, c in zip(made.false_alarms, made.found, made.thresholds, strict=True)
    ]
    _line(plot, made.false_alarms, made.found, said)
    return plot


def precision_recall(made: PrecisionRecall, t: Translator) -> figure:
    names = t.text("“{name}” found", name=made.label), t.text("Right when it says “yes”")
    plot = sheet(t, *names, shares=(True, True), y_range=(-0.02, 1.04))
    _percent_y(plot, t)
    plot.add_layout(_level(made.share))
    at = t.text("threshold")
    said = [
        f"{names[1]}: {t.percent(y, 1)}, {names[0]}: {t.percent(x, 1)}, {at}: {t.number(c)}"
        for x, y, c in zip(made.recall, made.precision, made.thresholds, strict=True)
    ]
    _line(plot, made.recall, made.precision, said)
    return plot


def gain(made: Gain, t: Translator) -> figure:
    names = t.text("Rows looked at, the likeliest first"), t.text("“{name}” found", name=made.label)
    plot = sheet(t, *names, shares=(True, True))
    _diagonal(plot)
    times = t.text("times as many as by chance")
    said = [
        f"{t.percent(x, 1)} → {t.percent(y, 1)}: {t.number(lift, 1)} {times}"
        for x, y, lift in zip(made.looked, made.found, made.lift, strict=True)
    ]
    _line(plot, made.looked, made.found, said)
    return plot


def cost(made: CostCurve, t: Translator) -> figure:
    names = t.text("Threshold"), t.text("Cost of all test rows")
    plot = sheet(t, *names, shares=(True, False))
    plot.add_layout(_level(made.never))
    plot.add_layout(Span(location=made.best, dimension="height", line_color=LINE, line_width=1))
    said = [
        f"{t.percent(x, 1)}: {t.number(y)}"
        for x, y in zip(made.thresholds, made.costs, strict=True)
    ]
    _line(plot, made.thresholds, made.costs, said)
    return plot


def errors(made: ErrorQuantiles, t: Translator) -> figure:
    names = t.text("Share of the rows"), t.text("Misses by at most")
    plot = sheet(t, *names, shares=(True, False))
    said = [
        f"{t.percent(x, 1)}: {t.number(y)}" for x, y in zip(made.shares, made.errors, strict=True)
    ]
    _line(plot, made.shares, made.errors, said)
    return plot


def one_versus_rest(made: OneVersusRest, t: Translator) -> figure:
    plot = sheet(t, t.text("False alarms"), t.text("Found"), shares=(True, True))
    _diagonal(plot)
    labels = short([c.label for c in made.curves], 18)
    for place, (curve, label) in enumerate(zip(made.curves, labels, strict=True)):
        said = [
            f"{label}: {t.percent(y, 1)}, {t.text('False alarms')}: {t.percent(x, 1)}"
            for x, y in zip(curve.false_alarms, curve.found, strict=True)
        ]
        color = MANY[place % len(MANY)]
        _line(plot, curve.false_alarms, curve.found, said, color, label)
    plot.legend.location = "bottom_right"
    plot.legend.background_fill_alpha = 0.5
    return plot


def calibration(made: Calibration, t: Translator) -> figure:
    names = t.text("Probability that it gave"), t.text("How often it was so")
    plot = sheet(t, *names, shares=(True, True))
    _diagonal(plot)
    bins = made.bins
    rows = t.text("rows")
    source = ColumnDataSource(
        {
            "x": [b.said for b in bins],
            "y": [b.happened for b in bins],
            "low": [b.happened_low for b in bins],
            "high": [b.happened_high for b in bins],
            "size": _sizes([b.count for b in bins]),
            "said": [
                f"{t.percent(b.said, 1)} → {t.percent(b.happened, 1)} "
                f"({t.percent(b.happened_low, 1)} – {t.percent(b.happened_high, 1)}), "
                f"{t.number(b.count, 0)} {rows}"
                for b in bins
            ],
        }
    )
    plot.segment("x", "low", "x", "high", source=source, color=QUIET, line_width=2)
    plot.line("x", "y", source=source, color=LINE, line_width=2)
    dots = plot.scatter("x", "y", source=source, color=LINE, size="size")
    hover(plot, [dots])
    return plot


def _sizes(counts: Sequence[int]) -> list[float]:
    most = max(counts, default=0) or 1
    return [6 + 12 * (count / most) ** 0.5 for count in counts]


def _line(
    plot: figure,
    x: Sequence[float],
    y: Sequence[float],
    said: Sequence[str],
    color: str = LINE,
    label: str = "",
) -> None:
    source = ColumnDataSource({"x": list(x), "y": list(y), "said": list(said)})
    named = {"legend_label": label} if label else {}
    line = plot.line("x", "y", source=source, color=color, line_width=3, **named)
    hover(plot, [line])


def _diagonal(plot: figure) -> None:
    plot.line([0, 1], [0, 1], color=BASELINE, line_width=2, line_dash="dashed")


def _level(value: float) -> Span:
    return Span(
        location=value, dimension="width", line_color=BASELINE, line_width=2, line_dash="dashed"
    )


def _percent_y(plot: figure, t: Translator) -> None:
    written(plot.yaxis, t, percent=True)
