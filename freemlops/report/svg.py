"""Small pictures as SVG: no script, no style of their own, every text escaped.

Colours and type come from classes of the page's style sheet. Coordinates are in units of a
picture of `WIDTH` by some height; non-finite numbers are left out.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from freemlops.markup import Markup, tag
from freemlops.report.axis import Axis

WIDTH = 380
HEIGHT = 270
TOP, RIGHT, BOTTOM = 30, 16, 42
LETTER = 6.2
"""About how wide a letter of an axis is."""
MOST_LEFT = 130


@dataclass(frozen=True, slots=True)
class Plane:
    """The ground between two axes."""

    x: Axis
    y: Axis
    height: float = HEIGHT

    @property
    def left(self) -> float:
        widest = max((len(label) for label in self.y.labels), default=0)
        return min(MOST_LEFT, 14 + LETTER * widest)

    @property
    def right(self) -> float:
        return WIDTH - RIGHT

    @property
    def bottom(self) -> float:
        return self.height - BOTTOM

    def at(self, x: float, y: float) -> tuple[float, float]:
        across, up = self.x.share(x), self.y.share(y)
        return (
            self.left + across * (self.right - self.left),
            self.bottom - up * (self.bottom - TOP),
        )


def picture(name: str, title: str, about: str, height: float, marks: object) -> Markup:
    """An image to a screen reader: `title` is its name, `about` what there is to see."""
    return tag(
        "svg",
        tag("title", title, id=f"{name}-title"),
        tag("desc", about, id=f"{name}-about"),
        marks,
        viewBox=f"0 0 {WIDTH} {_n(height)}",
        role="img",
        aria_labelledby=f"{name}-title {name}-about",
        class_="picture",
    )


def ground(plane: Plane) -> list[Markup]:
    """Grid, axes, their numbers and their names."""
    marks: list[Markup] = []
    for tick, label in zip(plane.x.ticks, plane.x.labels, strict=True):
        x, _ = plane.at(tick, plane.y.low)
        marks.append(_line(x, TOP, x, plane.bottom, "grid"))
        marks.append(words(label, x, plane.bottom + 16, "tick", "middle"))
    for tick, label in zip(plane.y.ticks, plane.y.labels, strict=True):
        _, y = plane.at(plane.x.low, tick)
        marks.append(_line(plane.left, y, plane.right, y, "grid"))
        marks.append(words(label, plane.left - 7, y + 4, "tick", "end"))
    marks.append(_line(plane.left, plane.bottom, plane.right, plane.bottom, "axis"))
    marks.append(words(plane.x.label, plane.right, plane.bottom + 34, "name", "end"))
    marks.append(words(plane.y.label, 4, 14, "name", "start"))
    return marks


def words(text: str, x: float, y: float, class_: str, anchor: str = "start") -> Markup:
    return tag("text", text, x=_n(x), y=_n(y), text_anchor=anchor, class_=class_)


def line(plane: Plane, xs: Sequence[float], ys: Sequence[float], class_: str) -> Markup:
    points = [plane.at(x, y) for x, y in zip(xs, ys, strict=True) if _finite(x, y)]
    path = " ".join(f"{_n(x)},{_n(y)}" for x, y in points)
    return tag("polyline", points=path, class_=class_)


def dots(plane: Plane, points: Iterable[tuple[float, float, float]], class_: str) -> list[Markup]:
    """Each point is x, y and the radius."""
    made = []
    for x, y, radius in points:
        if _finite(x, y):
            cx, cy = plane.at(x, y)
            made.append(tag("circle", cx=_n(cx), cy=_n(cy), r=_n(radius), class_=class_))
    return made


def span(plane: Plane, x: float, low: float, high: float, class_: str) -> Markup:
    """A line up from `low` to `high`."""
    (x1, y1), (x2, y2) = plane.at(x, low), plane.at(x, high)
    return _line(x1, y1, x2, y2, class_)


def box(
    plane: Plane,
    xs: tuple[float, float],
    ys: tuple[float, float],
    class_: str,
    opacity: float | None = None,
) -> Markup:
    """A rectangle between two places on each axis."""
    (x1, y1), (x2, y2) = plane.at(xs[0], ys[0]), plane.at(xs[1], ys[1])
    left, top = min(x1, x2), min(y1, y2)
    return rectangle(left, top, abs(x2 - x1), abs(y2 - y1), class_, opacity)


def rectangle(
    x: float, y: float, width: float, height: float, class_: str, opacity: float | None = None
) -> Markup:
    return tag(
        "rect",
        x=_n(x),
        y=_n(y),
        width=_n(width),
        height=_n(height),
        fill_opacity=None if opacity is None else f"{opacity:.2f}",
        class_=class_,
    )


def legend(names: Sequence[tuple[str, str]], x: float, y: float) -> list[Markup]:
    """Names below each other, each with a piece of its colour: (name, class of the piece)."""
    made = []
    for place, (name, class_) in enumerate(names):
        top = y + 16 * place
        made.append(rectangle(x, top - 8, 10, 10, class_))
        made.append(words(name, x + 15, top, "tick"))
    return made


def _line(x1: float, y1: float, x2: float, y2: float, class_: str) -> Markup:
    return tag("line", x1=_n(x1), y1=_n(y1), x2=_n(x2), y2=_n(y2), class_=class_)


def _finite(x: float, y: float) -> bool:
    return math.isfinite(x) and math.isfinite(y)


def _n(value: float) -> str:
    """To a tenth of a unit; no number of the data can make it anything else."""
    return f"{value:.1f}".removesuffix(".0") if math.isfinite(value) else "0"
