"""Try an endpoint by hand: a field a column, the answer, and the same call as code."""

from __future__ import annotations

from typing import Any

from freemlops.domain.errors import InvalidError
from freemlops.domain.model import Signature
from freemlops.ui.components.answer import answer_text
from freemlops.ui.components.button import primary
from freemlops.ui.components.row_field import row_field
from freemlops.ui.components.safe import Html, tag
from freemlops.ui.components.snippet import Snippet
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
            c.name: row_field(t, at, c, example.get(c.name))
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
