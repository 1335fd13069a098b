"""The words that the SQL editor completes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import param
from panel.custom import JSComponent

from freemlops.domain.sql import SqlTable
from freemlops.ui.components.sql_views import from_name
from freemlops.ui.theme import asset


class SqlWords(JSComponent):
    """Invisible; `words` are pairs of a word and where it comes from. `asked` counts how often
    a person pressed Ctrl+Enter in the editor."""

    words = param.List(default=[])
    asked = param.Integer(default=0)
    label = param.String(default="")

    _esm: ClassVar[str] = asset("sql_words.js")

    def teach(self, tables: Sequence[SqlTable]) -> None:
        names = [[from_name(table), table.schema] for table in tables]
        columns = {c.name: table.name for table in tables for c in table.columns}
        self.words = [*names, *([name, where] for name, where in columns.items())]
