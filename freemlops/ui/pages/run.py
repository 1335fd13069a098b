"""One training, live and afterwards."""

from __future__ import annotations

from typing import Any

from freemlops.domain.errors import FreeMLOpsError
from freemlops.domain.run import Run
from freemlops.ui.address import link
from freemlops.ui.components.empty import empty
from freemlops.ui.components.safe import Html, Markup, tag
from freemlops.ui.components.words import run_title, status_chip
from freemlops.ui.pages.base import PageView, page_column
from freemlops.ui.pages.run_live import RunLive
from freemlops.ui.session import Session

POLL_MS = 500


class RunPage(PageView):
    """Polls the run's change counter and redraws what changed; also after its end, for it may be
    given more time, here or by somebody else."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._id = session.query.get("id", "")
        self._heading = Html(tag("h1", self.title()))
        self._live = self._open()
        self._version = -1
        if self._live is not None:
            self._head(self._live.run)
        below = self._live.view if self._live is not None else Html(self._way_to_all())
        self._body = page_column(self._heading, self.problems, below)

    def _open(self) -> RunLive | None:
        """The live view of the run in the URL, None when there is no such run.

        Read here, while the page is made and not after, a few rows by their key: what the page
        is opened for comes with its first frame.
        """
        if not self._id:
            return None
        try:
            runs = self.platform.runs
            return RunLive(self, runs.get(self._id), runs.candidates(self._id))
        except FreeMLOpsError as error:
            self.problems.tell(error, self.t)
            return None

    def __panel__(self) -> Any:
        return self._body

    def title(self) -> str:
        return self.t.text("A training")

    def _way_to_all(self) -> Markup:
        t = self.t
        about = t.text("Choose one from the list of all trainings.")
        return empty(t.text("No training is open"), about, link("experiments"), t.text("Trainings"))

    async def load(self) -> None:
        if self._live is None:
            return
        await self._tick()
        self.session.every(POLL_MS, self._poll)

    async def start(self) -> None:
        async with self.attempt(fresh=False):  # an unknown run is told already
            await self.load()

    async def _poll(self) -> None:
        async with self.attempt(fresh=False):
            await self._tick()

    async def _tick(self) -> None:
        if self._live is None:
            return
        version = self.platform.changes.version(f"run:{self._id}")
        if version == self._version:
            self._live.advance()
            return
        self._version = version
        await self._live.refresh()
        self._head(self._live.run)

    def _head(self, run: Run) -> None:
        t = self.t
        title = run_title(run, t)
        self._heading.show(
            tag(
                "div",
                tag(
                    "div",
                    status_chip(run.status, t),
                    tag(
                        "a",
                        t.text("Compare with others"),
                        href=link("compare", runs=run.id),
                        class_="small fm-compare-run",
                    ),
                    class_="row",
                ),
                tag("h1", title, class_="fm-run-title", style="overflow-wrap:anywhere"),
                class_="stack",
            )
        )
