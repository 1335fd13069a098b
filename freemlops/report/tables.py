"""Tables of a report."""

from __future__ import annotations

from collections.abc import Sequence

from freemlops.markup import Markup, tag


def table(
    head: Sequence[str], lines: Sequence[Sequence[object]], *, right: Sequence[int] = ()
) -> Markup:
    """`right` are the columns of numbers. Wider than the page it scrolls, on paper it breaks."""

    def side(at: int) -> str | None:
        return "r" if at in right else None

    top = tag("tr", [tag("th", title, class_=side(i), scope="col") for i, title in enumerate(head)])
    rows = [tag("tr", [tag("td", c, class_=side(i)) for i, c in enumerate(line)]) for line in lines]
    made = tag("table", tag("thead", top), tag("tbody", rows))
    return tag("div", made, class_="scroll", tabindex="0")


def facts(pairs: Sequence[tuple[str, object]]) -> Markup:
    """Names and values, without those that have none."""
    return tag(
        "dl",
        [(tag("dt", name), tag("dd", value)) for name, value in pairs if value not in (None, "")],
    )
