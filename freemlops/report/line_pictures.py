"""Curves that are lines, as pictures: ROC, precision and recall, gain, calibration, errors."""

from __future__ import annotations

import math
from collections.abc import Sequence

from freemlops.domain.evaluation.curves import (
    Calibration,
    ErrorQuantiles,
    Gain,
    OneVersusRest,
    PrecisionRecall,
    Roc,
)
from freemlops.domain.labels import short
from freemlops.i18n import Translator
from freemlops.markup import Markup
from freemlops.report import axis, svg

FALSE_ALARMS = 0.1
LIKELIEST = 0.1
MOST_CURVES = 8
"""So many colours can be told apart."""


def roc(made: Roc, t: Translator) -> tuple[list[Markup], str]:
    plane = svg.Plane(
        axis.shares(t.text("False alarms"), t),
        axis.shares(t.text("“{name}” found", name=_cut(made.label)), t),
    )
    marks = [
        *svg.ground(plane),
        svg.line(plane, (0, 1), (0, 1), "guess"),
        svg.line(plane, made.false_alarms, made.found, "model"),
    ]
    found = _before(made.false_alarms, made.found, FALSE_ALARMS)
    about = t.text(
        "The area under the line is {area}. With false alarms for one “no” in ten, it finds "
        "{found} of “{label}”.",
        area=t.number(made.area, 3),
        found=t.percent(found),
        label=made.label,
    )
    return marks, about


def precision_recall(made: PrecisionRecall, t: Translator) -> tuple[list[Markup], str]:
    plane = svg.Plane(
        axis.shares(t.text("“{name}” found", name=_cut(made.label)), t),
        axis.shares(t.text("Right when it says “{name}”", name=_cut(made.label)), t),
    )
    marks = [
        *svg.ground(plane),
        svg.line(plane, (0, 1), (made.share, made.share), "guess"),
        svg.line(plane, made.recall, made.precision, "model"),
    ]
    about = t.text(
        "The average precision is {average}; guessing gets {share}.",
        average=t.number(made.average, 3),
        share=t.number(made.share, 3),
    )
    return marks, about


def gain(made: Gain, t: Translator) -> tuple[list[Markup], str]:
    plane = svg.Plane(
        axis.shares(t.text("Share of the rows looked at"), t),
        axis.shares(t.text("“{name}” found", name=_cut(made.label)), t),
    )
    marks = [
        *svg.ground(plane),
        svg.line(plane, (0, 1), (0, 1), "guess"),
        svg.line(plane, made.looked, made.found, "model"),
    ]
    found = _before(made.looked, made.found, LIKELIEST)
    about = t.text(
        "The tenth of the rows that it finds likeliest holds {found} of all “{label}”.",
        found=t.percent(found),
        label=made.label,
    )
    return marks, about


def calibration(made: Calibration, t: Translator) -> tuple[list[Markup], str]:
    plane = svg.Plane(
        axis.shares(t.text("Probability that it gave"), t),
        axis.shares(t.text("How often it was so"), t),
    )
    most = max((b.count for b in made.bins), default=1)
    marks = [*svg.ground(plane), svg.line(plane, (0, 1), (0, 1), "guess")]
    marks += [svg.span(plane, b.said, b.happened_low, b.happened_high, "interval")
              for b in made.bins]  # fmt: skip
    points = [(b.said, b.happened, 3 + 5 * math.sqrt(b.count / most)) for b in made.bins]
    marks += svg.dots(plane, points, "dot")
    about = t.text(
        "On average the probabilities are {error} away from what happened.",
        error=t.percent(made.error, 1),
    )
    return marks, about


def errors(made: ErrorQuantiles, t: Translator) -> tuple[list[Markup], str]:
    plane = svg.Plane(
        axis.shares(t.text("Share of the rows"), t),
        axis.numbers(t.text("Misses by at most"), made.errors, t, also=0.0),
    )
    marks = [*svg.ground(plane), svg.line(plane, made.shares, made.errors, "model")]
    about = t.text(
        "Half of the rows are missed by at most {half}, nine in ten by at most {most}.",
        half=t.number(_nearest(made, 0.5)),
        most=t.number(_nearest(made, 0.9)),
    )
    return marks, about


def one_versus_rest(made: OneVersusRest, t: Translator) -> tuple[list[Markup], str]:
    plane = svg.Plane(axis.shares(t.text("False alarms"), t), axis.shares(t.text("Class found"), t))
    shown = made.curves[:MOST_CURVES]
    marks = [*svg.ground(plane), svg.line(plane, (0, 1), (0, 1), "guess")]
    marks += [svg.line(plane, c.false_alarms, c.found, f"model c{i}") for i, c in enumerate(shown)]
    names = short([c.label for c in shown], 14)
    labels = [
        (f"{name} {t.number(c.area, 3)}", f"fill c{i}")
        for i, (name, c) in enumerate(zip(names, shown, strict=True))
    ]
    marks += svg.legend(labels, plane.right - 150, plane.bottom - 8 - 16 * (len(shown) - 1))
    if not shown:
        return marks, t.text("There is no class to draw.")
    best, worst = (f(made.curves, key=lambda c: c.area) for f in (max, min))
    about = t.text(
        "Best told from the others: “{best}” (area {most}). Worst: “{worst}” ({least}).",
        best=best.label,
        most=t.number(best.area, 3),
        worst=worst.label,
        least=t.number(worst.area, 3),
    )
    return marks, about


def _before(xs: Sequence[float], ys: Sequence[float], most: float) -> float:
    """The highest y where x is still at most `most`."""
    return max((y for x, y in zip(xs, ys, strict=True) if x <= most), default=0.0)


def _nearest(made: ErrorQuantiles, share: float) -> float:
    pairs = zip(made.shares, made.errors, strict=True)
    return min(pairs, key=lambda pair: abs(pair[0] - share), default=(0.0, math.nan))[1]


def _cut(name: str) -> str:
    return short([name])[0]
