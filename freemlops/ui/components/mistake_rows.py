"""Rows of the data with what a model said of them."""

from __future__ import annotations

from collections.abc import Sequence

from freemlops.domain.evaluation.mistakes import Mistake
from freemlops.i18n import Translator
from freemlops.ui.components.folds import table
from freemlops.ui.components.safe import Markup, tag
from freemlops.ui.state.reasons import Words, value_text

MOST_COLUMNS = 12


def mistake_rows(
    found: Sequence[Mistake], truth: str, said: str, words: Words, t: Translator
) -> Markup:
    """The rows of one cell of the confusion."""
    if not found:
        told = t.text("No row of “{truth}” was called “{said}”.", truth=truth, said=said)
        return tag("p", told, class_="muted fm-cell-rows")
    title = t.text("Rows of “{truth}” that were called “{said}”", truth=truth, said=said)
    note = t.text("The {count} that it was least right about.", count=len(found))
    names = list(found[0].values)[:MOST_COLUMNS]
    head = [t.text("Row"), t.text("Given to the truth"), *names]
    lines = [
        [
            t.number(m.row + 1, 0),
            t.percent(1 - m.error, 1),
            *(value_text(m.values.get(n), t, words.get(n)) for n in names),
        ]
        for m in found
    ]
    return tag(
        "section",
        tag("h3", title),
        tag("p", note, class_="muted small"),
        table(head, lines),
        class_="stack fm-cell-rows",
    )
