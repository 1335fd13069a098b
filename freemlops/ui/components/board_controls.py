"""How the board is looked at: its order, its lines, its columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import panel_material_ui as pmui

from freemlops.domain.words import N_
from freemlops.i18n import Translator
from freemlops.ui.components.leaderboard import HIDEABLE, Leaderboard
from freemlops.ui.pages.base import row
from freemlops.ui.state.board_order import Order

ORDERS: Mapping[Order, str] = {
    Order.PLACE: N_("Place on the board"),
    Order.SCORE: N_("Best score first"),
    Order.FIT: N_("Quickest to train first"),
    Order.LATENCY: N_("Quickest to answer first"),
    Order.SIZE: N_("Smallest first"),
}


class BoardControls:
    """Three choices above the board. `view` is the row; there only with something to arrange."""

    def __init__(self, board: Leaderboard, t: Translator) -> None:
        self._board = board
        self._order = self._choice(
            t.text("Order"), {t.text(title): order for order, title in ORDERS.items()}, "order"
        )
        lines = {t.text("All models"): False, t.text("Only as good as the best"): True}
        self._only = self._choice(t.text("Models"), lines, "lines")
        titles = {title: name for name, title in board.titles.items() if name in HIDEABLE}
        self._hidden = pmui.MultiChoice(
            label=t.text("Hidden columns"),
            options=titles,
            value=[],
            width=300,
            margin=0,
            css_classes=["fm-board-hidden"],
        )
        self._hidden.param.watch(self._changed, "value")
        air = {"padding-top": "8px"}  # for the labels, which stand on the frames
        self.view = row(self._order, self._only, self._hidden, visible=False, styles=air)

    def _choice(self, label: str, options: dict[str, Any], hook: str) -> pmui.Select:
        made = pmui.Select(
            label=label,
            options=options,
            value=next(iter(options.values())),
            width=230,
            margin=0,
            css_classes=[f"fm-board-{hook}"],
        )
        made.param.watch(self._changed, "value")
        return made

    def show(self, models: int) -> None:
        self.view.visible = models > 1

    def _changed(self, _event: object) -> None:
        self._board.arrange(
            self._order.value, only_tied=self._only.value, hidden=tuple(self._hidden.value)
        )
