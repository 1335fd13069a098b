"""The call that the try-it form makes, as code for a program."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from freemlops.ui.components.code_tabs import CodeTabs
from freemlops.ui.components.safe import Html, tag
from freemlops.ui.pages.base import PageView, card
from freemlops.ui.state import calls


class DeploymentCode:
    """Always shows the row that it was last given. `view` is the card."""

    def __init__(self, page: PageView, endpoint: str, row: Mapping[str, Any]) -> None:
        self._page, self._endpoint, self._row = page, endpoint, row
        self._needs_key = False
        self._about = Html()
        self._codes = CodeTabs(page.t, codes=self._made())
        self._tell()
        heading = Html(tag("h2", page.t.text("Use it from a program")))
        self.view = card(heading, self._about, self._codes, gap=14)

    def show_row(self, row: Mapping[str, Any]) -> None:
        self._row = row
        self._codes.codes = self._made()

    def show_key(self, *, needed: bool) -> None:
        """Whether the endpoint asks for a key; the code then has a place for it."""
        if needed != self._needs_key:
            self._needs_key = needed
            self._codes.codes = self._made()
            self._tell()

    def _tell(self) -> None:
        t = self._page.t
        words = t.text("Paste this into a terminal or a program that can reach this address.")
        if self._needs_key:
            words += " " + t.text(
                "This endpoint asks for a key: put yours in the place of {place}. You make one "
                "below, under Keys.",
                place=calls.KEY_HERE,
            )
        self._about.show(tag("p", words, class_="muted"))

    def _made(self) -> list[tuple[str, str, str, str]]:
        t = self._page.t
        key = calls.KEY_HERE if self._needs_key else None
        call = calls.Call(self._page.session.api_base(), self._endpoint, self._row, key)
        console = t.text("For Node, and for the console of a page of this server.")
        excel = t.text(
            "In Excel: Data, Get data, From other sources, Blank query; then paste it into the "
            "Advanced editor and choose anonymous access."
        )
        packages = t.text(
            "Needs two packages: {command}", command='install.packages(c("httr2", "jsonlite"))'
        )
        return [
            ("curl", "fm-curl", calls.curl(call), ""),
            ("Python", "fm-python", calls.python(call), ""),
            ("JavaScript", "fm-javascript", calls.javascript(call), console),
            ("R", "fm-r", calls.r(call), packages),
            ("Excel", "fm-power-query", calls.power_query(call), excel),
        ]
