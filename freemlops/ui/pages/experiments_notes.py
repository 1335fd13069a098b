"""The dialog in which a person names a training, tags it, and writes what they think of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import panel_material_ui as pmui

from freemlops.domain.errors import FreeMLOpsError
from freemlops.domain.search import MAX_NAME, MAX_NOTES, MAX_TAG, MAX_TAGS, Annotation, RunSummary
from freemlops.ui.components.button import primary, quiet
from freemlops.ui.components.problem import ProblemSlot
from freemlops.ui.pages.base import PageView, column, row
from freemlops.ui.session import blocking
from freemlops.ui.theme import DIALOG_SX


class RunNotes:
    """`view` is the closed dialog; `open` shows it for one run. `saved` is awaited afterwards."""

    def __init__(self, page: PageView, saved: Callable[[], Awaitable[None]]) -> None:
        self._page, self._saved = page, saved
        self._run = ""
        t = page.t
        wide = {"sizing_mode": "stretch_width", "margin": 0}
        self._name = pmui.TextInput(
            label=t.text("Name"), max_length=MAX_NAME, css_classes=["fm-notes-name"], **wide
        )
        self._tags = pmui.TextInput(
            label=t.text("Tags, with commas between them"),
            max_length=(MAX_TAG + 2) * MAX_TAGS,
            css_classes=["fm-notes-tags"],
            **wide,
        )
        self._notes = pmui.TextAreaInput(
            label=t.text("Notes"),
            max_length=MAX_NOTES,
            rows=6,
            css_classes=["fm-notes-text"],
            **wide,
        )
        self._wrong = ProblemSlot()
        save = primary(t.text("Save"), "fm-notes-save")
        cancel = quiet(t.text("Cancel"), "fm-notes-cancel")
        page.clicked(save, self._save)
        cancel.on_click(self._on_cancel)
        self.view = pmui.Dialog(
            column(self._wrong, self._name, self._tags, self._notes, row(save, cancel), gap=18),
            title=t.text("Name, tags and notes"),
            close_on_click=True,
            width_option="sm",
            sx={**DIALOG_SX, "& .MuiDialogContent-root": {"p": "12px 24px 22px"}},
        )

    def _on_cancel(self, _event: object) -> None:
        self.view.open = False

    def open(self, run: RunSummary) -> None:
        self._run = run.id
        self._wrong.clear()
        self._name.value = run.name
        self._tags.value = ", ".join(run.tags)
        self._notes.value = run.notes
        self.view.open = True

    async def _save(self) -> None:
        """A refusal is said in the dialog, which stays open with what was written."""
        self._wrong.clear()
        written = Annotation(
            name=self._name.value_input or "",
            tags=tuple((self._tags.value_input or "").split(",")),
            notes=self._notes.value_input or "",
        )
        try:
            await blocking(self._page.platform.experiments.annotate, self._run, written)
        except FreeMLOpsError as error:
            self._wrong.tell(error, self._page.t)
            return
        self.view.open = False
        await self._saved()
