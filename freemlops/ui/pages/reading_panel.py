"""How a file was read: what it leaves open, what was left out, and reading it otherwise."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from freemlops.domain.dataset import DatasetVersion
from freemlops.domain.reading import Question
from freemlops.ui.components.button import secondary
from freemlops.ui.components.fold import fold
from freemlops.ui.components.reading_form import ReadingForm
from freemlops.ui.components.safe import Html, tag
from freemlops.ui.pages.base import PageView, column, row
from freemlops.ui.session import blocking

type OnVersion = Callable[[DatasetVersion], Awaitable[None]]


class ReadingPanel:
    """Questions first, as buttons; below them, folded, every option and the type of each column.

    `on_version` is awaited with the version that comes out.
    """

    def __init__(self, page: PageView, on_version: OnVersion) -> None:
        self._page, self._on_version = page, on_version
        self._table: DatasetVersion | None = None
        t = page.t
        self._questions = column(gap=12, visible=False)
        self._form = ReadingForm(t)
        self._form.param.watch(self._read, "given")
        self._fold = fold(t.text("Something was read wrongly?"), self._form, "fm-reading-fold")
        self._rejects = Html(visible=False)
        self.view = column(self._questions, self._rejects, self._fold, gap=14)

    async def show(self, table: DatasetVersion) -> bool:
        """Bring it up to date; gives whether something is still asked."""
        origin = await blocking(self._page.platform.intake.origin, table.dataset, table.version)
        t = self._page.t
        self._table = table
        self._questions.objects = [self._question(q) for q in origin.questions]
        self._questions.visible = bool(origin.questions)
        self._form.show(table, origin, t)
        self._fold.visible = origin.original is not None
        base = f"{self._page.session.api_base()}/api/v1/datasets/{table.dataset}"
        self._rejects.show(
            tag(
                "p",
                t.text("Lines that did not fit as they were: {count}.", count=table.rejected),
                " ",
                tag("a", t.text("Download them"), href=f"{base}/versions/{table.version}/rejects"),
                class_="fm-rejects",
            )
            if table.rejected
            else None
        )
        return bool(origin.questions)

    def _question(self, question: Question) -> Any:
        t = self._page.t
        buttons = []
        for choice in question.choices:
            button = secondary(t.text(choice.label), f"fm-answer-{choice.value}", size="small")
            self._page.clicked(button, self._answer(question.option, choice.value))
            buttons.append(button)
        text = tag("div", tag("strong", t.text(question.message)), class_="panel warn fm-question")
        return column(Html(text), row(*buttons), gap=8)

    def _answer(self, option: str, value: str) -> Callable[[], Awaitable[None]]:
        async def work() -> None:
            table = self._table
            if table is not None:
                intake = self._page.platform.intake
                made = await blocking(intake.answer, table.dataset, table.version, option, value)
                await self._on_version(made)

        return work

    async def _read(self, event: Any) -> None:
        table, changes = self._table, dict(event.new)
        if table is None or not changes:
            return
        if changes.get("header_line") is not None:
            changes["header_line"] = int(changes["header_line"])
        intake = self._page.platform.intake
        self._form.loading = True
        try:
            async with self._page.attempt():
                if "types" in changes:
                    origin = await blocking(intake.origin, table.dataset, table.version)
                    changes["types"] = {**origin.options.types, **changes["types"]}
                made = await blocking(intake.read_anew, table.dataset, table.version, changes)
                await self._on_version(made)
        finally:
            self._form.param.update(loading=False, given={})
