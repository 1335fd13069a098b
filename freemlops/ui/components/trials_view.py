"""What several runs tried: every trial over time, and the settings of a family beside the score."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import panel_material_ui as pmui

from freemlops.domain.evaluation.comparison import MOST_TRIALS, TrialCloud
from freemlops.domain.metric import METRICS
from freemlops.i18n import Translator
from freemlops.ui.charts.sheet import pane
from freemlops.ui.charts.trial_lines import Tried, parallel, trial_cloud
from freemlops.ui.components.folds import help_fold, table_fold
from freemlops.ui.components.safe import Html, Markup, tag
from freemlops.ui.components.setting_words import setting_name, setting_value, settings_text
from freemlops.ui.components.words import family, score_text
from freemlops.ui.pages.base import PageView, card, column, row
from freemlops.ui.session import blocking
from freemlops.ui.state.comparison import ComparisonState, Side
from freemlops.ui.state.parallel import axes

MOST_LINES = 60
FEWEST_LINES = 2


class TrialsView:
    """`view` is its card; `show` reads the trials and draws."""

    def __init__(self, page: PageView, state: ComparisonState, sides: Sequence[Side]) -> None:
        self._page, self._state = page, state
        self._sides = {s.run.id: s for s in sides}
        self._clouds: tuple[TrialCloud, ...] = ()
        self._offered = ""
        t = page.t
        titles = {s.run.spec.metric: t.text(METRICS[s.run.spec.metric].title) for s in sides}
        self._metric = pmui.Select(
            label=t.text("Judged by"),
            options={title: name for name, title in titles.items()},
            value=next(iter(titles)),
            visible=len(titles) > 1,
            margin=0,
            width=320,
            css_classes=["fm-trials-metric"],
        )
        self._family = pmui.Select(
            label=t.text("Kind of model"), options={}, margin=0, width=320,
            css_classes=["fm-family"],
        )  # fmt: skip
        self._cloud, self._lines = column(gap=0), column(gap=0)
        self._cloud.css_classes, self._lines.css_classes = ["fm-cloud"], ["fm-parallel"]
        self._lines.styles = {**self._lines.styles, "overflow-x": "auto"}
        self._note, self._none = Html(visible=False), Html(visible=False)
        self._cloud_table, self._lines_table = Html(visible=False), Html(visible=False)
        self._metric.param.watch(self._other_metric, "value")
        self._family.param.watch(self._other_family, "value")
        self._settings = column(
            Html(self._settings_heading()),
            row(self._family),
            self._none,
            self._lines,
            self._lines_table,
            gap=16,
        )
        self.view = card(
            Html(self._heading()),
            row(self._metric),
            self._note,
            self._cloud,
            self._cloud_table,
            self._settings,
            gap=16,
            css_classes=["fm-trials"],
        )

    def _heading(self) -> Markup:
        t = self._page.t
        about = t.text(
            "Each dot is one configuration that was tried, with its score on the folds. The line "
            "is the best so far."
        )
        return tag(
            "div", tag("h2", t.text("What was tried")), tag("p", about, class_="muted"),
            class_="stack",
        )  # fmt: skip

    def _settings_heading(self) -> Markup:
        t = self._page.t
        about = t.text(
            "Each line is one configuration: follow it over its settings to its score at the "
            "right, the best on top. The best of each training is thick."
        )
        how = help_fold(
            t,
            t.text("What is this? Every axis is a setting, from its least value to its largest."),
            t.text("Is it good? Where the thick lines meet, that setting matters; where they are "
                   "spread, it hardly does."),
            t.text("What can I do? Thick lines at the end of an axis say that more time, or more "
                   "rows, may bring more."),
        )  # fmt: skip
        return tag(
            "div", tag("h3", t.text("Settings and score")), tag("p", about, class_="muted"), how,
            class_="stack",
        )  # fmt: skip

    async def show(self) -> None:
        service = self._page.platform.comparisons
        self._clouds = await blocking(service.trials, list(self._sides))
        self._draw()

    async def _other_metric(self, _event: object) -> None:
        async with self._page.attempt():
            self._draw()

    async def _other_family(self, event: Any) -> None:
        if event.new and event.new != self._offered:  # chosen by a person
            self._offered = event.new
            async with self._page.attempt():
                self._state.family = event.new
                self._draw_lines()

    def _tried(self) -> list[Tried]:
        made = []
        for cloud in self._clouds:
            if cloud.metric == self._metric.value:
                side = self._sides[cloud.run]
                made += [Tried(side.letter, side.color, s) for s in cloud.trials]
        return made

    def _draw(self) -> None:
        t, metric, tried = self._page.t, METRICS[self._metric.value], self._tried()
        self._note.show(self._notes(t))
        self._settings.visible = bool(tried)
        higher = metric.higher_is_better
        self._cloud.objects = (
            [pane(trial_cloud(tried, t.text(metric.title), t, higher_is_better=higher))]
            if tried
            else []
        )
        self._cloud_table.show(self._cloud_lines(tried, higher, t) if tried else None)
        if tried:
            self._offer(tried)
            self._draw_lines()

    def _notes(self, t: Translator) -> Markup | None:
        """Which runs have no dots here, and what is left out."""
        told = []
        for cloud in self._clouds:
            name = self._sides[cloud.run].name
            if cloud.metric != self._metric.value:
                told.append(t.text("{name} was judged by another metric.", name=name))
            elif not cloud.trials:
                told.append(
                    t.text(
                        "{name} has no trials: it ended, or was told to, before any configuration "
                        "was tried.",
                        name=name,
                    )
                )
            elif cloud.left_out:
                told.append(
                    t.text(
                        "{name}: {count} trials without a score, or beyond the best {most}, are "
                        "not shown.",
                        name=name,
                        count=cloud.left_out,
                        most=MOST_TRIALS,
                    )
                )
        lines = [tag("li", words) for words in told]
        style = "padding-left:36px"
        return (
            tag("ul", lines, class_="panel note small fm-trials-note", style=style)
            if told
            else None
        )

    def _cloud_lines(self, tried: Sequence[Tried], higher: bool, t: Translator) -> Markup:
        head = [t.text("Training"), t.text("Kind of model"), t.text("Score"), t.text("Time")]
        lines = [
            [
                one.letter,
                family(one.scored.trial.family, t),
                score_text(one.scored.score, t),
                t.duration(one.scored.trial.at_s),
                settings_text(one.scored.trial.params, t),
            ]
            for one in _best_first(tried, higher)[:MOST_LINES]
        ]
        title = t.text("The best as a table")
        return table_fold(title, [*head, t.text("Settings")], lines, "fm-cloud-table")

    def _offer(self, tried: Sequence[Tried]) -> None:
        """The families there are, the one tried most often first."""
        t = self._page.t
        names = [n for n, _ in Counter(one.scored.trial.family for one in tried).most_common()]
        wanted = self._state.family if self._state.family in names else names[0]
        self._offered = wanted
        self._family.param.update(options={family(n, t): n for n in names}, value=wanted)

    def _draw_lines(self) -> None:
        t, metric = self._page.t, METRICS[self._metric.value]
        own = [o for o in self._tried() if o.scored.trial.family == self._family.value]
        found = axes([o.scored.trial.params for o in own])
        if len(own) < FEWEST_LINES or not found:
            words = t.text("Too few configurations of this kind were tried to compare settings.")
            self._none.show(tag("p", words, class_="panel note"))
            self._lines.objects = []
            self._lines_table.show(None)
            return
        self._none.show(None)
        higher = metric.higher_is_better
        self._lines.objects = [
            pane(parallel(own, t.text(metric.title), t, higher_is_better=higher))
        ]
        head = [t.text("Training"), *(setting_name(a.name, t) for a in found), t.text("Score")]
        lines = [
            [
                o.letter,
                *(setting_value(o.scored.trial.params.get(a.name), t) for a in found),
                score_text(o.scored.score, t),
            ]
            for o in _best_first(own, higher)[:MOST_LINES]
        ]
        title = t.text("The best as a table")
        self._lines_table.show(table_fold(title, head, lines, "fm-parallel-table"))


def _best_first(tried: Sequence[Tried], higher: bool) -> list[Tried]:
    return sorted(tried, key=lambda one: one.scored.score, reverse=higher)
