"""The learning curve in words, in numbers and as a picture."""

from __future__ import annotations

from freemlops.domain.learning import LearningCurve, LearningPoint, would_more_help
from freemlops.domain.metric import METRICS
from freemlops.domain.report import ReportFacts
from freemlops.i18n import Translator
from freemlops.i18n.phrases import score_text
from freemlops.markup import Markup, tag
from freemlops.report import axis, svg
from freemlops.report.tables import table
from freemlops.report.words import between

type Table = tuple[list[str], list[list[str]]]


def learning(facts: ReportFacts, t: Translator) -> Markup | None:
    made = facts.learning
    if made is None:
        return None
    told = t.text(would_more_help(made))
    title = learning_title(t)
    head, lines = learning_rows(made, t)
    return tag(
        "section",
        tag("h2", title),
        tag(
            "figure",
            svg.picture("picture-learning", title, told, svg.HEIGHT, _marks(made, t)),
            tag(
                "figcaption",
                tag("p", tag("b", told)),
                tag("p", learning_about(t), class_="small muted"),
            ),
        ),
        table(head, lines, right=(0, 1, 2, 3)),
        id="learning",
    )


def learning_title(t: Translator) -> str:
    return t.text("Would more rows help?")


def learning_about(t: Translator) -> str:
    return t.text(
        "The best model's settings learned from fewer rows (right), each time tested on the same "
        "test rows (up); the upright lines hold 95%."
    )


def learning_rows(made: LearningCurve, t: Translator) -> Table:
    """The heads and the lines of its table."""
    head = [
        t.text("Rows learned from"),
        t.text(METRICS[made.metric].title),
        t.text("Likely between"),
        t.text("Better than the one before"),
    ]
    return head, [_line(point, t) for point in made.points]


def _line(point: LearningPoint, t: Translator) -> list[str]:
    sure = "–" if point.ahead is None else t.percent(point.ahead)
    score = point.score
    return [t.number(point.rows, 0), score_text(score.value, t), between(score, t), sure]


def _marks(made: LearningCurve, t: Translator) -> list[Markup]:
    points = made.points
    ends = [v for p in points for v in (p.score.low, p.score.high)]
    plane = svg.Plane(
        axis.counts(t.text("Rows learned from"), points[-1].rows, t),
        axis.numbers(t.text(METRICS[made.metric].title), ends, t),
    )
    rows, values = [p.rows for p in points], [p.score.value for p in points]
    return [
        *svg.ground(plane),
        *[svg.span(plane, p.rows, p.score.low, p.score.high, "interval") for p in points],
        svg.line(plane, rows, values, "model"),
        *svg.dots(plane, [(x, y, 4.0) for x, y in zip(rows, values, strict=True)], "dot"),
    ]
