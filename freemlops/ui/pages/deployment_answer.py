"""Finds an answer of an endpoint again, by the id that it was sent with."""

from __future__ import annotations

import panel_material_ui as pmui

from freemlops.domain.errors import InvalidError
from freemlops.ui.components.button import secondary
from freemlops.ui.components.origin_view import origins
from freemlops.ui.components.safe import Html, tag
from freemlops.ui.pages.base import PageView, column, row
from freemlops.ui.session import blocking
from freemlops.ui.state.reasons import own_words


class DeploymentAnswer:
    """`view` stands below the charts of the traffic."""

    def __init__(self, page: PageView, endpoint: str) -> None:
        self._page, self._endpoint = page, endpoint
        t = page.t
        self._request = pmui.TextInput(
            label=t.text("Id of the request"), value="", margin=0, sizing_mode="stretch_width",
            css_classes=["fm-origin-request"],
        )  # fmt: skip
        find = secondary(t.text("Find the answer"), "fm-origin-find")
        page.clicked(find, self._on_find)
        self._found = Html(visible=False)
        about = t.text(
            "Every answer carries an id (request_id, and the header X-Request-Id). While it is in "
            "the log, it leads back to the version, the training and the data that it came from."
        )
        self.view = column(
            Html(tag("h3", t.text("Where an answer came from"))),
            Html(tag("p", about, class_="muted small")),
            self._request,
            row(find),
            self._found,
            gap=12,
        )

    async def _on_find(self) -> None:
        self._found.show(None)
        request = str(self._request.value or "").strip()
        if not request:
            raise InvalidError("Write the id of a request.")
        platform = self._page.platform
        found = await blocking(platform.traffic.answered, self._endpoint, request)
        signature = await blocking(platform.predictions.signature, self._endpoint)
        self._found.show(origins(found, own_words(signature.columns), self._page.t))
