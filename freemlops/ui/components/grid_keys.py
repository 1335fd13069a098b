"""The keyboard of a Tabulator: arrows go from line to line, Enter or space chooses one."""

from __future__ import annotations

from typing import ClassVar

import param
from panel.custom import JSComponent

from freemlops.ui.theme import asset


class GridKeys(JSComponent):
    """Belongs beside the table whose CSS class is `hook`; `label` is the table's name."""

    hook = param.String(default="")
    label = param.String(default="")

    _esm: ClassVar[str] = asset("grid_keys.js")
