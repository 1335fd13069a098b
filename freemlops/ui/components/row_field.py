"""A field for one column of a model's row."""

from __future__ import annotations

from typing import Any

import panel_material_ui as pmui

from freemlops.domain.dataset import ColumnType
from freemlops.domain.model import SignatureColumn
from freemlops.i18n import Translator
from freemlops.i18n.phrases import truth_text
from freemlops.ui.components.number import NumberField
from freemlops.ui.components.words import plain_number
from freemlops.ui.state import try_form


def row_field(t: Translator, at: int, c: SignatureColumn, example: Any) -> Any:
    """The widget that fits the column, `example` in it; `try_form.row` reads its `value`."""
    day_first = t.language == "pt_BR"
    kind = try_form.field_kind(c)
    value = try_form.field_value(c, example, day_first=day_first)
    common: dict[str, Any] = {
        "label": c.name,
        "css_classes": ["fm-input", f"fm-input-{at}"],
        "sizing_mode": "stretch_width",
        "margin": 0,
    }
    if kind in ("integer", "decimal"):
        return NumberField(t, value=value, whole=kind == "integer", help=_range(c, t), **common)
    if kind == "yes_no":
        answers = {truth_text(v, c.words, t): v for v in (True, False)} | {"–": None}
        return pmui.Select(options=answers, value=value, **common)
    if kind == "choice":
        options = {name: name for name in try_form.choices(c, example)} | {"–": None}
        return pmui.Select(options=options, value=value or None, **common)
    day, moment = "2024-01-31", "2024-01-31T12:30:00"
    if day_first:
        day, moment = try_form.written_day(day), try_form.written_day(moment)
    hints = {
        ColumnType.DATE: t.text("a date, such as {example}", example=day),
        ColumnType.DATETIME: t.text("date and time, such as {example}", example=moment),
    }
    return pmui.TextInput(value=value, helper_text=hints.get(c.type, ""), **common)


def _range(c: SignatureColumn, t: Translator) -> str:
    if not isinstance(c.low, (int, float)) or not isinstance(c.high, (int, float)):
        return ""
    low, high = (plain_number(bound, t) for bound in (c.low, c.high))
    return t.text("seen: {low} to {high}", low=low, high=high)
