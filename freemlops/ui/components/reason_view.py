"""Why one row got its answer, and what another value would change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import panel_material_ui as pmui

from freemlops.domain.explanation import Contributions, Importance, KnownRow
from freemlops.domain.model import Signature
from freemlops.domain.run import Candidate, Run
from freemlops.ui.charts.reason_bars import reason_bars
from freemlops.ui.components import explained_text as words
from freemlops.ui.components.button import quiet
from freemlops.ui.components.row_field import row_field
from freemlops.ui.components.safe import Html, tag
from freemlops.ui.pages.base import PageView, card, column, grid, row
from freemlops.ui.session import blocking
from freemlops.ui.state import try_form
from freemlops.ui.state.reasons import answer_number, changed, own_words, reasons, row_label

MOST_FIELDS = 24
"""Columns beyond the most important ones keep the row's values."""


class ReasonView:
    """A row of the data, its reasons, and a field for each value to move."""

    def __init__(
        self,
        page: PageView,
        run: Run,
        candidate: Candidate,
        signature: Signature,
        importance: Importance,
        rows: Sequence[KnownRow],
    ) -> None:
        self._page, self._run, self._candidate = page, run, candidate
        self._signature = signature
        self._rows = {r.row: r for r in rows}
        order = [e.column for e in importance.effects][:MOST_FIELDS]
        self._columns = [c for n in order for c in signature.columns if c.name == n]
        t = page.t
        self._row = pmui.Select(
            label=t.text("Row"), options={row_label(r, t): r.row for r in rows},
            value=rows[0].row, css_classes=["fm-why-row"], margin=0,
            sizing_mode="stretch_width", max_width=520,
        )  # fmt: skip
        self._row.param.watch(self._chosen, "value")
        self._back = quiet(t.text("Back to the row's own values"), "fm-why-back", visible=False)
        page.clicked(self._back, self.load)
        self._heading, self._moved = Html(), Html(visible=False)
        self._chart, self._table, self._form = column(gap=0), Html(), column(gap=0)
        self._fields: dict[str, Any] = {}
        self._turn = 0
        self._first: Contributions | None = None
        self.view = self._layout()

    def _layout(self) -> Any:
        t = self._page.t
        heading = tag(
            "div",
            tag("h2", t.text("Why this row?")),
            tag(
                "p",
                t.text("The rows on which the model is most wrong come first."),
                class_="muted",
            ),
            class_="stack",
        )
        what_if = tag(
            "div",
            tag("h3", t.text("What if?")),
            tag("p", t.text("Move a value and watch the answer."), class_="muted"),
            class_="stack",
        )
        return card(
            Html(heading),
            row(self._row),
            self._heading,
            self._moved,
            self._chart,
            self._table,
            Html(words.reasons_help(t)),
            Html(what_if),
            self._form,
            row(self._back),
            css_classes=["fm-reasons"],
            gap=16,
        )

    async def _chosen(self, _event: object) -> None:
        async with self._page.attempt(self._row, fresh=False):
            await self.load()

    async def load(self) -> None:
        """The chosen row with its own values."""
        known = self._rows[self._row.value]
        t = self._page.t
        self._first = None
        self._fields = {
            c.name: row_field(t, at, c, known.values.get(c.name))
            for at, c in enumerate(self._columns)
        }
        self._form.objects = [grid(*self._fields.values())]
        await self._explain(known.values)
        for field in self._fields.values():
            field.param.watch(self._edited, "value")

    async def _edited(self, _event: object) -> None:
        if any(getattr(f, "bad", False) for f in self._fields.values()):
            return
        async with self._page.attempt():
            await self._explain(self._typed())

    def _typed(self) -> dict[str, Any]:
        """The row with the values of the fields, where they differ from the row's own."""
        own = self._rows[self._row.value].values
        shown = {n: f.value for n, f in self._fields.items()}
        day_first = self._page.t.language == "pt_BR"
        typed = try_form.row(self._signature, shown, day_first=day_first)
        return {n: typed[n] if n in self._fields else value for n, value in own.items()}

    async def _explain(self, values: dict[str, Any]) -> None:
        self._turn += 1
        turn, t = self._turn, self._page.t
        of = self._first.of if self._first is not None else None
        service = self._page.platform.explanations
        asked = (self._run.id, self._candidate.id, [values], of)
        (made,) = await blocking(service.contributions, *asked)
        if turn != self._turn:
            return  # a later value is on its way
        first = self._first = self._first or made
        truth = self._rows[self._row.value].truth
        self._heading.show(words.reasons_heading(made, self._signature.target, truth, t))
        found = reasons(made, own_words(self._signature.columns), t)
        caption = Html(tag("p", t.text("What each value adds to the answer"), class_="muted small"))
        bars = reason_bars(found, t.text("Adds"), t, percent=made.of is not None)
        self._chart.objects = [caption, bars]
        self._table.show(words.reasons_table(made, found, t))
        moved = changed(self._rows[self._row.value].values, values)
        self._back.visible = bool(moved)
        self._moved.show(self._told(first, made, moved) if moved else None)

    def _told(self, first: Contributions, made: Contributions, moved: Sequence[str]) -> Any:
        t = self._page.t
        said = t.text(
            "You changed {columns}: the answer moved from {before} to {after}.",
            columns=", ".join(f"“{name}”" for name in moved),
            before=answer_number(first.made, made.of, t),
            after=answer_number(made.made, made.of, t),
        )
        return tag("p", said, class_="panel note fm-what-if", role="status")
