"""A part of a page that is closed until somebody wants it."""

from __future__ import annotations

from typing import Any

import panel_material_ui as pmui

from freemlops.ui.theme import FOLD_SX


def fold(title: str, content: Any, hook: str) -> pmui.Accordion:
    """`active` is `[0]` while it is open."""
    return pmui.Accordion(
        (title, content),
        css_classes=[hook],
        sizing_mode="stretch_width",
        margin=0,
        title_variant="body1",
        elevation=0,
        sx=FOLD_SX,
    )
