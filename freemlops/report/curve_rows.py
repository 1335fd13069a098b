"""The numbers behind a plot, line by line, in the reader's own writing."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from freemlops.domain.evaluation.curves import (
    ByClass,
    Calibration,
    Confusion,
    CostCurve,
    Curve,
    Density,
    ErrorQuantiles,
    Gain,
    Histogram,
    OneVersusRest,
    PrecisionRecall,
    ResidualsBy,
    Roc,
)
from freemlops.i18n import Translator
from freemlops.i18n.phrases import group_name

type Lines = list[list[str]]


def curve_rows(
    made: Curve, t: Translator, most: int, *, shares: bool = True
) -> tuple[list[str], Lines]:
    """The heads and the lines of a table; of long curves at most `most` lines, evenly apart.
    `shares`: a calibration is of probabilities."""
    share = partial(t.percent, digits=1)
    match made:
        case Roc():
            head = [t.text("Threshold"), t.text("Found"), t.text("False alarms")]
            return head, _zipped(
                most, (made.thresholds, t.number), (made.found, share), (made.false_alarms, share)
            )
        case PrecisionRecall():
            head = [t.text("Threshold"), t.text("Found"), t.text("Right when it says “yes”")]
            return head, _zipped(
                most, (made.thresholds, t.number), (made.recall, share), (made.precision, share)
            )
        case Gain():
            head = [t.text("Looked at"), t.text("Found"), t.text("Times by chance")]
            return head, _zipped(
                most, (made.looked, share), (made.found, share), (made.lift, t.number)
            )
        case CostCurve():
            head = [t.text("Threshold"), t.text("Cost")]
            return head, _zipped(most, (made.thresholds, share), (made.costs, t.number))
        case ErrorQuantiles():
            head = [t.text("Share of the rows"), t.text("Misses by at most")]
            return head, _zipped(most, (made.shares, share), (made.errors, t.number))
        case Confusion():
            lines = [
                [name, *(t.number(c, 0) for c in row)]
                for name, row in zip(made.classes, made.counts, strict=True)
            ]
            return [t.text("The truth"), *made.classes], lines
        case _:
            return _blocks(made, t, most, shares)


def _blocks(made: Any, t: Translator, most: int, shares: bool) -> tuple[list[str], Lines]:
    rows = t.text("Rows")
    match made:
        case Calibration():
            return _calibration(made, t, shares)
        case Histogram():
            spans = zip(made.edges[:-1], made.edges[1:], strict=True)
            lines = [[f"{t.number(a)} – {t.number(b)}"] for a, b in spans]
            for counts in made.counts:
                for line, count in zip(lines, counts, strict=True):
                    line.append(t.number(count, 0))
            return [t.text("From – to"), *(s or rows for s in made.series)], lines
        case ByClass():
            return _by_class(made, t)
        case OneVersusRest():
            return [t.text("Class"), t.text("Area")], [
                [c.label, t.number(c.area)] for c in made.curves
            ]
        case Density():
            head = ["x", "y", rows]
            return head, _zipped(
                most,
                (made.x, t.number),
                (made.y, t.number),
                (made.counts, lambda c: t.number(c, 0)),
            )
        case ResidualsBy():
            head = [made.column, rows, t.text("Median"), t.text("Middle half")]
            return head, [
                [
                    group_name(g.label, t, truths=made.truths),
                    t.number(g.count, 0),
                    t.number(g.median),
                    f"{t.number(g.low)} – {t.number(g.high)}",
                ]
                for g in made.groups
            ]
    raise TypeError(type(made).__name__)


def _calibration(made: Calibration, t: Translator, shares: bool) -> tuple[list[str], Lines]:
    names = t.text("It gave"), t.text("It was so")
    if not shares:
        names = t.text("It said"), t.text("The truth")
    head = [*names, t.text("Likely between"), t.text("Rows")]

    def write(value: float) -> str:
        return t.percent(value, 1) if shares else t.number(value)

    lines = [
        [
            write(b.said),
            write(b.happened),
            f"{write(b.happened_low)} – {write(b.happened_high)}",
            t.number(b.count, 0),
        ]
        for b in made.bins
    ]
    return head, lines


def _by_class(made: ByClass, t: Translator) -> tuple[list[str], Lines]:
    found, right = t.text("Found"), t.text("Right when it says so")
    lines = [
        [
            c.label,
            t.number(c.count, 0),
            t.percent(c.recall, 1),
            t.percent(c.precision, 1),
            t.percent(c.f1, 1),
        ]
        for c in made.classes
    ]
    return [t.text("Class"), t.text("Rows"), found, right, "F1"], lines


def _zipped(most: int, *columns: tuple[Sequence[float], Any]) -> Lines:
    """Only what is kept is written: that takes longer than all else."""
    lines = list(zip(*(values for values, _ in columns), strict=True))
    step = max(1, -(-len(lines) // most))
    return [
        [write(value) for value, (_, write) in zip(line, columns, strict=True)]
        for line in lines[::step]
    ]
