"""The leaderboard: every candidate with its interval, ties said honestly."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import panel as pn
from markupsafe import escape

from freemlops.domain.evaluation.ties import Standing, Ties
from freemlops.domain.run import Candidate
from freemlops.i18n import Translator
from freemlops.report.words import between, compared, fit_text, latency_text
from freemlops.ui.components.grid_keys import GridKeys
from freemlops.ui.components.words import family, score_text
from freemlops.ui.state.board_order import Order, arranged
from freemlops.ui.theme import asset

if TYPE_CHECKING:
    import pandas as pd

# Without an entry Tabulator warns about the locale; it shows no words of its own here.
_LANGS: dict[str, dict[str, str]] = {"en": {}, "pt-br": {}}
_STYLE = asset("leaderboard.css")


class Leaderboard:
    """A table that is only redrawn when its rows change. `view` is the pane, to be shown with its
    `keys`; `titles` are those of its columns."""

    HIDEABLE = ("interval", "tie", "fit", "latency", "size")

    def __init__(self, t: Translator, metric: str, choose: Callable[[str], None]) -> None:
        self._t, self._metric, self._choose = t, metric, choose
        self._ids: list[str] = []
        self._chosen: str | None = None
        self._standings: dict[str, Standing] = {}
        self._board: Sequence[Candidate] = ()
        self._order, self._only_tied = Order.PLACE, False
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
        self.view = pn.widgets.Tabulator(
            self._frame([]),
            titles={key: str(escape(title)) for key, title in self.titles.items()},
            show_index=False,
            disabled=True,
            selectable=1,
            sortable=False,
            layout="fit_data_stretch",
            sizing_mode="stretch_width",
            margin=0,
            theme="simple",
            widths={"place": 40, "model": 200, "score": 84, "tie": 236},
            stylesheets=[_STYLE],
            css_classes=["fm-leaderboard"],
            text_align=dict.fromkeys(("score", "interval", "fit", "latency", "size"), "right"),
            header_align=dict.fromkeys(("score", "interval", "fit", "latency", "size"), "right"),
            configuration={"locale": t.language.lower().replace("_", "-"), "langs": _LANGS},
        )
        self.keys = GridKeys(hook="fm-leaderboard", label=t.text("Leaderboard"), margin=0)
        self.view.param.watch(self._on_select, "selection")

    def show(self, board: Sequence[Candidate], ties: Ties | None = None) -> None:
        """Draw the ranked board; `ties` tell how sure each comparison with the best is."""
        self._standings = {s.candidate: s for s in ties.standings} if ties else {}
        self._board = board
        self._draw()

    def arrange(self, order: Order, *, only_tied: bool = False, hidden: Sequence[str] = ()) -> None:
        """Another order, fewer lines or fewer columns; the place of a model stays its own."""
        self._order, self._only_tied = order, only_tied
        if self.view.hidden_columns != list(hidden):
            self.view.hidden_columns = list(hidden)
        self._draw()

    def _draw(self) -> None:
        lines = arranged(
            self._board,
            self._metric,
            self._order,
            only_tied=self._only_tied,
            standings=self._standings,
        )
        frame = self._frame(lines)
        if frame.equals(self.view.value):
            return
        self.view.selection = []  # that of the old lines is no place among the new ones
        self._ids = [c.id for _, c in lines]
        self.view.value = frame
        if self._chosen in self._ids:
            self.view.selection = [self._ids.index(self._chosen)]

    def _on_select(self, event: Any) -> None:
        at = next(iter(event.new), len(self._ids))
        if at < len(self._ids) and self._ids[at] != self._chosen:
            self._chosen = self._ids[at]
            self._choose(self._chosen)

    def _frame(self, board: Sequence[tuple[int, Candidate]]) -> pd.DataFrame:
        import pandas as pd  # seconds, that no start of the server waits for

        lines = [self._line(place, candidate) for place, candidate in board]
        names = ["place", "model", "score", "interval", "tie", "fit", "latency", "size"]
        return pd.DataFrame(lines, columns=names, dtype="object")

    def _line(self, place: int, c: Candidate) -> tuple[str, ...]:
        t, score = self._t, c.holdout.get(self._metric)
        tie = t.text("the best") if place == 1 else compared(c, self._standings.get(c.id), t)
        return (
            str(place),
            family(c.family, t),
            score_text(score.value, t) if score else "–",
            between(score, t),
            tie,
            fit_text(c, t),
            latency_text(c, t),
            t.bytes(c.size_bytes),
        )
