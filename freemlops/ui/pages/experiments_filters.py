"""The filter bar over the list of trainings."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import panel_material_ui as pmui

from freemlops.domain.search import MAX_TEXT, Facet, Facets, RunSort
from freemlops.domain.words import N_
from freemlops.ui.components.button import quiet
from freemlops.ui.components.words import STATUSES, family
from freemlops.ui.pages.base import PageView, column, grid, row
from freemlops.ui.state.experiments import ExperimentsState

DEBOUNCE_S = 0.25
SORTS = {
    RunSort.NEWEST: N_("Newest first"),
    RunSort.SCORE: N_("Best score first"),
    RunSort.DURATION: N_("Longest first"),
    RunSort.NAME: N_("By name"),
}


class ExperimentFilters:
    """Writes into the state and awaits `changed`; `show` brings the choices up to date."""

    def __init__(
        self, page: PageView, state: ExperimentsState, changed: Callable[[], Awaitable[None]]
    ) -> None:
        self._page, self._state, self._changed = page, state, changed
        self._filling = False
        t = page.t
        self._text = pmui.TextInput(
            label=t.text("Search"),
            value=state.q,
            max_length=MAX_TEXT,
            placeholder=t.text("Name, data, target, tag, note"),
            css_classes=["fm-search"],
            size="small",
            sizing_mode="stretch_width",
            margin=0,
        )
        self._choices = {
            "dataset": _select(t.text("Data"), "fm-filter-dataset"),
            "target": _select(t.text("Predicts"), "fm-filter-target"),
            "status": _select(t.text("State"), "fm-filter-status"),
            "family": _select(t.text("Best model"), "fm-filter-family"),
            "tag": _select(t.text("Tag"), "fm-filter-tag"),
            "sort": _select(t.text("Order"), "fm-sort"),
        }
        self._starred = pmui.Switch(
            label=t.text("Starred only"),
            value=bool(state.starred),
            css_classes=["fm-starred-only"],
            margin=0,
        )
        self._clear = quiet(t.text("Clear filters"), "fm-clear-filters")
        self._clear.visible = state.is_filtered
        self.view = column(
            self._text,
            grid(*self._choices.values(), least=150),
            row(self._starred, self._clear),
            gap=16,
        )
        self._watch()

    def _watch(self) -> None:
        self._text.param.watch(self._on_text, "value_input")
        for name, choice in self._choices.items():
            choice.param.watch(self._chosen(name), "value")

        async def starred(event: Any) -> None:
            await self._set(starred="1" if event.new else "")

        async def clear() -> None:
            self._state.clear()
            self._filling = True
            try:
                self._text.param.update(value="", value_input="")
                self._starred.value = False
            finally:
                self._filling = False
            await self._changed()

        self._starred.param.watch(starred, "value")
        self._page.clicked(self._clear, clear)

    def _chosen(self, name: str) -> Callable[[Any], Awaitable[None]]:
        async def handle(event: Any) -> None:
            await self._set(**{name: event.new or ""})

        return handle

    async def _on_text(self, event: Any) -> None:
        """Search when the person has stopped typing for a moment."""
        await asyncio.sleep(DEBOUNCE_S)
        if (self._text.value_input or "") == (event.new or ""):
            await self._set(q=event.new or "")

    async def _set(self, **values: str) -> None:
        if self._filling or all(getattr(self._state, k) == v for k, v in values.items()):
            return
        self._state.param.update(**values)
        await self._changed()

    def show(self, facets: Facets) -> None:
        """Offer what the filters can be set to now, without hearing the widgets."""
        t, state = self._page.t, self._state
        words = {s.value: t.text(words) for s, words in STATUSES.items()}
        offered = {
            "dataset": self._counted(t.text("All data"), facets.datasets, state.dataset),
            "target": self._counted(t.text("Everything"), facets.targets, state.target),
            "status": self._counted(t.text("Any state"), facets.statuses, state.status, words),
            "family": self._counted(
                t.text("Any model"),
                facets.families,
                state.family,
                {f.value: family(f.value, t) for f in facets.families},
            ),
            "tag": self._counted(t.text("Any tag"), facets.tags, state.tag),
            "sort": self._orders(facets),
        }
        self._filling = True
        try:
            for name, options in offered.items():
                self._choices[name].param.update(options=options, value=getattr(state, name))
            self._choices["tag"].visible = len(offered["tag"]) > 1
            self._clear.visible = state.is_filtered
        finally:
            self._filling = False

    def _counted(
        self,
        everything: str,
        facets: Sequence[Facet],
        chosen: str,
        words: dict[str, str] | None = None,
    ) -> dict[str, str]:
        """Label → value, the count in the label; what is chosen stays even without any match."""
        found, made = list(facets), {everything: ""}
        if chosen and chosen not in {f.value for f in found}:
            found.append(Facet(chosen, 0))
        for facet in found:
            title = (words or {}).get(facet.value) or facet.title or facet.value
            label = f"{title} ({self._page.t.number(facet.count)})"
            made[label if label not in made else f"{label} {facet.value}"] = facet.value
        return made

    def _orders(self, facets: Facets) -> dict[str, str]:
        """Best first only where all scores are by one metric: others can't be compared."""
        t = self._page.t
        if self._state.order is RunSort.SCORE and len(facets.metrics) > 1:
            self._state.sort = ""
        return {
            t.text(words): "" if sort is RunSort.NEWEST else sort.value
            for sort, words in SORTS.items()
            if sort is not RunSort.SCORE or len(facets.metrics) == 1
        }


def _select(label: str, hook: str) -> pmui.Select:
    return pmui.Select(
        label=label,
        options=[],
        css_classes=[hook],
        size="small",
        sizing_mode="stretch_width",
        margin=0,
    )
