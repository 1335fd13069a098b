"""What drives a model, how, and why one row got its answer."""

from __future__ import annotations

from typing import Any

import panel as pn

from freemlops.domain.run import Candidate, Run
from freemlops.ui.components.button import secondary
from freemlops.ui.components.driver_view import DriverView
from freemlops.ui.components.reason_view import ReasonView
from freemlops.ui.components.safe import Html, tag
from freemlops.ui.pages.base import PageView, card, column, row
from freemlops.ui.session import blocking


class Explanation(pn.viewable.Viewer):
    """Computes nothing until somebody asks for it; `show` says of what."""

    def __init__(self, page: PageView) -> None:
        super().__init__()
        self._page = page
        t = page.t
        self._subject: tuple[Run, Candidate] | None = None
        self._shown = ""
        self._button = secondary(t.text("Explain this model"), "fm-explain")
        page.clicked(self._button, self._explain)
        self._row = row(self._button)
        self._wait = Html(visible=False)
        self._parts = column(visible=False, gap=20)
        words = tag(
            "div",
            tag("h2", t.text("Why it answers so")),
            tag(
                "p",
                t.text(
                    "Which columns the model needs, how its answer moves with each of them, and "
                    "what made the difference for a single row. It is worked out by asking the "
                    "model many questions, which takes a few seconds."
                ),
                class_="muted",
            ),
            class_="stack",
        )
        self._ask = card(Html(words), self._row, self._wait, gap=16)
        self._view = column(self._ask, self._parts, gap=20, visible=False)

    def __panel__(self) -> Any:
        return self._view

    def show(self, run: Run, candidate: Candidate) -> None:
        """What the button explains; another candidate takes the last one's explanation away."""
        self._subject = run, candidate
        self._view.visible = candidate.parity is not None or candidate.size_bytes is not None
        if self._shown and self._shown != candidate.id:
            self._shown = ""
            self._parts.visible = False
            self._row.visible = True

    async def _explain(self) -> None:
        if self._subject is None:
            return
        run, candidate = self._subject
        service = self._page.platform.explanations
        self._wait.show(tag("div", class_="skeleton", role="status", aria_busy="true"))
        try:
            importance = await blocking(service.importance, run.id, candidate.id)
            signature = await blocking(self._page.platform.runs.signature, run.id)
            rows = await blocking(service.rows, run.id, candidate.id)
            drivers = DriverView(self._page, run, candidate, signature, importance)
            reasons = ReasonView(self._page, run, candidate, signature, importance, rows)
            await drivers.load()
            await reasons.load()
        finally:
            self._wait.show(None)
        self._parts.objects = [drivers.view, reasons.view]
        self._parts.visible = True
        self._row.visible = False
        self._shown = candidate.id
