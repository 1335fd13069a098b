"""Code to copy: shown as it is, copied as it is."""

from __future__ import annotations

from typing import Any, ClassVar

import param
from panel.custom import JSComponent

from freemlops.i18n import Translator
from freemlops.ui.theme import VARIABLES, asset


class Snippet(JSComponent):
    """`hook` is the class of the element that holds nothing but the code."""

    code = param.String(default="")
    heading = param.String(default="")
    hook = param.String(default="fm-code")
    words = param.List(default=[])

    _esm: ClassVar[str] = asset("snippet.js")
    _stylesheets: ClassVar[list[str]] = [VARIABLES, asset("snippet.css")]

    def __init__(self, t: Translator, **params: Any) -> None:
        super().__init__(
            words=[t.text("Copy"), t.text("Copied")],
            sizing_mode="stretch_width",
            margin=0,
            **params,
        )
