"""Try an endpoint by hand: a field a column, the answer, and the same call as code."""

from __future__ import annotations

from typing import Any

import panel_material_ui as pmui

from freemlops.domain.dataset import ColumnType
from freemlops.domain.errors import InvalidError
from freemlops.domain.model import Signature, SignatureColumn
from freemlops.ui.components.answer import answer_text
from freemlops.ui.components.button import primary
from freemlops.ui.components.number import NumberField
from freemlops.ui.components.safe import Html, tag
from freemlops.ui.components.snippet import Snippet
from freemlops.ui.components.words import plain_number
from freemlops.ui.pages.base import PageView, card, column, grid, row
from freemlops.ui.session import blocking
from freemlops.ui.state import calls, try_form


class TryForm:
    """The form and the snippets always show the same row."""

    def __init__(
        self, page: PageView, endpoint: str, signature: Signature, example: dict[str, Any]
    ) -> None:
        self._page, self._endpoint, self._signature = page, endpoint, signature
        t = page.t
        self._day_first = t.language == "pt_BR"
        self._fields = {
            c.name: self._field(at, c, example.get(c.name))
            for at, c in enumerate(signature.columns)
        }
        for field in self._fields.values():
            field.param.watch(lambda _event: self._code(), "value")
        self._answer = Html(visible=False)
        self._predict_button = primary(t.text("Predict"), "fm-predict")
        page.clicked(self._predict_button, self._predict)
        self._curl = Snippet(t, heading="curl", hook="fm-curl")
        self._python = Snippet(t, heading="Python", hook="fm-python")
        self._code()
        self.view = self._layout()

    def _layout(self) -> Any:
        t = self._page.t
        return column(
            card(
                Html(tag("h2", t.text("Try it"))),
                grid(*self._fields.values()),
                row(self._predict_button),
                self._answer,
                gap=18,
            ),
            card(
                Html(
                    tag(
                        "div",
                        tag("h2", t.text("Use it from a program")),
                        tag(
                            "p",
                            t.text("Paste this into a terminal or a program on this computer."),
                            class_="muted",
                        ),
                        class_="stack",
                    )
                ),
                self._curl,
                self._python,
                gap=16,
            ),
            gap=20,
        )

    def _field(self, at: int, c: SignatureColumn, example: Any) -> Any:
        kind = try_form.field_kind(c)
        value = try_form.field_value(c, example, day_first=self._day_first)
        common: dict[str, Any] = {
            "label": c.name,
            "css_classes": ["fm-input", f"fm-input-{at}"],
            "sizing_mode": "stretch_width",
            "margin": 0,
        }
        if kind in ("integer", "decimal"):
            whole = kind == "integer"
            return NumberField(
                self._page.t, value=value, whole=whole, help=self._range(c), **common
            )
        t = self._page.t
        if kind == "yes_no":
            answers = {t.text("yes"): True, t.text("no"): False, "–": None}
            return pmui.Select(options=answers, value=value, **common)
        if kind == "choice":
            options = {name: name for name in try_form.choices(c, example)} | {"–": None}
            return pmui.Select(options=options, value=value, **common)
        day, moment = "2024-01-31", "2024-01-31T12:30:00"
        if self._day_first:
            day, moment = try_form.written_day(day), try_form.written_day(moment)
        hints = {
            ColumnType.DATE: t.text("a date, such as {example}", example=day),
            ColumnType.DATETIME: t.text("date and time, such as {example}", example=moment),
        }
        return pmui.TextInput(value=value, helper_text=hints.get(c.type, ""), **common)

    def _range(self, c: SignatureColumn) -> str:
        if not isinstance(c.low, (int, float)) or not isinstance(c.high, (int, float)):
            return ""
        low, high = (plain_number(bound, self._page.t) for bound in (c.low, c.high))
        return self._page.t.text("seen: {low} to {high}", low=low, high=high)

    def _row(self) -> dict[str, Any]:
        values = {n: f.value for n, f in self._fields.items()}
        return try_form.row(self._signature, values, day_first=self._day_first)

    def _code(self) -> None:
        base, made = self._page.session.api_base(), self._row()
        self._curl.code = calls.curl(base, self._endpoint, made)
        self._python.code = calls.python(base, self._endpoint, made)

    async def _predict(self) -> None:
        self._answer.show(None)
        wrong = [n for n, f in self._fields.items() if getattr(f, "bad", False)]
        if wrong:
            raise InvalidError(
                "These fields hold no number: {columns}. Correct them first.",
                columns=", ".join(f"“{name}”" for name in wrong),
            )
        service = self._page.platform.predictions
        found = await blocking(service.predict, self._endpoint, [self._row()])
        self._answer.show(answer_text(self._signature.target, found.predictions[0], self._page.t))
