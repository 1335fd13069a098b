"""Plots of a result that are lines: ROC, precision and recall, gain, cost, calibration, errors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bokeh.models import ColumnDataSource, Span
from bokeh.plotting import figure

from freemlops.domain.evaluation.curves import (
    Calibration,
    CostCurve,
    ErrorQuantiles,
    Gain,
    Histogram,
    OneVersusRest,
    PrecisionRecall,
    Roc,
)
from freemlops.i18n import Translator
from freemlops.ui.charts.axis import QUIET, short, written
from freemlops.ui.charts.sheet import hover, sheet
from freemlops.ui.theme import BASELINE, LINE, MANY


@dataclass(frozen=True, slots=True)
class Over:
    """A line among others: drawn into `plot`, or into a new one when that is None. Lines that
    run alike are still seen when their `dash` differs."""

    plot: figure | None
    color: str
    label: str
    dash: str | Sequence[int] = "solid"


def roc(made: Roc, t: Translator, over: Over | None = None) -> figure:
    names = t.text("False alarms"), t.text("“{name}” found", name=made.label)
    plot = over.plot if over else None
    if plot is None:
        plot = sheet(t, *names, shares=(True, True))
        _diagonal(plot)
    at = t.text("threshold")
    said = [
        f"{names[1]}: {t.percent(y, 1)}, {names[0]}: {t.percent(x, 1)}, {at}: {t.number(c)}"
        for x, y, c in zip(made.false_alarms, made.found, made.thresholds, strict=True)
    ]
    _line(plot, made.false_alarms, made.found, said, over)
    return plot


def precision_recall(made: PrecisionRecall, t: Translator, over: Over | None = None) -> figure:
    names = t.text("“{name}” found", name=made.label), t.text("Right when it says “yes”")
    plot = over.plot if over else None
    if plot is None:
        plot = sheet(t, *names, shares=(True, True), y_range=(-0.02, 1.04))
        _percent_y(plot, t)
        plot.add_layout(_level(made.share))
    at = t.text("threshold")
    said = [
        f"{names[1]}: {t.percent(y, 1)}, {names[0]}: {t.percent(x, 1)}, {at}: {t.number(c)}"
        for x, y, c in zip(made.recall, made.precision, made.thresholds, strict=True)
    ]
    _line(plot, made.recall, made.precision, said, over)
    return plot


def gain(made: Gain, t: Translator, over: Over | None = None) -> figure:
    names = t.text("Rows looked at, the likeliest first"), t.text("“{name}” found", name=made.label)
    plot = over.plot if over else None
    if plot is None:
        plot = sheet(t, *names, shares=(True, True))
        _diagonal(plot)
    times = t.text("times as many as by chance")
    said = [
        f"{t.percent(x, 1)} → {t.percent(y, 1)}: {t.number(lift, 1)} {times}"
        for x, y, lift in zip(made.looked, made.found, made.lift, strict=True)
    ]
    _line(plot, made.looked, made.found, said, over)
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


def errors(made: ErrorQuantiles, t: Translator, over: Over | None = None) -> figure:
    names = t.text("Share of the rows"), t.text("Misses by at most")
    plot = (over.plot if over else None) or sheet(t, *names, shares=(True, False))
    said = [
        f"{t.percent(x, 1)}: {t.number(y)}" for x, y in zip(made.shares, made.errors, strict=True)
    ]
    _line(plot, made.shares, made.errors, said, over)
    return plot


def one_versus_rest(made: OneVersusRest, t: Translator) -> figure:
    plot = sheet(t, t.text("False alarms"), t.text("Found"), shares=(True, True))
    _diagonal(plot)
    labels = short([c.label for c in made.curves], 18)
    for place, (curve, label) in enumerate(zip(made.curves, labels, strict=True)):
        said = [
            f"{t.percent(y, 1)}, {t.text('False alarms')}: {t.percent(x, 1)}"
            for x, y in zip(curve.false_alarms, curve.found, strict=True)
        ]
        over = Over(plot, MANY[place % len(MANY)], label)
        _line(plot, curve.false_alarms, curve.found, said, over)
    plot.legend.location = "bottom_right"
    plot.legend.background_fill_alpha = 0.5
    return plot


def calibration(made: Calibration, t: Translator, over: Over | None = None) -> figure:
    names = t.text("Probability that it gave"), t.text("How often it was so")
    plot = over.plot if over else None
    if plot is None:
        plot = sheet(t, *names, shares=(True, True))
        _diagonal(plot)
    _bins(plot, made, t, lambda v: t.percent(v, 1), over)
    return plot


def truth_by_answer(made: Calibration, t: Translator, over: Over | None = None) -> figure:
    plot = over.plot if over else None
    if plot is None:
        plot = sheet(t, t.text("It said"), t.text("The truth"))
        ends = [v for b in made.bins for v in (b.low, b.high)]
        plot.line(
            [min(ends), max(ends)], [min(ends), max(ends)], color=BASELINE, line_width=2,
            line_dash="dashed",
        )  # fmt: skip
    _bins(plot, made, t, t.number, over)
    return plot


def residuals(made: Histogram, t: Translator, over: Over | None = None) -> figure:
    """As a line, which others may lie over; in shares of the rows, as their number may differ."""
    names = t.text("Answer minus truth"), t.text("Share of the rows")
    plot = (over.plot if over else None) or sheet(t, *names, shares=(False, True))
    middles = [(a + b) / 2 for a, b in zip(made.edges[:-1], made.edges[1:], strict=True)]
    shares = [c / max(made.rows, 1) for c in made.counts[0]]
    said = [
        f"{t.number(a)} – {t.number(b)}: {t.percent(share, 1)}"
        for a, b, share in zip(made.edges[:-1], made.edges[1:], shares, strict=True)
    ]
    _line(plot, middles, shares, said, over)
    return plot


def _bins(
    plot: figure,
    made: Calibration,
    t: Translator,
    write: Callable[[float], str],
    over: Over | None,
) -> None:
    bins = made.bins
    rows = t.text("rows")
    start = f"{over.label}. " if over and over.label else ""
    color = over.color if over else LINE
    source = ColumnDataSource(
        {
            "x": [b.said for b in bins],
            "y": [b.happened for b in bins],
            "low": [b.happened_low for b in bins],
            "high": [b.happened_high for b in bins],
            "size": _sizes([b.count for b in bins], 7 if over else 12),
            "said": [
                f"{start}{write(b.said)} → {write(b.happened)} "
                f"({write(b.happened_low)} – {write(b.happened_high)}), "
                f"{t.number(b.count, 0)} {rows}"
                for b in bins
            ],
        }
    )
    whiskers = color if over else QUIET
    named = {"legend_label": over.label} if over and over.label else {}
    plot.segment("x", "low", "x", "high", source=source, color=whiskers, line_width=2, **named)
    plot.line("x", "y", source=source, color=color, line_width=2, **named)
    dots = plot.scatter("x", "y", source=source, color=color, size="size", **named)
    hover(plot, [dots])


def _sizes(counts: Sequence[int], reach: float) -> list[float]:
    most = max(counts, default=0) or 1
    return [6 + reach * (count / most) ** 0.5 for count in counts]


def _line(
    plot: figure,
    x: Sequence[float],
    y: Sequence[float],
    said: Sequence[str],
    over: Over | None = None,
) -> None:
    label = over.label if over else ""
    told = [f"{label}. {words}" for words in said] if label else list(said)
    source = ColumnDataSource({"x": list(x), "y": list(y), "said": told})
    named = {"legend_label": label} if label else {}
    color = over.color if over else LINE
    dash = over.dash if over else "solid"
    line = plot.line("x", "y", source=source, color=color, line_width=3, line_dash=dash, **named)
    hover(plot, [line])


def _diagonal(plot: figure) -> None:
    plot.line([0, 1], [0, 1], color=BASELINE, line_width=2, line_dash="dashed")


def _level(value: float) -> Span:
    return Span(
        location=value, dimension="width", line_color=BASELINE, line_width=2, line_dash="dashed"
    )


def _percent_y(plot: figure, t: Translator) -> None:
    written(plot.yaxis, t, percent=True)
