"""The trials of several runs: as a cloud over time, and their settings on axes side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bokeh.models import ColumnDataSource, FixedTicker, HoverTool, LabelSet
from bokeh.plotting import figure

from freemlops.domain.evaluation.comparison import Scored
from freemlops.i18n import Translator
from freemlops.ui.charts.axis import QUIET, short
from freemlops.ui.charts.overlaid import legend_above
from freemlops.ui.charts.sheet import hover, sheet
from freemlops.ui.components.setting_words import setting_name, setting_value, settings_text
from freemlops.ui.components.words import family, score_text
from freemlops.ui.state.parallel import Axis, axes, score_range

AXIS_WIDTH = 96
"""Pixels that an axis needs for its name."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A trial of the run with that letter and colour."""

    letter: str
    color: str
    scored: Scored

    def told(self, t: Translator) -> str:
        """In words, for hovering."""
        trial = self.scored.trial
        return (
            f"{self.letter}. {family(trial.family, t)}: {score_text(self.scored.score, t)} "
            f"({t.duration(trial.at_s)}) · {settings_text(trial.params, t)}"
        )


def trial_cloud(
    tried: Sequence[Tried], metric: str, t: Translator, *, higher_is_better: bool
) -> figure:
    """The score of each trial against time, and the best of each run so far as a step line."""
    scores = [one.scored.score for one in tried]
    plot = sheet(t, t.text("Seconds"), metric)
    low, high = score_range(scores, higher_is_better=higher_is_better)
    plot.y_range.start, plot.y_range.end = low, high
    plot.x_range.start = 0
    last = max(one.scored.trial.at_s for one in tried)
    for letter, color in dict.fromkeys((one.letter, one.color) for one in tried):
        own = [one for one in tried if one.letter == letter]
        source = ColumnDataSource(
            {
                "x": [one.scored.trial.at_s for one in own],
                "y": [one.scored.score for one in own],
                "said": [one.told(t) for one in own],
            }
        )
        steps = _best_so_far(own, higher_is_better=higher_is_better)
        steps.append((last, steps[-1][1]))
        plot.step(
            [x for x, _ in steps], [y for _, y in steps], mode="after", color=color, line_width=2,
            line_alpha=0.6, legend_label=letter,
        )  # fmt: skip
        dots = plot.scatter(
            "x", "y", source=source, color=color, size=8, alpha=0.65, legend_label=letter
        )
        hover(plot, [dots])
    legend_above(plot)
    return plot


def _best_so_far(own: Sequence[Tried], *, higher_is_better: bool) -> list[tuple[float, float]]:
    found: list[tuple[float, float]] = []
    for one in sorted(own, key=lambda one: one.scored.trial.at_s):
        score = one.scored.score
        better = not found or (score > found[-1][1] if higher_is_better else score < found[-1][1])
        if better:
            found.append((one.scored.trial.at_s, score))
    return found


def parallel(
    tried: Sequence[Tried], metric: str, t: Translator, *, higher_is_better: bool
) -> figure:
    """A line for each trial over an axis for each setting; the last axis is the score, the best on
    top. The best trial of each run is drawn thick."""
    found = axes([one.scored.trial.params for one in tried])
    scores = [one.scored.score for one in tried]
    low, high = score_range(scores, higher_is_better=higher_is_better)
    ends = [max(min(scores), low), min(max(scores), high)]
    score = Axis("", *(ends if higher_is_better else reversed(ends)))
    names = [*short([setting_name(a.name, t) for a in found], 18), metric]
    plot = sheet(t, "", "", x_range=(-0.5, len(found) + 0.5), y_range=(-0.14, 1.16))
    plot.min_width = AXIS_WIDTH * (len(found) + 1)
    plot.xaxis.ticker = FixedTicker(ticks=list(range(len(names))))
    plot.xaxis.major_label_overrides = dict(enumerate(names))
    plot.xaxis.major_label_orientation = 0.6
    plot.yaxis.visible = False
    plot.grid.grid_line_color = None
    places = list(range(len(names)))
    feet, tops = [0] * len(places), [1] * len(places)
    plot.segment(places, feet, places, tops, color=QUIET, level="underlay")
    best = _best_of_each(tried, higher_is_better=higher_is_better)
    for letter, color in dict.fromkeys((one.letter, one.color) for one in tried):
        own = [one for one in tried if one.letter == letter]
        _lines(plot, own, [*found, score], color, best, t)
    _ends(plot, [*found, score], t)
    legend_above(plot)
    return plot


def _lines(
    plot: figure,
    own: Sequence[Tried],
    found: Sequence[Axis],
    color: str,
    best: set[int],
    t: Translator,
) -> None:
    xs, ys = [], []
    for one in own:
        values = [*(one.scored.trial.params.get(a.name) for a in found[:-1]), one.scored.score]
        places = [a.place(v) for a, v in zip(found, values, strict=True)]
        xs.append([float(x) for x, y in enumerate(places) if y is not None])
        ys.append([y for y in places if y is not None])
    source = ColumnDataSource(
        {
            "xs": xs,
            "ys": ys,
            "width": [4 if id(one) in best else 1.5 for one in own],
            "alpha": [1.0 if id(one) in best else 0.4 for one in own],
            "said": [one.told(t) for one in own],
        }
    )
    drawn = plot.multi_line(
        "xs", "ys", source=source, color=color, line_width="width", line_alpha="alpha",
        legend_label=own[0].letter,
    )  # fmt: skip
    plot.add_tools(
        HoverTool(renderers=[drawn], tooltips="@said", line_policy="nearest", visible=False)
    )


def _best_of_each(tried: Sequence[Tried], *, higher_is_better: bool) -> set[int]:
    sign = 1 if higher_is_better else -1
    letters = dict.fromkeys(one.letter for one in tried)
    own = ([one for one in tried if one.letter == letter] for letter in letters)
    return {id(max(several, key=lambda one: sign * one.scored.score)) for several in own}


def _ends(plot: figure, found: Sequence[Axis], t: Translator) -> None:
    """The values at both ends of each axis."""
    x: list[int] = []
    y: list[float] = []
    text: list[str] = []
    for at, axis in enumerate(found):
        x += [at, at]
        y += [-0.11, 1.04]
        if axis.labels:
            text += [_label(name, t) for name in (axis.labels[0], axis.labels[-1])]
        elif at == len(found) - 1:
            text += [score_text(axis.low, t), score_text(axis.high, t)]
        else:
            text += [setting_value(axis.low, t), setting_value(axis.high, t)]
    source = ColumnDataSource({"x": x, "y": y, "text": text})
    plot.add_layout(
        LabelSet(
            x="x", y="y", text="text", source=source, text_align="center", text_font_size="12px",
            text_color=QUIET,
        )
    )  # fmt: skip


def _label(value: str, t: Translator) -> str:
    words = setting_value(value == "True", t) if value in ("True", "False") else value
    return short([words], 12)[0]
