"""Two versions of a model beside each other, as a table."""

from __future__ import annotations

from collections.abc import Sequence

from freemlops.domain.metric import METRICS
from freemlops.domain.run import Score
from freemlops.domain.versions import Change, ColumnChange, MetricPair, VersionComparison
from freemlops.domain.words import N_
from freemlops.i18n import Translator
from freemlops.ui.components.safe import Markup, tag
from freemlops.ui.components.words import family, score_text

_CHANGES = {
    Change.ADDED: N_("new: {after}"),
    Change.REMOVED: N_("gone: {before}"),
    Change.CHANGED: N_("{before} is now {after}"),
}


def versions_compared(made: VersionComparison, t: Translator) -> Markup:
    """Scores with their intervals, kind, size and speed; then what a caller has to mind."""
    first, second = made.first, made.second
    rows = [
        _row(t.text("Model"), family(first.family, t), family(second.family, t)),
        *(_metric(pair, t) for pair in made.metrics),
        _row(t.text("Size"), *(t.bytes(size) for size in made.sizes)),
        _row(
            t.text("Time for one row"),
            *(t.text("{ms} ms", ms=ms) if ms is not None else "–" for ms in made.latencies_ms),
        ),
    ]
    head = ["", *(t.text("version {n}", n=v.version) for v in (first, second))]
    table = tag(
        "table",
        tag("thead", tag("tr", [tag("th", title) for title in head])),
        tag("tbody", rows),
    )
    return tag(
        "div",
        tag("div", table, class_="scroll", tabindex="0"),
        tag("p", _fairness(made, t), class_="muted small"),
        _columns(made.columns, t),
        class_="stack fm-compared",
    )


def _fairness(made: VersionComparison, t: Translator) -> str:
    if made.same_data is None:
        return t.text("Whether both were measured on the same rows is not known.")
    if not made.same_data:
        return t.text("They were measured on different rows: no figure here says which is better.")
    return t.text(
        "Both were measured on the same rows. A figure in bold is better beyond chance: the "
        "intervals do not overlap."
    )


def _metric(pair: MetricPair, t: Translator) -> Markup:
    return _row(
        t.text(METRICS[pair.name].title),
        _score(pair.first, pair.better == "first", t),
        _score(pair.second, pair.better == "second", t),
    )


def _score(score: Score | None, better: bool, t: Translator) -> Markup:
    if score is None:
        return tag("span", "–")
    text = score_text(score.value, t)
    ends = t.text("{low} to {high}", low=score_text(score.low, t), high=score_text(score.high, t))
    value = tag("strong", text) if better else tag("span", text)
    return tag("span", value, " ", tag("span", f"({ends})", class_="muted small"))


def _row(title: str, *cells: object) -> Markup:
    return tag("tr", tag("th", title, scope="row"), [tag("td", cell) for cell in cells])


def _columns(changes: Sequence[ColumnChange], t: Translator) -> Markup:
    if not changes:
        return tag("p", t.text("Both take the same columns: callers need not change anything."))
    lines = [
        tag(
            "li",
            tag("strong", c.column),
            " ",
            t.text(_CHANGES[c.change], before=c.before, after=c.after),
        )
        for c in changes
    ]
    return tag("div", tag("p", t.text("What callers must mind:")), tag("ul", lines))
