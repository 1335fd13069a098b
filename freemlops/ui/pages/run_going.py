"""How far a training is, and the buttons that end it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from freemlops.domain.run import Candidate, Run
from freemlops.ui.components.button import quiet, secondary
from freemlops.ui.components.progress import progress_text
from freemlops.ui.components.safe import Html
from freemlops.ui.pages.base import PageView, card, row
from freemlops.ui.session import blocking
from freemlops.ui.state.run_story import RunStory


class RunGoing:
    """`show` moves its bar with the clock."""

    def __init__(self, page: PageView, run: str) -> None:
        self._page, self._run = page, run
        self._progress = Html()
        self._stop = secondary(page.t.text("Stop and keep the best"), "fm-stop")
        self._cancel = quiet(page.t.text("Cancel"), "fm-cancel")
        page.clicked(self._stop, self._on_stop)
        page.clicked(self._cancel, self._on_cancel)
        self.view = card(self._progress, row(self._stop, self._cancel), gap=16)

    def show(self, run: Run, board: Sequence[Candidate], story: RunStory) -> None:
        self._stop.disabled = not board
        self._cancel.visible = run.continued is None  # what was there before stays
        elapsed = (datetime.now(UTC) - run.clock[0]).total_seconds()
        self._progress.show(progress_text(run, story.tried, elapsed, self._page.t))

    async def _on_stop(self) -> None:
        await blocking(self._page.platform.runs.stop, self._run)

    async def _on_cancel(self) -> None:
        await blocking(self._page.platform.runs.cancel, self._run)
