"""Advice as a list; what a run can do about it can be switched on and off."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Final

import param
from panel.custom import JSComponent

from freemlops.domain.advice import Action, ActionKind, Advice, Severity
from freemlops.domain.words import N_
from freemlops.i18n import Translator
from freemlops.ui.theme import VARIABLES, asset

_LABELS: Final = {
    Severity.SERIOUS: N_("Serious"),
    Severity.WARNING: N_("Take care"),
    Severity.INFO: N_("Good to know"),
}
_ACTIONS: Final = {
    ActionKind.EXCLUDE: N_("Leave out: {columns}"),
    ActionKind.SPLIT_TIME: N_("Test on the newest rows, by “{columns}”"),
    ActionKind.SPLIT_GROUP: N_("Keep all rows of one “{columns}” together"),
}


class AdviceList(JSComponent):
    """`on_action` hears of each switch that a person turns; without it none are shown."""

    heading = param.String(default="")
    more = param.String(default="")
    items = param.List(default=[])

    _esm: ClassVar[str] = asset("advice.js")
    _stylesheets: ClassVar[list[str]] = [VARIABLES, asset("advice.css")]

    def __init__(
        self, t: Translator, on_action: Callable[[Action, bool], None] | None = None
    ) -> None:
        self._t, self._on_action = t, on_action
        self._actions: dict[str, Action] = {}
        super().__init__(
            heading=t.text("What to know about this data"),
            more=t.text("Good to know"),
            sizing_mode="stretch_width",
            margin=0,
            visible=False,
        )

    def show(
        self, found: Sequence[Advice], applied: Callable[[Action], bool] = lambda _action: False
    ) -> None:
        """`applied` tells which actions are in force."""
        self._actions = {
            str(i): a.action for i, a in enumerate(found) if a.action and self._on_action
        }
        self.items = [self._item(str(i), a, applied) for i, a in enumerate(found)]
        self.visible = bool(found)

    def _item(self, key: str, advice: Advice, applied: Callable[[Action], bool]) -> dict[str, Any]:
        t, action = self._t, self._actions.get(key)
        return {
            "key": key,
            "code": advice.code,
            "severity": advice.severity.value,
            "label": t.text(_LABELS[advice.severity]),
            "message": t.text(advice.message),
            "todo": t.text(advice.todo),
            "action": None
            if action is None
            else t.text(_ACTIONS[action.kind], columns=", ".join(action.columns)),
            "on": action is not None and applied(action),
        }

    def _handle_msg(self, data: dict[str, Any]) -> None:
        action = self._actions.get(str(data.get("key")))
        if action is not None and self._on_action is not None:
            self._on_action(action, bool(data.get("on")))
