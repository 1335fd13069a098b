"""What an endpoint once answered, and what that answer came from."""

from __future__ import annotations

from collections.abc import Sequence

from freemlops.domain.logged import LoggedAnswer
from freemlops.i18n import Translator
from freemlops.serving.route import Role
from freemlops.ui.address import link
from freemlops.ui.components.folds import table
from freemlops.ui.components.safe import Markup, tag
from freemlops.ui.components.traffic_view import ROLES
from freemlops.ui.state.reasons import Words, value_text

MOST = 50


def origins(answers: Sequence[LoggedAnswer], words: Words, t: Translator) -> Markup:
    """A line an answer: who answered, what, when, and the way back to its data."""
    head = [
        t.text("Row"), t.text("Prediction"), t.text("Version"), t.text("From the training"),
        t.text("From the data"), t.text("Answered"), t.text("Row that was asked"),
    ]  # fmt: skip
    more = None
    if len(answers) > MOST:
        told = t.text("The first {count} rows are shown; all are in the SQL lab.", count=MOST)
        more = tag("p", told, class_="muted small")
    shown = table(head, [_line(a, words, t) for a in answers[:MOST]])
    return tag("div", shown, more, class_="stack fm-origins", role="status")


def _line(a: LoggedAnswer, words: Words, t: Translator) -> list[Markup | str]:
    sure = (a.probabilities or {}).get(a.prediction)
    said = tag("span", a.prediction, class_="clip")
    run, data = "–", "–"
    if a.run is not None:
        run = tag("a", t.text("open it"), href=link("run", id=a.run))
    if a.dataset is not None:
        name = f"{a.dataset_name or a.dataset} {a.dataset_version}"
        data = tag("a", name, href=link("datasets", id=a.dataset, version=a.dataset_version))
    asked = "–"
    if a.inputs is not None:
        pairs = (f"{n} = {value_text(v, t, words.get(n))}" for n, v in a.inputs.items())
        asked = tag("small", "; ".join(pairs))
    return [
        t.number(a.row + 1, 0),
        tag("span", said, " ", tag("small", t.percent(sure, 1)) if sure is not None else None),
        tag("span", f"{a.model} {a.version} ", tag("small", t.text(ROLES[Role(a.role)]))),
        run,
        data,
        t.datetime(a.answered_at),
        asked,
    ]
