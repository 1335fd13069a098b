"""What stands folded below a plot: its table, and what it shows."""

from __future__ import annotations

from collections.abc import Sequence

from freemlops.i18n import Translator
from freemlops.ui.components.safe import Markup, tag


def help_fold(t: Translator, *lines: str) -> Markup:
    """What this is, whether it is good, what one can do."""
    return tag(
        "details",
        tag("summary", t.text("What does this show?")),
        tag("ul", [tag("li", line) for line in lines], class_="muted"),
        class_="fm-help",
    )


def table_fold(
    title: str, head: Sequence[str], lines: Sequence[Sequence[str]], hook: str
) -> Markup:
    return tag("details", tag("summary", title), table(head, lines), class_=hook)


def table(head: Sequence[str], lines: Sequence[Sequence[str]]) -> Markup:
    """Wider than its place it scrolls, by keyboard too."""
    rows = [tag("tr", [tag("td", cell) for cell in line]) for line in lines]
    whole = tag("table", tag("thead", tag("tr", [tag("th", h) for h in head])), tag("tbody", rows))
    return tag("div", whole, class_="scroll", tabindex="0")
