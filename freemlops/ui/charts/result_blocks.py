"""Plots of a result that are areas: confusion, histograms, densities, classes, residuals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from bokeh.models import ColumnDataSource, Span, TapTool, Text
from bokeh.plotting import figure

from freemlops.domain.evaluation.curves import (
    ByClass,
    Confusion,
    Density,
    Histogram,
    ResidualsBy,
)
from freemlops.i18n import Translator
from freemlops.i18n.phrases import group_name
from freemlops.ui.charts.axis import across, short, written
from freemlops.ui.charts.sheet import hover, sheet
from freemlops.ui.theme import BASELINE, LINE, MANY

RIGHT, WRONG = ("#dcebe9", "#0b6b68"), ("#f5e8d6", "#a85f10")
"""Of cells, from none of a class to all of it: the same on both surfaces."""
INK = "#1c2b2d"
MOST_WRITTEN = 12
"""With more classes the counts do not fit into their cells, and stay in the table."""


def confusion(
    made: Confusion, t: Translator, choose: Callable[[str, str], None] | None = None
) -> figure:
    """Rows are the truth, columns the answer; a click on a cell calls `choose` (truth, answer)."""
    names = short(made.classes, 18)
    plot = sheet(
        t, t.text("It said"), t.text("The truth"), x_range=names, y_range=list(reversed(names))
    )
    plot.height = max(260, min(620, 120 + 44 * len(names)))
    cells = [(i, j) for i in range(len(names)) for j in range(len(names))]
    source = ColumnDataSource(_cells(made, names, cells, t))
    rects = plot.rect(
        "x", "y", 0.97, 0.97, source=source, fill_color="color", line_color=None,
        nonselection_fill_alpha=1.0,
    )  # fmt: skip
    if len(names) <= MOST_WRITTEN:
        written_in = Text(
            x="x", y="y", text="count", text_align="center", text_baseline="middle",
            text_color="ink", text_font_size="17px", text_font_style="bold",
        )  # fmt: skip
        plot.add_glyph(source, written_in, nonselection_glyph=written_in)
    plot.grid.grid_line_color = None
    if sum(len(n) for n in names) > 40:
        plot.xaxis.major_label_orientation = 0.7
    hover(plot, [rects])
    if choose is not None:
        plot.add_tools(TapTool(renderers=[rects], visible=False))

        def tapped(_name: str, _old: object, new: list[int]) -> None:
            if new:
                i, j = cells[new[0]]
                choose(made.classes[i], made.classes[j])

        source.selected.on_change("indices", tapped)
    return plot


def _cells(
    made: Confusion, names: Sequence[str], cells: Sequence[tuple[int, int]], t: Translator
) -> dict[str, list[Any]]:
    """What is drawn of each cell."""
    whole = [sum(row) or 1 for row in made.counts]
    share = [made.counts[i][j] / whole[i] for i, j in cells]
    return {
        "x": [names[j] for _, j in cells],
        "y": [names[i] for i, _ in cells],
        "color": [
            _mixed(*(RIGHT if i == j else WRONG), s) for (i, j), s in zip(cells, share, strict=True)
        ],
        "ink": ["#ffffff" if s > 0.55 else INK for s in share],
        "count": [t.number(made.counts[i][j], 0) for i, j in cells],
        "said": [
            t.text(
                "{count} rows of “{truth}” were called “{said}”: {share} of them.",
                count=made.counts[i][j],
                truth=names[i],
                said=names[j],
                share=t.percent(s, 1),
            )
            for (i, j), s in zip(cells, share, strict=True)
        ],
    }


def _mixed(pale: str, strong: str, share: float) -> str:
    pairs = zip(bytes.fromhex(pale[1:]), bytes.fromhex(strong[1:]), strict=True)
    return "#" + bytes(round(a + (b - a) * share) for a, b in pairs).hex()


def histogram(made: Histogram, x: str, t: Translator, *, share: bool = False) -> figure:
    plot = sheet(t, x, t.text("Rows"), shares=(share, False))
    rows = t.text("rows")
    edges = made.edges
    labels = short(made.series, 18)
    for place, (label, counts) in enumerate(zip(labels, made.counts, strict=True)):
        source = ColumnDataSource(
            {
                "left": list(edges[:-1]),
                "right": list(edges[1:]),
                "top": list(counts),
                "said": [
                    f"{label + ', ' if label else ''}{_number(t, a, share)} – "
                    f"{_number(t, b, share)}: {t.number(c, 0)} {rows}"
                    for a, b, c in zip(edges[:-1], edges[1:], counts, strict=True)
                ],
            }
        )
        color = MANY[place % len(MANY)] if len(labels) > 1 else LINE
        bars = plot.quad(
            left="left", right="right", top="top", bottom=0, source=source, fill_color=color,
            fill_alpha=0.5 if len(labels) > 1 else 0.8, line_color=None,
            **({"legend_label": label} if len(labels) > 1 else {}),
        )  # fmt: skip
        hover(plot, [bars])
    plot.y_range.start = 0
    return plot


def _number(t: Translator, value: float, share: bool) -> str:
    return t.percent(value, 0) if share else t.number(value)


def density(made: Density, x: str, y: str, t: Translator, *, diagonal: bool) -> figure:
    """Single rows as dots, many of them as the squares of a grid."""
    plot = sheet(t, x, y)
    rows = t.text("rows")
    most = max(made.counts, default=0) or 1
    if made.binned and len(made.x_edges) > 1 and len(made.y_edges) > 1:
        wide = made.x_edges[1] - made.x_edges[0]
        tall = made.y_edges[1] - made.y_edges[0]
        columns = {
            "left": [v - wide / 2 for v in made.x],
            "right": [v + wide / 2 for v in made.x],
            "bottom": [v - tall / 2 for v in made.y],
            "top": [v + tall / 2 for v in made.y],
            "alpha": [0.12 + 0.88 * (c / most) ** 0.5 for c in made.counts],
        }
        columns["said"] = [
            f"{t.number(a)} – {t.number(b)}, {t.number(c)} – {t.number(d)}: "
            f"{t.number(float(n), 0)} {rows}"
            for a, b, c, d, n in zip(
                columns["left"],
                columns["right"],
                columns["bottom"],
                columns["top"],
                made.counts,
                strict=True,
            )
        ]
        drawn = plot.quad(
            left="left", right="right", bottom="bottom", top="top", fill_alpha="alpha",
            source=ColumnDataSource(columns), fill_color=LINE, line_color=None,
        )  # fmt: skip
    else:
        said = [f"{t.number(a)} → {t.number(b)}" for a, b in zip(made.x, made.y, strict=True)]
        source = ColumnDataSource({"x": list(made.x), "y": list(made.y), "said": said})
        drawn = plot.scatter("x", "y", source=source, color=LINE, size=6, alpha=0.55)
    hover(plot, [drawn])
    ends = made.x_edges or made.x
    if diagonal and ends:
        low, high = min(ends), max(ends)
        plot.line([low, high], [low, high], color=BASELINE, line_width=2, line_dash="dashed")
    elif ends:
        plot.add_layout(_zero())
    return plot


def _zero() -> Span:
    return Span(
        location=0, dimension="width", line_color=BASELINE, line_width=2, line_dash="dashed"
    )


def by_class(made: ByClass, t: Translator) -> figure:
    """Precision and recall of each class, beside each other."""
    names = short([c.label for c in made.classes], 18)
    plot = across(names)
    plot.height = 80 + 44 * len(names)
    written(plot.xaxis, t, percent=True)
    plot.x_range.start, plot.x_range.end = 0, 1
    parts: list[tuple[str, float, str, Sequence[float | None]]] = [
        (t.text("Found"), -0.19, LINE, [c.recall for c in made.classes]),
        (t.text("Right when it says so"), 0.19, BASELINE, [c.precision for c in made.classes]),
    ]
    for label, shift, color, values in parts:
        source = ColumnDataSource(
            {
                "y": [(name, -shift) for name in names],
                "right": [v or 0.0 for v in values],
                "said": [
                    f"{n}. {label}: {t.percent(v, 1)}" for n, v in zip(names, values, strict=True)
                ],
            }
        )
        bars = plot.hbar(
            y="y", right="right", height=0.34, color=color, source=source, legend_label=label
        )
        hover(plot, [bars])
    plot.add_layout(plot.legend[0], "above")
    plot.legend.orientation = "horizontal"
    return plot


def residuals_by(made: ResidualsBy, t: Translator) -> figure:
    """The middle half of the residuals of each group, and their median."""
    names = short([group_name(g.label, t, truths=made.truths) for g in made.groups], 20)
    plot = across(names)
    written(plot.xaxis, t)
    source = ColumnDataSource(
        {
            "y": names,
            "low": [g.low for g in made.groups],
            "high": [g.high for g in made.groups],
            "median": [g.median for g in made.groups],
            "said": [
                f"{name}: {t.number(g.median)} ({t.number(g.low)} – {t.number(g.high)}), "
                f"{t.number(g.count, 0)} {t.text('rows')}"
                for name, g in zip(names, made.groups, strict=True)
            ],
        }
    )
    bars = plot.hbar(
        y="y", left="low", right="high", height=0.5, source=source, color=LINE, alpha=0.55
    )
    dots = plot.scatter("median", "y", source=source, color=LINE, size=9)
    hover(plot, [bars, dots])
    return plot
