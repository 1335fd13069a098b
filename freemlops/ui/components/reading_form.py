"""A form that says how a file is to be read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final

import param
from panel.custom import JSComponent

from freemlops.domain.dataset import DatasetVersion
from freemlops.domain.reading import Origin
from freemlops.domain.words import N_
from freemlops.i18n import Translator
from freemlops.ui.components.words import TYPES
from freemlops.ui.theme import VARIABLES, asset

AUTO = "auto"
_CHOICES: Final[Mapping[str, tuple[str, tuple[tuple[str, str], ...]]]] = {
    "encoding": (
        N_("Letters are written as"),
        (
            ("utf-8", "UTF-8"),
            ("cp1252", "Windows-1252 (latin-1)"),
            ("iso8859-15", "ISO 8859-15"),
            ("cp850", "CP850 (DOS)"),
            ("mac_roman", "Mac Roman"),
            ("cp1250", "Windows-1250"),
            ("cp1251", "Windows-1251"),
            ("shift_jis", "Shift JIS"),
            ("gb18030", "GB 18030"),
            ("utf-16", "UTF-16"),
        ),
    ),
    "separator": (
        N_("Fields are separated by"),
        ((",", ","), (";", ";"), ("\t", N_("Tab")), ("|", "|")),
    ),
    "decimal": (N_("Decimals are marked by"), ((".", "1.5"), (",", "1,5"))),
    "date_order": (
        N_("Dates are written as"),
        (("dmy", N_("day/month/year")), ("mdy", N_("month/day/year"))),
    ),
    "header_line": (
        N_("The header is"),
        (("0", N_("not there")), *((str(n), N_("in line {line}")) for n in range(1, 11))),
    ),
    "bad": (
        N_("A line that does not fit"),
        (
            ("refuse", N_("stops the reading")),
            ("drop", N_("is left out")),
            ("blank", N_("keeps what fits")),
        ),
    ),
}


class ReadingForm(JSComponent):
    """`given` becomes the choices that were changed, when a person presses the button."""

    words = param.Dict(default={})
    options = param.List(default=[])
    types = param.List(default=[])
    columns = param.List(default=[])
    given = param.Dict(default={}, precedence=-1)

    _rename: ClassVar[dict[str, str | None]] = {"given": None}
    _esm: ClassVar[str] = asset("reading.js")
    _stylesheets: ClassVar[list[str]] = [VARIABLES, asset("reading.css")]

    def __init__(self, t: Translator) -> None:
        super().__init__(
            words={
                "apply": t.text("Read again"),
                "types": t.text("Columns"),
                "note": t.text("Nothing is lost: this makes a new version beside this one."),
            },
            types=[[kind.value, t.text(words)] for kind, words in TYPES.items()],
            sizing_mode="stretch_width",
            margin=0,
        )

    def show(self, table: DatasetVersion, origin: Origin, t: Translator) -> None:
        self.param.update(
            options=_options(origin, t),
            columns=[[c.name, c.type.value] for c in table.columns],
            given={},
        )

    def _handle_msg(self, data: dict[str, Any]) -> None:
        self.given = {k: (None if v == AUTO else v) for k, v in data.items()}


def _options(origin: Origin, t: Translator) -> list[dict[str, Any]]:
    made = []
    for key, (label, choices) in _CHOICES.items():
        value = getattr(origin.options, key)
        shown = [[AUTO, t.text("as found")]]
        for name, text in choices:
            words = t.text(text, line=name) if key == "header_line" else t.text(text)
            shown.append([name, words])
        made.append(
            {
                "key": key,
                "label": t.text(label),
                "choices": shown,
                "value": AUTO if value is None else str(value),
            }
        )
    return made
