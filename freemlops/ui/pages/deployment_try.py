"""Try an endpoint by hand: a field a column, and the answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from freemlops.domain.errors import InvalidError
from freemlops.domain.model import Signature
from freemlops.ui.components.answer import answer_text
from freemlops.ui.components.button import primary
from freemlops.ui.components.row_field import row_field
from freemlops.ui.components.safe import Html, tag
from freemlops.ui.pages.base import PageView, card, grid, row
from freemlops.ui.session import blocking
from freemlops.ui.state import try_form


class TryForm:
    """`changed` hears the row after each change of a field. `view` is the card."""

    def __init__(
        self, page: PageView, endpoint: str, signature: Signature, example: dict[str, Any]
    ) -> None:
        self._page, self._endpoint, self._signature = page, endpoint, signature
        self.changed: Callable[[dict[str, Any]], None] = lambda _row: None
        t = page.t
        self._day_first = t.language == "pt_BR"
        self._fields = {
            c.name: row_field(t, at, c, example.get(c.name))
            for at, c in enumerate(signature.columns)
        }
        for field in self._fields.values():
            field.param.watch(lambda _event: self.changed(self.row()), "value")
        self._answer = Html(visible=False)
        button = primary(t.text("Predict"), "fm-predict")
        page.clicked(button, self._predict)
        self.view = card(
            Html(tag("h2", t.text("Try it"))),
            grid(*self._fields.values()),
            row(button),
            self._answer,
            gap=18,
        )

    def row(self) -> dict[str, Any]:
        """The row that the fields hold now."""
        values = {n: f.value for n, f in self._fields.items()}
        return try_form.row(self._signature, values, day_first=self._day_first)

    async def _predict(self) -> None:
        self._answer.show(None)
        wrong = [n for n, f in self._fields.items() if getattr(f, "bad", False)]
        if wrong:
            raise InvalidError(
                "These fields hold no number: {columns}. Correct them first.",
                columns=", ".join(f"“{name}”" for name in wrong),
            )
        service = self._page.platform.predictions
        found = await blocking(service.predict, self._endpoint, [self.row()])
        self._answer.show(answer_text(self._signature.target, found.predictions[0], self._page.t))
