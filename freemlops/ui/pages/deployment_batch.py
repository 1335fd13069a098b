"""Score a whole file: drop it, watch it, fetch the answers."""

from __future__ import annotations

from collections.abc import Callable

from freemlops.services.batches import Batch, BatchState
from freemlops.ui.components.batch_view import batch_view
from freemlops.ui.components.button import quiet
from freemlops.ui.components.safe import Html, tag
from freemlops.ui.components.uploader import Uploader
from freemlops.ui.pages.base import PageView, column, row
from freemlops.ui.session import blocking

LOOK_MS = 400


class DeploymentBatch:
    """`view` goes into a fold. What is dropped goes straight to the disk of the server."""

    def __init__(self, page: PageView, endpoint: str) -> None:
        self._page, self._endpoint = page, endpoint
        self._batch: Batch | None = None
        self._stop: Callable[[], None] = lambda: None
        t = page.t
        about = t.text(
            "The answers come back as a CSV: your columns, the prediction, the probabilities, the "
            "decision and the warnings. Files of millions of rows are fine."
        )
        self._drop = Uploader(
            page.session,
            t.text("Drop a file with rows to answer"),
            t.text("CSV, Excel, Parquet, Arrow or JSON lines, with the columns of the form above."),
            only_send=True,
        )
        self._drop.param.watch(self._on_sent, "sent")
        self._shown = Html(visible=False)
        self._cancel = quiet(t.text("Cancel"), "fm-batch-cancel", visible=False)
        page.clicked(self._cancel, self._on_cancel)
        self.view = column(
            Html(tag("p", about, class_="muted")),
            self._drop,
            self._shown,
            row(self._cancel),
            gap=14,
            styles={"padding": "8px 0"},
        )

    async def _on_sent(self, _event: object) -> None:
        upload = self._drop.sent
        if not upload:
            return
        async with self._page.attempt():
            batches = self._page.platform.batches
            self._batch = await blocking(batches.take, self._endpoint, upload, self._page.t)
            self._drop.visible = False
            self._cancel.visible = True
            self._show()
            self._stop = self._page.session.every(LOOK_MS, self._look)

    def _look(self) -> None:
        batch = self._batch
        if batch is None or batch.over.is_set():
            self._stop()
            self._drop.visible = True
            self._cancel.visible = False
        self._show()

    def _show(self) -> None:
        batch = self._batch
        if batch is None or batch.state is BatchState.CANCELLED:
            self._shown.show(None)
            return
        self._shown.show(batch_view(batch, self._page.session.api_base(), self._page.t))

    async def _on_cancel(self) -> None:
        batch = self._batch
        if batch is not None and not batch.over.is_set():
            self._batch = None
            await blocking(self._page.platform.batches.cancel, self._endpoint, batch.id)
        self._look()
