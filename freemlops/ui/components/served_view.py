"""What an endpoint served, and how its versions compare."""

from __future__ import annotations

from collections.abc import Sequence

from freemlops.domain.model import DeploymentRules, ServedVersion
from freemlops.i18n import Translator
from freemlops.services.traffic import Beside
from freemlops.ui.components.folds import table
from freemlops.ui.components.safe import Markup, tag
from freemlops.ui.components.traffic_view import versions_table

MOST_SERVED = 8


def served_view(served: Sequence[ServedVersion], t: Translator) -> Markup:
    """Newest first; the first one answers now."""
    lines = [
        tag(
            "li",
            tag("strong", t.text("version {n}", n=one.version)),
            " ",
            tag("span", t.text("since {time}", time=t.datetime(one.since)), class_="muted"),
            " ",
            tag("span", t.text("answers now"), class_="chip good") if at == 0 else None,
            tag("span", t.text("deleted since"), class_="chip") if one.deleted else None,
        )
        for at, one in enumerate(served[:MOST_SERVED])
    ]
    return tag("ul", lines, class_="stack fm-served", style="list-style:none;padding:0")


def beside_view(made: Beside, rules: DeploymentRules, t: Translator) -> Markup | None:
    """None while there is no second version and was none."""
    whole = made.whole
    if len(whole.versions) < 2 and rules.challenger is None and rules.shadow is None:
        return None
    parts: list[Markup] = [tag("h3", t.text("Side by side, in the last 7 days"))]
    if not whole.versions:
        parts.append(tag("p", t.text("No request was answered yet."), class_="muted"))
        return tag("div", parts, class_="stack fm-beside")
    parts.append(versions_table(whole.versions, t))
    if whole.compared:
        parts.append(_agreement(made, t))
    if made.apart:
        head = [t.text("It answered"), t.text("The shadow answered"), t.text("Rows")]
        lines = [[a["said"], a["shadow_said"], t.number(a["rows"], 0)] for a in made.apart]
        parts.append(table(head, lines))
    return tag("div", parts, class_="stack fm-beside", style="gap:12px")


def _agreement(made: Beside, t: Translator) -> Markup:
    whole = made.whole
    rows = t.number(whole.compared, 0)
    if made.distance is not None:
        words = t.text(
            "On {rows} rows the shadow's numbers were {distance} off, on average.",
            rows=rows,
            distance=t.number(made.distance),
        )
    else:
        share = t.percent(whole.same / whole.compared, 1)
        words = t.text(
            "On {rows} rows the shadow answered the same in {share}.", rows=rows, share=share
        )
    return tag("p", words, class_="fm-agreement")
