"""What the pages show of HTML: `tag` of `freemlops.markup` builds it, and escapes everything.

`Html` is the only pane of the pages that shows HTML, and refuses a plain string, so that data a
person typed or uploaded cannot reach it unescaped.
"""

from __future__ import annotations

from typing import Any

import panel as pn

from freemlops.markup import Markup, escape, join, tag
from freemlops.ui.theme import CSS

__all__ = ["Html", "Markup", "escape", "join", "tag"]


class Html(pn.pane.HTML):
    """A pane of escaped HTML in the look of the pages."""

    def __init__(self, content: Markup | None = None, **params: Any) -> None:
        params.setdefault("sizing_mode", "stretch_width")
        params.setdefault("margin", 0)
        self._shown = _checked(content)
        super().__init__(self._shown, stylesheets=[CSS], **params)

    def show(self, content: Markup | None) -> None:
        """Replace the content; nothing at all hides the pane."""
        text = _checked(content)
        if self._shown != text:
            self._shown = self.object = text
        self.visible = bool(text)


def _checked(content: Markup | None) -> str:
    if content is None:
        return ""
    if not isinstance(content, Markup):
        raise TypeError("Html shows only what tag() built")
    # A plain string: Markup's own methods would escape what Panel replaces in it.
    return str(content)
