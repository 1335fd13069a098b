"""The filter bar over the list of trainings.

Native fields in one component: six selects of the toolkit took 150 ms of the server and as much
of the browser at every visit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

import param
from panel.custom import JSComponent

from freemlops.domain.search import MAX_TEXT, Facet, Facets, RunSort
from freemlops.domain.words import N_
from freemlops.i18n import Translator
from freemlops.ui.components.words import STATUSES, family
from freemlops.ui.theme import VARIABLES, asset

CLEAR: Final = "clear"
SORTS: Final = {
    RunSort.NEWEST: N_("Newest first"),
    RunSort.SCORE: N_("Best score first"),
    RunSort.DURATION: N_("Longest first"),
    RunSort.NAME: N_("By name"),
}


class RunFilters(JSComponent):
    """`heard` becomes (name of a filter, its value) when a person has changed one, or
    (`CLEAR`, ""). Watch it with `onlychanged=False`. Typing is heard after 250 ms of quiet."""

    words = param.Dict(default={})
    names = param.List(default=["dataset", "target", "status", "family", "tag", "sort"])
    longest = param.Integer(default=MAX_TEXT)
    values = param.Dict(default={}, doc="Filter by name, empty where it is open.")
    options = param.Dict(default={}, doc="By filter, pairs of value and label.")
    heard = param.Tuple(default=("", ""), length=2, precedence=-1)

    _esm: ClassVar[str] = asset("run_filters.js")
    _rename: ClassVar[dict[str, str | None]] = {"heard": None}
    _stylesheets: ClassVar[list[str]] = [VARIABLES, asset("run_filters.css")]

    def __init__(self, t: Translator, values: Mapping[str, str], **params: Any) -> None:
        words = {
            "q": t.text("Search"),
            "placeholder": t.text("Name, data, target, tag, note"),
            "dataset": t.text("Data"),
            "target": t.text("Predicts"),
            "status": t.text("State"),
            "family": t.text("Best model"),
            "tag": t.text("Tag"),
            "sort": t.text("Order"),
            "starred": t.text("Starred only"),
            "clear": t.text("Clear filters"),
        }
        super().__init__(
            words=words,
            values=dict(values),
            options=choices(Facets(0), values, t),
            sizing_mode="stretch_width",
            margin=0,
            **params,
        )

    def show(self, facets: Facets, values: Mapping[str, str], t: Translator) -> None:
        """Offer what the filters can be set to now, and what they are set to."""
        self.param.update(options=choices(facets, values, t), values=dict(values))

    def _handle_msg(self, data: dict[str, Any]) -> None:
        self.heard = (str(data["name"]), str(data["value"]))


def choices(
    facets: Facets, values: Mapping[str, str], t: Translator
) -> dict[str, list[tuple[str, str]]]:
    """The options of each select: everything first, then the most frequent, with counts."""
    statuses = {s.value: t.text(words) for s, words in STATUSES.items()}
    families = {f.value: family(f.value, t) for f in facets.families}

    def counted(
        name: str, everything: str, found: Sequence[Facet], words: Mapping[str, str]
    ) -> list[tuple[str, str]]:
        chosen = values[name]
        more = [Facet(chosen, 0)] if chosen and chosen not in {f.value for f in found} else []
        labels = [
            (f.value, f"{words.get(f.value) or f.title or f.value} ({t.number(f.count)})")
            for f in (*found, *more)
        ]
        return [("", everything), *labels]

    return {
        "dataset": counted("dataset", t.text("All data"), facets.datasets, {}),
        "target": counted("target", t.text("Everything"), facets.targets, {}),
        "status": counted("status", t.text("Any state"), facets.statuses, statuses),
        "family": counted("family", t.text("Any model"), facets.families, families),
        "tag": counted("tag", t.text("Any tag"), facets.tags, {}),
        "sort": _orders(facets, t),
    }


def _orders(facets: Facets, t: Translator) -> list[tuple[str, str]]:
    """Best first only where all scores are by one metric: others can't be compared."""
    return [
        ("" if sort is RunSort.NEWEST else sort.value, t.text(words))
        for sort, words in SORTS.items()
        if sort is not RunSort.SCORE or len(facets.metrics) == 1
    ]
