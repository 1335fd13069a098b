"""Curves that are areas, as pictures: confusion, histograms, bars of classes, clouds of rows."""

from __future__ import annotations

import math
from collections.abc import Sequence

from freemlops.domain.evaluation.curves import ByClass, Confusion, Density, Histogram
from freemlops.domain.labels import short
from freemlops.i18n import Translator
from freemlops.markup import Markup, tag
from freemlops.report import axis, svg

MOST_CLASSES = 12
MOST_BARS = 20
LINE = 30
"""Height of a line of bars."""
DARKEST = 0.62
"""Text stays readable on it."""


def confusion(made: Confusion, t: Translator) -> tuple[float, list[Markup], str]:
    """Of many classes the most frequent, with what they were called."""
    totals = [sum(row) for row in made.counts]
    order = sorted(range(len(totals)), key=lambda i: -totals[i])[:MOST_CLASSES]
    kept = sorted(order)
    names = short([made.classes[i] for i in kept], 14)
    left = 20 + svg.LETTER * max((len(n) for n in names), default=0)
    size = (svg.WIDTH - svg.RIGHT - left) / max(len(kept), 1)
    tall = min(size, 64.0)
    slanted = svg.LETTER * max((len(n) for n in names), default=0) > size - 6
    top = 50.0 if not slanted else 34 + svg.LETTER * 0.8 * max(len(n) for n in names)
    marks = [
        svg.words(t.text("The truth"), 4, top - 8, "name"),
        svg.words(t.text("It said"), svg.WIDTH - svg.RIGHT, 14, "name", "end"),
    ]
    for at, name in enumerate(names):
        x, y = left + size * (at + 0.5), top + tall * (at + 0.5)
        marks.append(svg.words(name, left - 8, y + 4, "tick", "end"))
        marks.append(_slanted(name, x, top - 8) if slanted
                     else svg.words(name, x, top - 8, "tick", "middle"))  # fmt: skip
    for i, true in enumerate(kept):
        for j, said in enumerate(kept):
            count = made.counts[true][said]
            x, y = left + size * j, top + tall * i
            class_ = "right" if true == said else "wrong"
            shade = DARKEST * count / max(totals[true], 1)
            marks.append(svg.rectangle(x + 1, y + 1, size - 2, tall - 2, "cell"))
            marks.append(svg.rectangle(x + 1, y + 1, size - 2, tall - 2, class_, shade))
            text = t.number(count, 0)
            class_ = "count" if len(text) * 8 < size else "count small"
            marks.append(svg.words(text, x + size / 2, y + tall / 2 + 5, class_, "middle"))
    return top + tall * len(kept) + 10, marks, _told(made, t)


def _slanted(name: str, x: float, y: float) -> Markup:
    made = svg.words(name, 0, 0, "tick", "start")
    return tag("g", made, transform=f"translate({x:.1f} {y:.1f}) rotate(-50)")


def _told(made: Confusion, t: Translator) -> str:
    right = sum(row[i] for i, row in enumerate(made.counts))
    told = t.text("{right} of {rows} rows are right.", right=right, rows=made.rows)
    if len(made.classes) > MOST_CLASSES:
        told += " " + t.text(
            "The {count} most frequent of {all} classes are shown.",
            count=MOST_CLASSES,
            all=len(made.classes),
        )
    mixed = [
        (count, i, j)
        for i, row in enumerate(made.counts)
        for j, count in enumerate(row)
        if i != j and count
    ]
    if not mixed:
        return told
    count, true, said = max(mixed)
    return f"{told} " + t.text(
        "The most frequent mistake: “{truth}” taken for “{said}”, {count} times.",
        truth=made.classes[true],
        said=made.classes[said],
        count=count,
    )


def histogram(made: Histogram, label: str, t: Translator, *, share: bool) -> tuple[
    list[Markup], str
]:  # fmt: skip
    """`share`: the edges are shares of 1, and each series is drawn as a share of its own rows."""
    totals = [max(sum(counts), 1) if share else 1 for counts in made.counts]
    heights = [[c / n for c in counts] for counts, n in zip(made.counts, totals, strict=True)]
    most = max((h for series in heights for h in series), default=1.0)
    across = axis.shares(label, t) if share else axis.numbers(label, made.edges, t)
    up = (
        axis.parts(t.text("Share of its class"), most, t)
        if share
        else axis.counts(t.text("Rows"), most, t)
    )
    plane = svg.Plane(across, up)
    marks = svg.ground(plane)
    for at, series in enumerate(heights[:8]):
        for low, high, height in zip(made.edges[:-1], made.edges[1:], series, strict=True):
            if height:
                marks.append(svg.box(plane, (low, high), (0, height), f"fill c{at}", 0.55))
    if share:
        names = short(made.series[:8], 16)
        pieces = [(name, f"fill c{at}") for at, name in enumerate(names)]
        marks += svg.legend(pieces, plane.left + (plane.right - plane.left) / 2 - 40, svg.TOP + 12)
    else:
        marks.append(svg.span(plane, 0.0, 0.0, up.high, "guess"))
    return marks, " ".join(_modes(made, t, share=share))


def _modes(made: Histogram, t: Translator, *, share: bool) -> list[str]:
    told = []
    write = t.percent if share else t.number
    for name, counts in zip(made.series, made.counts, strict=True):
        if not sum(counts):
            continue
        at = max(range(len(counts)), key=lambda i: counts[i])
        ends = {"low": write(made.edges[at]), "high": write(made.edges[at + 1])}
        told.append(
            t.text("Most rows of “{label}” lie from {low} to {high}.", label=name, **ends)
            if name
            else t.text("Most rows lie from {low} to {high}.", **ends)
        )
    return told


def by_class(made: ByClass, t: Translator) -> tuple[float, list[Markup], str]:
    shown = sorted(made.classes, key=lambda c: -c.count)[:MOST_BARS]
    names = [f"{n} ({t.number(c.count, 0)})"
             for n, c in zip(short([c.label for c in shown], 14), shown, strict=True)]  # fmt: skip
    pairs = [(c.recall, c.precision) for c in shown]
    labels = (t.text("Found"), t.text("Right when it says so"))
    height, marks = bars(names, pairs, axis.shares("", t), labels)
    known = [c for c in made.classes if c.recall is not None]
    if not known:
        return height, marks, t.text("No class was held out.")
    least = min(known, key=lambda c: c.recall or 0.0)
    about = t.text(
        "Found least often: “{label}”, in {share} of its {rows} rows.",
        label=least.label,
        share=t.percent(least.recall),
        rows=least.count,
    )
    return height, marks, about


def bars(
    names: Sequence[str],
    values: Sequence[Sequence[float | None]],
    across: axis.Axis,
    labels: Sequence[str],
    spans: Sequence[tuple[float, float]] = (),
) -> tuple[float, list[Markup]]:
    """Bars that lie, the first name on top; each name has one for each of `labels`."""
    left = 16 + svg.LETTER * max((len(n) for n in names), default=0)
    top, right = 12.0 + (16 * len(labels) if len(labels) > 1 else 0), svg.WIDTH - svg.RIGHT - 6.0
    bottom = top + LINE * len(names)

    def at(value: float) -> float:
        return left + across.share(value) * (right - left)

    marks = []
    for tick, label in zip(across.ticks, across.labels, strict=True):
        marks.append(svg.rectangle(at(tick) - 0.4, top, 0.8, bottom - top, "rule"))
        marks.append(svg.words(label, at(tick), bottom + 15, "tick", "middle"))
    for place, (name, series) in enumerate(zip(names, values, strict=True)):
        y = top + LINE * place
        marks.append(svg.words(name, left - 8, y + LINE / 2 + 4, "tick", "end"))
        thick = (LINE - 8) / len(series)
        for i, value in enumerate(series):
            if value is not None and math.isfinite(value):
                x1, x2 = sorted((at(0.0), at(value)))
                marks.append(svg.rectangle(x1, y + 4 + thick * i, x2 - x1, thick - 1, f"fill c{i}"))
        if spans:
            low, high = (at(v) for v in spans[place])
            marks.append(svg.rectangle(low, y + LINE / 2 - 1, high - low, 2, "ink"))
    if len(labels) > 1:
        marks += svg.legend([(label, f"fill c{i}") for i, label in enumerate(labels)], left, 14)
    if across.label:
        marks.append(svg.words(across.label, right, bottom + 33, "name", "end"))
    return bottom + (40.0 if across.label else 24.0), marks


def density(
    made: Density, x: str, y: str, t: Translator, *, diagonal: bool
) -> tuple[list[Markup], str]:
    """Truth against answer along the `diagonal`, or answers against residuals around 0."""
    both = (*made.x_edges, *made.y_edges) if made.binned else (*made.x, *made.y)
    plane = svg.Plane(
        axis.numbers(x, both if diagonal else made.x_edges or made.x, t),
        axis.numbers(y, both if diagonal else made.y_edges or made.y, t, also=0.0),
    )
    if diagonal:
        plane = svg.Plane(axis.numbers(x, both, t), axis.numbers(y, both, t))
    marks = svg.ground(plane)
    ends = plane.x.low, plane.x.high
    marks.append(svg.line(plane, ends, ends if diagonal else (0.0, 0.0), "guess"))
    if made.binned:
        most = math.log1p(max(made.counts, default=1))
        wide = (made.x_edges[1] - made.x_edges[0]) / 2
        tall = (made.y_edges[1] - made.y_edges[0]) / 2
        marks += [
            svg.box(plane, (a - wide, a + wide), (b - tall, b + tall), "fill c0",
                    0.12 + 0.88 * math.log1p(count) / most)
            for a, b, count in zip(made.x, made.y, made.counts, strict=True)
        ]  # fmt: skip
    else:
        marks += svg.dots(plane, [(a, b, 2.4) for a, b in zip(made.x, made.y, strict=True)],
                          "dot faint")  # fmt: skip
    return marks, _cloud(made, t, diagonal=diagonal)


def _cloud(made: Density, t: Translator, *, diagonal: bool) -> str:
    points = list(zip(made.x, made.y, made.counts, strict=True))
    all_rows = max(sum(made.counts), 1)
    high = sum(count for x, y, count in points if y > (x if diagonal else 0.0))
    return t.text(
        "{high} of the rows were answered too high, {low} too low or exactly.",
        high=t.percent(high / all_rows),
        low=t.percent(1 - high / all_rows),
    )
