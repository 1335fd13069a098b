"""The top bar: brand, menu button of narrow screens, language and theme."""

from __future__ import annotations

from typing import Any, ClassVar

import param
from panel.custom import JSComponent

from freemlops.i18n import LANGUAGES
from freemlops.ui.session import LANGUAGE_COOKIE, THEME_COOKIE, Session
from freemlops.ui.theme import VARIABLES, asset


class TopBar(JSComponent):
    """Sets the language and theme cookies in the browser; `dark` follows its button."""

    words = param.Dict(default={})
    languages = param.Dict(default=LANGUAGES)
    language = param.String(default="en")
    cookies = param.List(default=[LANGUAGE_COOKIE, THEME_COOKIE])
    dark = param.Boolean(default=False)
    target = param.String(default="", doc="Set it to leave for another page.")

    _esm: ClassVar[str] = asset("bar.js")
    _stylesheets: ClassVar[list[str]] = [VARIABLES, asset("bar.css")]

    def __init__(self, session: Session, **params: Any) -> None:
        t = session.t
        words = {
            "brand": "Free MLOps",
            "menu": t.text("Menu"),
            "language": t.text("Language"),
            "theme": t.text("Light or dark"),
            "skip": t.text("Skip to the content"),
        }
        super().__init__(
            words=words,
            language=session.language,
            dark=session.dark,
            sizing_mode="stretch_width",
            margin=0,
            **params,
        )
        session.leave = self._leave

    def _leave(self, url: str) -> None:
        self.target = ""
        self.target = url
