"""What stands below a plot: what it shows, whether that is good, and what it is made of."""

from __future__ import annotations

from freemlops.domain.evaluation.plot_words import PLOTS
from freemlops.i18n import Translator
from freemlops.ui.components.safe import Markup, tag


def plot_help(name: str, t: Translator) -> Markup:
    words = PLOTS[name]
    lines = (
        (t.text("What is this?"), words.what),
        (t.text("Is it good?"), words.good),
        (t.text("What can I do?"), words.do),
    )
    return tag(
        "div",
        [tag("p", tag("b", question, " "), t.text(answer)) for question, answer in lines],
        class_="muted stack small fm-plot-help",
    )


def basis(rows: int, binned: bool, t: Translator) -> Markup:
    """What the plot is made of."""
    told = t.text("From {rows} test rows, which the model had not seen.", rows=rows)
    many = t.text("Points stand for several rows each.") if binned else ""
    return tag("p", told, " ", many, class_="muted small")
