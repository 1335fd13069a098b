"""More time for a training that is over."""

from __future__ import annotations

from typing import Any

import panel_material_ui as pmui

from freemlops.domain.run import Run, RunStatus
from freemlops.ui.components.button import secondary
from freemlops.ui.components.safe import Html, tag
from freemlops.ui.pages.base import PageView, card, row
from freemlops.ui.session import blocking

REST = "rest"
"""What an interrupted training had left of its time."""


class MoreTime:
    """A choice of times and a button; there only while the run can go on."""

    def __init__(self, page: PageView, run: str) -> None:
        self._page, self._run = page, run
        self._title, self._about = Html(), Html()
        self._times = pmui.Select(
            label=page.t.text("How much longer"),
            options={},
            css_classes=["fm-more-time"],
            width=220,
            margin=0,
        )
        self._button = secondary(page.t.text("Train on"), "fm-more")
        page.clicked(self._button, self._on_more)
        choice = row(self._times, self._button)
        self.view = card(self._title, self._about, choice, gap=14, visible=False)

    async def show(self, run: Run) -> None:
        """Bring it up to date with the run."""
        t, runs = self._page.t, self._page.platform.runs
        self.view.visible = runs.can_go_on(run)
        if not self.view.visible:
            return
        interrupted = run.status is RunStatus.INTERRUPTED
        if interrupted:
            title = t.text("Go on where it was interrupted")
            about = t.text("What was trained and tried until then is kept and not done again.")
        else:
            title = t.text("Not good enough yet?")
            about = t.text(
                "Let it search on from here. The models on the board stay, and a better one takes "
                "the lead only if it really is."
            )
        self._title.show(tag("h2", title))
        self._about.show(tag("p", about, class_="muted"))
        self._offer(await blocking(runs.time_left, run) if interrupted else None)

    def _offer(self, rest_s: float | None) -> None:
        t = self._page.t
        rest = {t.text("The {time} it had left", time=t.duration(rest_s)): REST} if rest_s else {}
        minutes = {t.duration(60.0 * n): 60 * n for n in (1, 5, 30)}
        options: dict[str, Any] = rest | minutes
        if list(self._times.options.values()) != list(options.values()):
            self._times.param.update(options=options, value=REST if rest else 300)

    async def _on_more(self) -> None:
        chosen = self._times.value
        budget_s = None if chosen == REST else float(chosen)
        await blocking(self._page.platform.runs.go_on, self._run, budget_s)
