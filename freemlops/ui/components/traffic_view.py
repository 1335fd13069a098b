"""The figures behind the charts of an endpoint's traffic."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from freemlops.domain.model import DeploymentRules
from freemlops.domain.words import N_
from freemlops.i18n import Translator
from freemlops.services.traffic import Flow
from freemlops.serving.route import Role
from freemlops.ui.charts.traffic import ERRORS, QUANTILES, color_of
from freemlops.ui.components.safe import Markup, tag

ROLES = {
    Role.CHAMPION: N_("answers"),
    Role.CHALLENGER: N_("challenger"),
    Role.SHADOW: N_("shadow, in silence"),
}


def no_traffic(rules: DeploymentRules, t: Translator) -> Markup:
    if rules.log_share == 0:
        words = t.text("The log is off, so requests can't be shown. Turn it on below.")
    else:
        words = t.text("Send a request with the code above: it appears here within seconds.")
    return tag(
        "div",
        tag("strong", t.text("No requests in this time")),
        tag("span", words, class_="muted"),
        class_="empty fm-no-traffic",
    )


def figures(flow: Flow, rules: DeploymentRules, t: Translator) -> Markup:
    """A line a version, the errors, and what the figures do not tell."""
    rows = flow.whole.versions
    errors = sum(e.count for e in flow.errors)
    began = flow.whole.errors_since
    if began is None or began <= flow.since:
        notes = [t.text("Errors in this time: {count}.", count=errors)]
    else:
        notes = [
            t.text(
                "Errors: {count}. They are counted since the server started, {time}.",
                count=errors,
                time=t.datetime(began),
            )
        ]
    if 0 < rules.log_share < 1:
        share = t.percent(rules.log_share, 1)
        notes.append(t.text("Of {share} of the requests, the share that is logged.", share=share))
    return tag(
        "div",
        versions_table(rows, t) if rows else None,
        tag("p", " ".join(notes), class_="muted small fm-traffic-notes"),
        class_="stack fm-traffic-figures",
    )


def versions_table(versions: Sequence[dict[str, Any]], t: Translator) -> Markup:
    """Requests, rows and times of each version in each of its roles."""
    head = [t.text("Version"), t.text("Requests"), t.text("Rows"), "p50", "p95", "p99"]
    head.append(t.text("Rows with a warning"))
    made = tag(
        "table",
        tag("thead", tag("tr", [tag("th", h, scope="col") for h in head])),
        tag("tbody", [_version(one, t) for one in versions]),
    )
    return tag("div", made, class_="scroll", tabindex="0")


def _version(one: dict[str, Any], t: Translator) -> Markup:
    name = t.text("version {n}", n=one["version"])
    role = t.text(ROLES[Role(one["role"])])
    cells = [
        t.number(one["requests"], 0),
        t.number(one["rows"], 0),
        *(t.text("{ms} ms", ms=t.number(one[q], 2)) for q in QUANTILES),
        t.percent(one["warned"] / one["rows"], 1) if one["rows"] else "–",
    ]
    title = tag("span", dot(color_of(one["version"])), f"{name} ", tag("small", role))
    return tag(
        "tr",
        tag("th", title, scope="row"),
        [tag("td", cell, class_="num nowrap") for cell in cells],
        data_version=one["version"],
        data_role=one["role"],
    )


def legend(flow: Flow, t: Translator) -> Markup:
    """The colours of the bars."""
    versions = sorted({one["version"] for one in flow.spans})
    marks = [(color_of(v), t.text("version {n}", n=v)) for v in versions]
    if flow.errors:
        marks.append((ERRORS, t.text("errors")))
    return _marks(marks)


def quantile_legend() -> Markup:
    return _marks([(color, name[:3]) for name, color in QUANTILES.items()])


def _marks(marks: list[tuple[str, str]]) -> Markup:
    return tag("div", [tag("span", dot(c), n) for c, n in marks], class_="row small muted")


def dot(color: str) -> Markup:
    style = f"display:inline-block;width:10px;height:10px;border-radius:3px;background:{color}"
    return tag("span", style=f"{style};margin-right:6px", aria_hidden="true")
