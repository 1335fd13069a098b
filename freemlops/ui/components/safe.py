"""The only way from text to HTML: everything is escaped unless it was built here.

`tag` builds elements; `Html` is the only pane of the pages that shows HTML, and refuses a
plain string, so that data a person typed or uploaded cannot reach it unescaped.
"""

from __future__ import annotations

from typing import Any

import panel as pn
from markupsafe import Markup, escape

from freemlops.ui.theme import CSS

__all__ = ["Html", "Markup", "escape", "join", "tag"]

_VOID = frozenset({"br", "hr", "img", "input"})


def tag(name: str, /, *children: object, **attributes: str | float | bool | None) -> Markup:
    """An element with escaped children and attributes.

    `class_` becomes `class`, `aria_label` becomes `aria-label`; None and False leave the
    attribute out. A list or tuple of children is flattened.
    """
    pairs = Markup("").join(
        Markup(' {}="{}"').format(key.strip("_").replace("_", "-"), "" if value is True else value)
        for key, value in attributes.items()
        if value is not None and value is not False
    )
    opening = Markup("<{}{}>").format(name, pairs)
    if name in _VOID:
        return opening
    return opening + join(children) + Markup("</{}>").format(name)


def join(children: object) -> Markup:
    """Children one after another, each escaped unless it is already `Markup`."""
    if children is None:
        return Markup("")
    if isinstance(children, (list, tuple)):
        return Markup("").join(join(child) for child in children)
    return escape(children)


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
