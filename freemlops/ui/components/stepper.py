"""The steps of the guided flow: where one is, and the way back."""

from __future__ import annotations

from typing import ClassVar

import param
from panel.custom import JSComponent

from freemlops.ui.theme import VARIABLES, asset


class Stepper(JSComponent):
    """`steps` are (key, title) pairs; only `reachable` keys can be clicked."""

    steps = param.List(default=[])
    active = param.String(default="")
    reachable = param.List(default=[])
    label = param.String(default="")

    _esm: ClassVar[str] = asset("stepper.js")
    _stylesheets: ClassVar[list[str]] = [VARIABLES, asset("stepper.css")]
