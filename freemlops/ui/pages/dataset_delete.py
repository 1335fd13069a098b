"""Deleting a dataset or one version of it for real, after a question."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import panel_material_ui as pmui

from freemlops.domain.dataset import DatasetVersion
from freemlops.ui.address import link
from freemlops.ui.components.button import quiet
from freemlops.ui.components.safe import Html, tag
from freemlops.ui.pages.base import PageView, column, row
from freemlops.ui.session import blocking
from freemlops.ui.theme import DIALOG_SX


class DeleteDialog:
    """Says what goes, what stays and how much room it gives; then asks."""

    def __init__(self, page: PageView, dataset: str) -> None:
        self._page, self._dataset = page, dataset
        self._version = 0
        t = page.t
        self._words = Html()
        self._one = self._button("fm-delete-version")
        self._all = self._button("fm-delete-confirm")
        keep = quiet(t.text("Keep it"), "fm-delete-cancel")
        keep.on_click(self._close)
        page.clicked(self._one, self._gone(one=True))
        page.clicked(self._all, self._gone(one=False))
        self.view = pmui.Dialog(
            column(self._words, row(self._all, self._one, keep), gap=18),
            title=t.text("Delete this data?"),
            close_on_click=True,
            sx=DIALOG_SX,
        )

    def _close(self, _event: object) -> None:
        self.view.open = False

    def _button(self, hook: str) -> pmui.Button:
        return pmui.Button(label="", color="error", margin=0, css_classes=[hook])

    def about(self, table: DatasetVersion, versions: Sequence[DatasetVersion]) -> None:
        """Speak of this version among those."""
        t = self._page.t
        self._version = table.version
        many = len(versions) > 1
        self._one.visible = many
        self._one.label = t.text("Only version {n}", n=table.version)
        self._all.label = t.text("All {n} versions", n=len(versions)) if many else t.text("Delete")
        size = t.bytes(sum(v.size_bytes for v in versions))
        self._words.show(
            tag(
                "div",
                tag(
                    "p",
                    t.text("The rows and the file as it was sent ({size}) are deleted.", size=size),
                ),
                tag("p", t.text("Trainings and models made from them stay. This can't be undone.")),
                class_="stack",
            )
        )

    def ask(self, _event: object) -> None:
        self.view.open = True

    def _gone(self, *, one: bool) -> Callable[[], Awaitable[None]]:
        async def work() -> None:
            self.view.open = False
            datasets: Any = self._page.platform.datasets
            await blocking(datasets.delete, self._dataset, self._version if one else None)
            left = {"id": self._dataset} if one else {}
            self._page.session.go(link("datasets", **left))

        return work
