"""Quality beside speed and size, as a picture of the board above it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import panel as pn

from freemlops.domain.run import Candidate
from freemlops.i18n import Translator
from freemlops.ui.charts.sheet import pane
from freemlops.ui.charts.trade_off import shown, trade_off
from freemlops.ui.components.folds import help_fold
from freemlops.ui.components.safe import Html, Markup, tag
from freemlops.ui.pages.base import card

FEWEST = 2


class TradeOffView(pn.viewable.Viewer):
    """`show` draws a board; nothing is there for fewer than `FEWEST` models."""

    def __init__(self, t: Translator, metric: str) -> None:
        super().__init__()
        self._t, self._metric = t, metric
        self._drawn: list[Candidate] = []
        self._chart = pn.Column(sizing_mode="stretch_width", margin=0, css_classes=["fm-trade-off"])
        head = tag("h2", t.text("Quality against speed and size"))
        self._view = card(Html(head), self._chart, Html(_help(t)), visible=False)

    def __panel__(self) -> Any:
        return self._view

    def show(self, board: Sequence[Candidate]) -> None:
        lines = shown(board, self._metric)
        if len(lines) < FEWEST or lines == self._drawn:
            return
        self._drawn = lines
        self._chart.objects = [pane(trade_off(lines, self._metric, self._t))]
        self._view.visible = True


def _help(t: Translator) -> Markup:
    return help_fold(
        t,
        t.text(
            "What is this? Each dot is a model of the board: how good it is (up), with the range "
            "in which that lies 95 times in 100, how long one answer takes (right), and how large "
            "its file is (the area of the dot)."
        ),
        t.text(
            "Is it good? Far left and small is cheap. Where the grey ranges of two models overlap, "
            "the data does not say which of them is better."
        ),
        t.text(
            "What can I do? Take the cheapest of the models that are about as good as the best: "
            "choose its line on the board."
        ),
    )
