"""What differs between the versions of the data that the compared runs were trained on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import panel_material_ui as pmui

from freemlops.domain.diff import key_columns
from freemlops.domain.errors import NotFoundError
from freemlops.ui.components.diff_view import diff_view
from freemlops.ui.components.safe import Html, tag
from freemlops.ui.pages.base import PageView, card, row
from freemlops.ui.session import blocking
from freemlops.ui.state.comparison import Side, version_pairs


class DataDiffView:
    """`view` is its card; `show` compares the chosen pair of versions."""

    def __init__(self, page: PageView, sides: Sequence[Side]) -> None:
        self._page = page
        runs = [s.run for s in sides]
        self._same = len({(r.spec.dataset, r.spec.version) for r in runs}) == 1
        self._pairs = version_pairs(runs)
        t = page.t
        names = {r.spec.dataset: r.dataset_name for r in runs}
        options = {
            t.text("{name}: version {before} to {after}", name=names[d], before=a, after=b): i
            for i, (d, a, b) in enumerate(self._pairs)
        }
        self._pair = pmui.Select(
            label=t.text("Versions"), options=options, value=0 if options else None, margin=0,
            width=360, visible=len(options) > 1, css_classes=["fm-version-pair"],
        )  # fmt: skip
        self._body = Html()
        self._pair.param.watch(self._changed, "value")
        self.view = card(
            Html(tag("h2", t.text("What differs in the data"))),
            row(self._pair),
            self._body,
            gap=16,
            css_classes=["fm-data-diff"],
        )

    async def show(self) -> None:
        t = self._page.t
        if not self._pairs:
            words = (
                t.text("Nothing: all were trained on the same version of the same data.")
                if self._same
                else t.text("They were trained on different datasets: no versions to compare.")
            )  # fmt: skip
            self._body.show(tag("p", words))
            return
        dataset, before, after = self._pairs[self._pair.value or 0]
        try:
            diff = await blocking(self._page.platform.diffs.diff, dataset, before, after)
        except NotFoundError as error:  # deleted: no reason to take the rest of the page away
            self._body.show(tag("p", t.text(error.message), class_="panel note"))
            return
        keys = key_columns(diff.before, diff.after)
        self._body.show(diff_view(diff, keys[:1], t))

    async def _changed(self, _event: Any) -> None:
        async with self._page.attempt(self._pair):
            await self.show()
