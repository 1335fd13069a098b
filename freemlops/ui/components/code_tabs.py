"""Code to copy, in several languages: shown as it is, copied as it is."""

from __future__ import annotations

from typing import Any, ClassVar

import param
from panel.custom import JSComponent

from freemlops.i18n import Translator
from freemlops.ui.theme import VARIABLES, asset


class CodeTabs(JSComponent):
    """One language is shown. `codes` are (title, hook, code, note): `hook` is the class of the
    element that holds nothing but the code. Titles and hooks stay as they were at first."""

    codes = param.List(default=[])
    words = param.List(default=[])

    _esm: ClassVar[str] = asset("code_tabs.js")
    _stylesheets: ClassVar[list[str]] = [VARIABLES, asset("code_tabs.css")]

    def __init__(self, t: Translator, **params: Any) -> None:
        super().__init__(
            words=[t.text("Copy"), t.text("Copied"), t.text("Language of the code")],
            sizing_mode="stretch_width",
            margin=0,
            **params,
        )
