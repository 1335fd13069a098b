"""A field for a number, written the reader's way: decimal comma in Portuguese, point in English.

The number inputs of the toolkit read a point only, and round what they show.
"""

from __future__ import annotations

from typing import Any, ClassVar

import param
from panel.custom import JSComponent

from freemlops.i18n import Translator
from freemlops.ui.theme import VARIABLES, asset


class NumberField(JSComponent):
    """`value` is None for an empty field; `bad` while the text is no number and not taken."""

    value = param.Number(default=None, allow_None=True)
    whole = param.Boolean(default=False, doc="Take whole numbers only.")
    bad = param.Boolean(default=False)
    label = param.String(default="")
    help = param.String(default="")
    wrong = param.String(default="")
    locale = param.String(default="en")

    _esm: ClassVar[str] = asset("number.js")
    _stylesheets: ClassVar[list[str]] = [VARIABLES, asset("number.css")]

    def __init__(self, t: Translator, **params: Any) -> None:
        whole = params.get("whole", False)
        super().__init__(
            locale=t.language.replace("_", "-"),
            wrong=t.text("Write a whole number.") if whole else t.text("Write a number."),
            **params,
        )
