"""The leaderboard: every candidate with its interval, ties said honestly."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Final

import param
from panel.custom import JSComponent

from freemlops.domain.evaluation.ties import Standing, Ties
from freemlops.domain.run import Candidate
from freemlops.i18n import Translator
from freemlops.report.words import between, compared, fit_text, latency_text
from freemlops.ui.components.safe import Markup, tag
from freemlops.ui.components.words import family, score_text
from freemlops.ui.state.board_order import Order, arranged
from freemlops.ui.theme import CSS, asset

HIDEABLE: Final = ("interval", "tie", "fit", "latency", "size")
_NUMBERS: Final = ("score", "interval", "fit", "latency", "size")


class Leaderboard(JSComponent):
    """A table whose lines are chosen by mouse, or by arrows and Enter; `choose` hears of it.
    `titles` are those of its columns."""

    content = param.String(default="")

    _esm: ClassVar[str] = asset("leaderboard.js")
    _stylesheets: ClassVar[list[str]] = [CSS, asset("leaderboard.css")]

    def __init__(self, t: Translator, metric: str, choose: Callable[[str], None]) -> None:
        super().__init__(sizing_mode="stretch_width", margin=0, css_classes=["fm-leaderboard"])
        self._t, self._metric, self._choose = t, metric, choose
        self._chosen = ""
        self._standings: dict[str, Standing] = {}
        self._board: Sequence[Candidate] = ()
        self._order, self._only_tied = Order.PLACE, False
        self._hidden: Sequence[str] = ()
        self.titles = {
            "place": "#",
            "model": t.text("Model"),
            "score": t.text("Score"),
            "interval": t.text("Likely between"),
            "tie": t.text("Compared with the best"),
            "fit": t.text("Training time"),
            "latency": t.text("One answer"),
            "size": t.text("Size"),
        }

    def show(self, board: Sequence[Candidate], ties: Ties | None = None) -> None:
        """Draw the ranked board; `ties` tell how sure each comparison with the best is."""
        self._standings = {s.candidate: s for s in ties.standings} if ties else {}
        self._board = board
        self._draw()

    def arrange(self, order: Order, *, only_tied: bool = False, hidden: Sequence[str] = ()) -> None:
        """Another order, fewer lines or fewer columns; the place of a model stays its own."""
        self._order, self._only_tied, self._hidden = order, only_tied, hidden
        self._draw()

    def _handle_msg(self, data: dict[str, Any]) -> None:
        candidate = str(data["candidate"])
        if candidate != self._chosen and any(c.id == candidate for c in self._board):
            self._chosen = candidate
            self._draw()
            self._choose(candidate)

    def _draw(self) -> None:
        lines = arranged(
            self._board,
            self._metric,
            self._order,
            only_tied=self._only_tied,
            standings=self._standings,
        )
        ids = [c.id for _, c in lines]
        at = self._chosen if self._chosen in ids else next(iter(ids), "")
        columns = [name for name in self.titles if name not in self._hidden]
        head = [
            tag("th", self.titles[name], scope="col", role="columnheader", class_=_look(name))
            for name in columns
        ]
        table = tag(
            "table",
            tag("thead", tag("tr", head, role="row")),
            tag("tbody", [self._line(n, c, columns, focused=c.id == at) for n, c in lines]),
            class_="board",
            role="grid",
            aria_label=self._t.text("Leaderboard"),
        )
        self.content = str(tag("div", table, class_="scroll"))

    def _line(self, place: int, c: Candidate, columns: Sequence[str], *, focused: bool) -> Markup:
        texts = self._texts(place, c)
        return tag(
            "tr",
            [tag("td", texts[name], role="gridcell", class_=_look(name)) for name in columns],
            role="row",
            data_candidate=c.id,
            aria_selected=str(c.id == self._chosen).lower(),
            tabindex="0" if focused else "-1",
        )

    def _texts(self, place: int, c: Candidate) -> dict[str, str]:
        t, score = self._t, c.holdout.get(self._metric)
        best = t.text("the best")
        return {
            "place": str(place),
            "model": family(c.family, t),
            "score": score_text(score.value, t) if score else "–",
            "interval": between(score, t),
            "tie": best if place == 1 else compared(c, self._standings.get(c.id), t),
            "fit": fit_text(c, t),
            "latency": latency_text(c, t),
            "size": t.bytes(c.size_bytes),
        }


def _look(name: str) -> str:
    return f"{name} r" if name in _NUMBERS else name
