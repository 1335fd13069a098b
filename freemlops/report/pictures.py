"""Each curve of an evaluation as a picture with words."""

from __future__ import annotations

from freemlops.domain.evaluation.curves import (
    ByClass,
    Calibration,
    Confusion,
    Curve,
    Density,
    ErrorQuantiles,
    Gain,
    Histogram,
    OneVersusRest,
    PrecisionRecall,
    Roc,
)
from freemlops.domain.evaluation.plot_words import PLOTS
from freemlops.domain.run import Task
from freemlops.domain.words import Message
from freemlops.i18n import Translator
from freemlops.markup import Markup, tag
from freemlops.report import block_pictures as blocks
from freemlops.report import line_pictures as lines
from freemlops.report.curve_rows import curve_rows
from freemlops.report.svg import HEIGHT, picture
from freemlops.report.tables import table

SHOWN = {
    Task.BINARY: (
        "confusion", "roc", "precision_recall", "calibration", "scores", "gain",
    ),
    Task.MULTICLASS: ("confusion", "classes", "roc_ovr", "calibration"),
    Task.REGRESSION: ("predicted_true", "residuals", "residuals_predicted", "errors"),
}  # fmt: skip
"""The curves of a report, in order."""
MOST_LINES = 12


def figure(name: str, made: Curve | Message, t: Translator) -> Markup:
    """A picture, what is to be seen on it, and its numbers; a sentence where there is none."""
    says = PLOTS[name]
    heading = tag("h3", t.text(says.title))
    if isinstance(made, Message):
        return tag("figure", heading, tag("p", t.text(made), class_="note"), id=f"plot-{name}")
    height, marks, about = _drawn(name, made, t)
    return tag(
        "figure",
        heading,
        picture(f"picture-{name}", t.text(says.title), about, height, marks),
        tag(
            "figcaption",
            tag("p", tag("b", about)),
            tag("p", t.text(says.what), " ", t.text(says.good), class_="small muted"),
        ),
        _numbers(made, t),
        id=f"plot-{name}",
    )


def _numbers(made: Curve, t: Translator) -> Markup | None:
    """Of long curves some lines, evenly apart; none of a confusion too wide for the page."""
    if isinstance(made, Confusion) and len(made.classes) > blocks.MOST_CLASSES:
        return None
    head, rows = curve_rows(made, t, MOST_LINES)
    step = max(1, -(-len(rows) // MOST_LINES))
    numbers = table(head, rows[::step])
    return tag("details", tag("summary", t.text("As a table")), numbers, class_="screen")


def _drawn(name: str, made: Curve, t: Translator) -> tuple[float, list[Markup], str]:
    match made:
        case Confusion():
            return blocks.confusion(made, t)
        case ByClass():
            return blocks.by_class(made, t)
        case _:
            marks, about = _flat(name, made, t)
            return HEIGHT, marks, about


def _flat(name: str, made: Curve, t: Translator) -> tuple[list[Markup], str]:
    off = t.text("Answer minus truth")
    match made:
        case Roc():
            return lines.roc(made, t)
        case PrecisionRecall():
            return lines.precision_recall(made, t)
        case Gain():
            return lines.gain(made, t)
        case Calibration():
            return lines.calibration(made, t)
        case ErrorQuantiles():
            return lines.errors(made, t)
        case OneVersusRest():
            return lines.one_versus_rest(made, t)
        case Histogram() if name == "scores":
            return blocks.histogram(made, t.text("Probability"), t, share=True)
        case Histogram():
            return blocks.histogram(made, off, t, share=False)
        case Density() if name == "predicted_true":
            truth, said = t.text("The truth"), t.text("It said")
            return blocks.density(made, truth, said, t, diagonal=True)
        case Density():
            return blocks.density(made, t.text("It said"), off, t, diagonal=False)
    raise TypeError(type(made).__name__)
