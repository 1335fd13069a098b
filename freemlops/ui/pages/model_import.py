"""Bring a bundle of another machine into the registry."""

from __future__ import annotations

from freemlops.domain.errors import FreeMLOpsError
from freemlops.domain.words import N_
from freemlops.ui.components.fold import fold
from freemlops.ui.components.problem import problem
from freemlops.ui.components.safe import Html, tag
from freemlops.ui.components.uploader import Uploader
from freemlops.ui.pages.base import PageView, column
from freemlops.ui.session import blocking


class ModelImport:
    """`view` is a fold. Nothing of the file is run but its graph, which must answer as its own
    sample rows say."""

    def __init__(self, page: PageView) -> None:
        self._page = page
        t = page.t
        about = t.text(
            "A bundle (.fmlops) comes from “Download” beside a model. Its checksums are compared, "
            "and its sample rows must get the same answers here, before it is kept."
        )
        self._drop = Uploader(
            page.session,
            t.text("Drop a bundle here"),
            t.text("A file that ends in .fmlops"),
            only_send=True,
            accept=".fmlops",
        )
        self._drop.param.watch(self._on_sent, "sent")
        self._said = Html(visible=False)
        inside = column(
            Html(tag("p", about, class_="muted")),
            self._drop,
            self._said,
            gap=14,
            styles={"padding": "8px 0"},
        )
        self.view = fold(t.text("Bring in a model from another machine"), inside, "fm-import")

    async def _on_sent(self, _event: object) -> None:
        upload, t = self._drop.sent, self._page.t
        if not upload:
            return
        self._said.show(None)
        async with self._page.attempt():
            try:
                made, is_new = await blocking(self._page.platform.imports.take, upload)
            except FreeMLOpsError as error:  # told where the file was dropped
                self._said.show(problem(error, t))
                return
            sentence = (
                N_("“{model}” is here as version {n}, and answers as it should.")
                if is_new
                else N_("This file is here already: “{model}”, version {n}.")
            )
            told = t.text(sentence, model=made.model, n=made.version)
            self._said.show(tag("p", told, class_="panel note fm-imported", role="status"))
