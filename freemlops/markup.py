"""The only way from text to HTML or SVG: everything is escaped unless it was built here."""

from __future__ import annotations

from markupsafe import Markup, escape

__all__ = ["Markup", "escape", "join", "tag"]

_VOID = frozenset({"br", "hr", "img", "input", "link", "meta"})


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
