"""The drop zone: sends the file's bytes straight to the API, past the websocket."""

from __future__ import annotations

from typing import Any, ClassVar

import param
from panel.custom import JSComponent

from freemlops.ui.session import Session
from freemlops.ui.theme import VARIABLES, asset


class Uploader(JSComponent):
    """`uploaded` becomes (dataset, version) when the API has taken a file. With `only_send` it is
    not read: `sent` becomes the id of the upload, once it is whole."""

    words = param.Dict(default={})
    api = param.String(default="")
    locale = param.String(default="en")
    only_send = param.Boolean(default=False)
    accept = param.String(
        default=(
            ".csv,.tsv,.txt,.tab,.gz,.zip,.parquet,.arrow,.feather,.jsonl,.ndjson,.json,.xlsx,.xls"
        )
    )
    uploaded = param.Tuple(default=None, length=2, allow_None=True, precedence=-1)
    sent = param.String(default="", precedence=-1)

    _esm: ClassVar[str] = asset("uploader.js")
    _rename: ClassVar[dict[str, str | None]] = {"uploaded": None, "sent": None}
    _stylesheets: ClassVar[list[str]] = [VARIABLES, asset("uploader.css")]

    def __init__(self, session: Session, title: str = "", about: str = "", **params: Any) -> None:
        t = session.t
        words = {
            "title": title or t.text("Drop your table here"),
            "about": about
            or t.text(
                "CSV, Excel, Parquet, Arrow or JSON lines, also zipped. One row a case, names in "
                "the first line."
            ),
            "choose": t.text("Choose a file"),
            "cancel": t.text("Cancel"),
            "sending": t.text("Sending"),
            "reading": t.text("Reading"),
            "rows": t.text("{n} rows", n="{}"),
            "lost": t.text("The connection was lost. Trying again…"),
            "drop": t.text("Read it without these lines"),
            "other": t.text("Choose another file"),
            "done": t.text("Done"),
            "failed": t.text("The upload did not work"),
            "network": t.text("The connection was lost. Check that Free MLOps is still running."),
            "line": t.text("line {line}", line="{}"),
            "row": t.text("row {row}", row="{}"),
            "column": t.text("column “{column}”", column="{}"),
        }
        super().__init__(
            words=words,
            api=session.api_base(),
            locale=session.language.replace("_", "-"),
            sizing_mode="stretch_width",
            margin=0,
            **params,
        )

    def _handle_msg(self, data: dict[str, Any]) -> None:
        if "upload" in data:
            self.sent = str(data["upload"])
        else:
            self.uploaded = (str(data["dataset"]), int(data["version"]))
