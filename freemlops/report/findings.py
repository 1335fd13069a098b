"""What the answers on the test rows tell: in pictures, by columns, by mistakes, in limits."""

from __future__ import annotations

from freemlops.domain.explanation import Importance
from freemlops.domain.labels import short
from freemlops.domain.limits import limits
from freemlops.domain.metric import METRICS
from freemlops.domain.report import ReportFacts
from freemlops.i18n import Translator
from freemlops.markup import Markup, tag
from freemlops.report import axis
from freemlops.report.block_pictures import bars
from freemlops.report.pictures import figure
from freemlops.report.svg import picture
from freemlops.report.tables import table
from freemlops.report.words import basis_text, drivers_found

MOST_DRIVERS = 15


def pictures(facts: ReportFacts, t: Translator) -> Markup | None:
    if facts.run is None or facts.candidate is None:
        return None
    heading = tag("h2", t.text("How good it is, in pictures"))
    measured = facts.measured
    if measured is None:
        why = facts.unmeasured
        told = t.text(why) if why else t.text("Pictures are drawn once the training is over.")
        return tag("section", heading, tag("p", told, class_="note"), id="pictures")
    rows = measured.evaluation.rows
    about = t.text("From {rows} test rows, which the model had not seen.", rows=rows)
    drawn = [figure(name, made, t) for name, made in measured.curves]
    return tag(
        "section",
        heading,
        tag("p", about, class_="muted"),
        tag("div", drawn, class_="figures"),
        id="pictures",
    )


def drivers(facts: ReportFacts, t: Translator) -> Markup | None:
    """A sentence in its place while the training goes on, and where it can't be worked out."""
    if facts.candidate is None:
        return None
    heading = tag("h2", t.text("What drives the model"))
    made = facts.importance
    if made is None or not made.effects:
        why = facts.unexplained
        told = t.text(why) if why else t.text("It is worked out once the training is over.")
        return tag("section", heading, tag("p", told, class_="note"), id="drivers")
    return tag("section", heading, *_drivers(made, t), id="drivers")


def _drivers(made: Importance, t: Translator) -> list[Markup]:
    shown = made.effects[:MOST_DRIVERS]
    metric = t.text(METRICS[made.metric].title)
    label = t.text("How much worse without it: {metric}", metric=metric)
    ends = [v for e in shown for v in (e.by_metric.low, e.by_metric.high)]
    across = axis.numbers(label, ends, t, also=0.0)
    names = short([e.column for e in shown], 20)
    spans = [(e.by_metric.low, e.by_metric.high) for e in shown]
    height, marks = bars(names, [[e.by_metric.value] for e in shown], across, [""], spans)
    head = [t.text("Column"), label, t.text("Likely between"), t.text("More than chance?")]
    lines = [
        [
            e.column,
            t.number(e.by_metric.value),
            f"{t.number(e.by_metric.low)} – {t.number(e.by_metric.high)}",
            t.text("yes") if e.matters else t.text("no"),
        ]
        for e in shown
    ]
    found = drivers_found(made, t)
    drawn = picture("picture-drivers", t.text("What drives the model"), found, height, marks)
    return [
        tag("p", found),
        tag("div", tag("figure", drawn, id="plot-drivers"), class_="figures"),
        table(head, lines, right=(1, 2)),
        tag("p", basis_text(made.basis, t), class_="small muted"),
    ]


def failures(facts: ReportFacts, t: Translator) -> Markup | None:
    """The values of the worst rows stay on the page: a report is passed on."""
    if facts.measured is None:
        return None
    found = facts.measured.mistakes
    common = [tag("li", t.text(c.message(t.text))) for c in found.clusters]
    head = [t.text("Row"), t.text("What happened")]
    lines = [[t.number(m.row + 1, 0), t.text(m.message())] for m in found.worst]
    worst = None
    if lines:
        kept = t.text(
            "What else is in these rows is not told here, for a report is passed on; see the page "
            "of the training."
        )
        title = t.text("The {count} rows that it got most wrong", count=len(lines))
        worst = [tag("h3", title), table(head, lines), tag("p", kept, class_="small muted")]
    return tag(
        "section",
        tag("h2", t.text("Where it fails")),
        tag("h3", t.text("What its mistakes have in common")),
        tag("ul", common) if common else None,
        tag("p", t.text(found.note)) if found.note is not None else None,
        worst,
        id="failures",
    )


def bounds(facts: ReportFacts, t: Translator) -> Markup:
    lines = [tag("li", t.text(message)) for message in limits(facts)]
    return tag("section", tag("h2", t.text("Limits")), tag("ul", lines), id="limits")
