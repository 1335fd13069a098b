"""The dialog in which a person names a training, tags it, and writes what they think of it."""

from __future__ import annotations

from typing import Any, ClassVar

import param
from panel.custom import JSComponent

from freemlops.domain.errors import FreeMLOpsError
from freemlops.domain.search import MAX_NAME, MAX_NOTES, MAX_TAG, MAX_TAGS, Annotation, RunSummary
from freemlops.i18n import Translator
from freemlops.ui.components.problem import problem
from freemlops.ui.theme import CSS, asset


class RunNotes(JSComponent):
    """`edit` opens it for one run; `written` becomes (run, annotation) when the person saves.
    It stays open until `close`, so that a refusal (`tell`) loses nothing."""

    words = param.Dict(default={})
    longest = param.List(default=[MAX_NAME, (MAX_TAG + 2) * MAX_TAGS, MAX_NOTES])
    values = param.Dict(default={})
    wrong = param.String(default="", doc="HTML out of `tag`: why it was not saved.")
    open = param.Boolean(default=False)
    written = param.Tuple(default=("", Annotation()), length=2, precedence=-1)

    _esm: ClassVar[str] = asset("run_notes.js")
    _rename: ClassVar[dict[str, str | None]] = {"written": None}
    _stylesheets: ClassVar[list[str]] = [CSS, asset("run_notes.css")]

    def __init__(self, t: Translator) -> None:
        self._run = ""
        words = {
            "title": t.text("Name, tags and notes"),
            "name": t.text("Name"),
            "tags": t.text("Tags, with commas between them"),
            "notes": t.text("Notes"),
            "save": t.text("Save"),
            "cancel": t.text("Cancel"),
        }
        super().__init__(words=words, margin=0, height=0)

    def edit(self, run: RunSummary) -> None:
        self._run = run.id
        values = {"name": run.name, "tags": ", ".join(run.tags), "notes": run.notes}
        self.param.update(values=values, wrong="")
        self.open = True

    def tell(self, error: FreeMLOpsError, t: Translator) -> None:
        self.wrong = str(problem(error, t))

    def close(self) -> None:
        self.open = False

    def _handle_msg(self, data: dict[str, Any]) -> None:
        tags = tuple(str(data["tags"]).split(","))
        annotation = Annotation(str(data["name"]), str(data["notes"]), tags)
        self.written = (self._run, annotation)
