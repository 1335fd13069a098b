"""From which probability on to say “yes”: live figures, costs, and what is best by them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import panel_material_ui as pmui

from freemlops.domain.errors import NotFoundError
from freemlops.domain.evaluation.threshold import HALF, AtThreshold, Choice, Costs, Rule, Thresholds
from freemlops.domain.run import Candidate, Run
from freemlops.domain.words import N_, Message
from freemlops.i18n import Translator
from freemlops.ui.address import link
from freemlops.ui.components.button import quiet, secondary
from freemlops.ui.components.number import NumberField
from freemlops.ui.components.safe import Html, Markup, tag
from freemlops.ui.pages.base import PageView, column, row
from freemlops.ui.session import blocking

RULES = {
    Rule.F1: N_("Best balance (F1)"),
    Rule.YOUDEN: N_("Found and spared alike (Youden)"),
    Rule.COST: N_("Cheapest"),
}


class ThresholdView:
    """`moved` is awaited after each change of the threshold or the costs. `is_there` tells whether
    the question has a threshold at all."""

    def __init__(self, page: PageView, moved: Callable[[], Awaitable[None]]) -> None:
        self._page, self._moved = page, moved
        t = page.t
        self._subject: tuple[Run, Candidate] | None = None
        # in percent: the slider writes a decimal point in every language
        self._slider = pmui.IntSlider(
            label=t.text("Say “yes” from this probability on (%)"), start=1, end=99, step=1,
            value=round(100 * HALF), css_classes=["fm-threshold"], margin=0,
            sizing_mode="stretch_width",
        )  # fmt: skip
        self._miss = NumberField(t, label=t.text("A missed “yes” costs"), css_classes=["fm-miss"])
        self._alarm = NumberField(t, label=t.text("A false alarm costs"), css_classes=["fm-alarm"])
        self._told, self._saves = Html(), Html(visible=False)
        self._picks = {rule: quiet(t.text(name), f"fm-pick-{rule}") for rule, name in RULES.items()}
        self._use = secondary(t.text("Use the model with this threshold"), "fm-use-threshold")
        self._found: Thresholds | None = None
        self._exact: float | None = None
        """Picked by a rule, and finer than the slider; gone once the slider is moved."""
        self.is_there = True
        for widget in (self._slider, self._miss, self._alarm):
            widget.param.watch(self._changed, "value")
        for rule, button in self._picks.items():
            page.clicked(button, lambda rule=rule: self._pick(rule))  # type: ignore[misc]
        page.clicked(self._use, self._on_use)
        self.view = self._layout()

    def _layout(self) -> Any:
        t = self._page.t
        about = t.text(
            "A lower threshold finds more and raises more false alarms. If a mistake has a price, "
            "write it down, and the cheapest threshold can be found."
        )
        heading = tag(
            "div",
            tag("h3", t.text("Threshold and cost")),
            tag("p", about, class_="muted small"),
            class_="stack",
        )
        return column(
            Html(heading),
            self._slider,
            self._told,
            row(self._miss, self._alarm),
            self._saves,
            row(*self._picks.values(), self._use, gap=8),
            gap=20,
            css_classes=["fm-threshold-card"],
        )

    @property
    def value(self) -> float:
        shown = int(self._slider.value)
        if self._exact is not None and _on_slider(self._exact) == shown:
            return self._exact
        return shown / 100

    @property
    def costs(self) -> Costs | None:
        """None while one of the two is missing."""
        miss, alarm = self._miss.value, self._alarm.value
        if miss is None or alarm is None or self._miss.bad or self._alarm.bad:
            return None
        return Costs(float(miss), float(alarm))

    async def show(self, run: Run, candidate: Candidate) -> None:
        self._subject = run, candidate
        await self._tell()

    async def _changed(self, _event: object) -> None:
        async with self._page.attempt(fresh=False):
            await self._tell()
            await self._moved()

    async def _tell(self) -> None:
        if self._subject is None:
            return
        run, candidate = self._subject
        t, service = self._page.t, self._page.platform.evaluation
        value, costs = self.value, self.costs
        try:
            found = await blocking(service.thresholds, run.id, candidate.id, value, costs)
        except NotFoundError:  # the plot below says so
            self.is_there = self.view.visible = False
            return
        if (value, costs) != (self.value, self.costs):
            return  # it was moved on meanwhile
        if isinstance(found, Message):
            self.is_there = self.view.visible = False
            return
        self._found = found
        self._told.show(_figures(found.asked, found.label, t))
        chosen = {c.rule: c for c in found.choices}
        for rule, button in self._picks.items():
            button.visible = rule in chosen and 0 < chosen[rule].best.threshold < 1
        cheapest = chosen.get(Rule.COST)
        self._saves.show(_saving(cheapest, t) if cheapest else None)

    async def _pick(self, rule: Rule) -> None:
        for choice in self._found.choices if self._found else ():
            if choice.rule is rule and 0 < choice.best.threshold < 1:
                self._exact = choice.best.threshold
                self._slider.value = _on_slider(self._exact)
                await self._changed(None)  # the slider may have stood there already

    async def _on_use(self) -> None:
        if self._subject is None:
            return
        run, candidate = self._subject
        platform = self._page.platform
        await blocking(platform.models.register, run.id, candidate.id, threshold=self.value)
        made = await blocking(platform.deployments.use, run.id, candidate.id)
        self._page.session.go(link("deployments", name=made.name))


def _figures(at: AtThreshold, label: str, t: Translator) -> Markup:
    def tile(title: str, value: str, about: str) -> Markup:
        return tag(
            "div",
            tag("span", title, class_="muted small"),
            tag("b", value),
            tag("span", about, class_="muted small"),
            class_="tile",
        )

    tiles = [
        tile(
            t.text("“{name}” found", name=label),
            t.percent(at.recall, 1),
            t.text("{hits} of {all}", hits=at.hits, all=at.hits + at.misses),
        ),
        tile(
            t.text("Right when it says “yes”"),
            t.percent(at.precision, 1),
            t.text("{hits} of {all}", hits=at.hits, all=at.hits + at.false_alarms),
        ),
        tile(t.text("Missed"), t.number(at.misses, 0), t.text("real “yes”, called “no”")),
        tile(
            t.text("False alarms"),
            t.number(at.false_alarms, 0),
            t.text("real “no”, called “yes”"),
        ),
    ]
    if at.cost is not None:
        tiles.append(tile(t.text("Cost"), t.number(at.cost), t.text("of all test rows")))
    return tag("div", tiles, class_="tiles fm-threshold-figures")


def _on_slider(threshold: float) -> int:
    return min(99, max(1, round(100 * threshold)))


def _saving(choice: Choice, t: Translator) -> Markup:
    best = choice.best
    if not 0 < best.threshold < 1:
        always = (
            t.text("At these costs it is cheapest to say “no” to all rows.")
            if best.threshold >= 1
            else t.text("At these costs it is cheapest to say “yes” to all rows.")
        )
        return tag("p", always, class_="panel note fm-saves")
    told = t.text(
        "Cheapest from {threshold} on: {cost} for the {rows} test rows. That saves {half} against "
        "a threshold of 0.5, and {never} against always saying “no”. It was chosen on these rows: "
        "expect a little less on new ones.",
        threshold=t.number(best.threshold),
        cost=t.number(best.cost),
        rows=best.rows,
        half=t.number(choice.saves_over_half),
        never=t.number(choice.saves_over_never),
    )
    return tag("p", told, class_="panel note fm-saves")
