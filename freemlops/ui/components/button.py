"""Buttons in their three ranks. `hook` is the stable CSS class that tests look for."""

from __future__ import annotations

from typing import Any

import panel_material_ui as pmui


def primary(label: str, hook: str, **params: Any) -> pmui.Button:
    """The one thing to do next: at most one in a view."""
    return _button(label, hook, "contained", {"size": "large", **params})


def secondary(label: str, hook: str, **params: Any) -> pmui.Button:
    return _button(label, hook, "outlined", params)


def quiet(label: str, hook: str, **params: Any) -> pmui.Button:
    return _button(label, hook, "text", params)


def _button(label: str, hook: str, variant: str, params: dict[str, Any]) -> pmui.Button:
    params.setdefault("margin", 0)
    return pmui.Button(
        label=label, variant=variant, css_classes=[hook], disable_elevation=True, **params
    )
