"""What an endpoint once answered, and what that answer came from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from freemlops.domain.logged import LoggedAnswer
from freemlops.i18n import Translator
from freemlops.serving.route import Role
from freemlops.ui.address import link
from freemlops.ui.components.safe import Markup, tag
from freemlops.ui.components.traffic_view import ROLES

MOST = 50


def answers_table(answers: Sequence[LoggedAnswer], t: Translator) -> Markup:
    """A line an answer: who answered, what, when, and the way back to its data."""
    head = [
        t.text("Row"), t.text("Prediction"), t.text("Version"), t.text("From the training"),
        t.text("From the data"), t.text("Answered"), t.text("Row that was asked"),
    ]  # fmt: skip
    made = tag(
        "table",
        tag("thead", tag("tr", [tag("th", h, scope="col") for h in head])),
        tag("tbody", [_line(a, t) for a in answers[:MOST]]),
    )
    more = None
    if len(answers) > MOST:
        words = t.text("The first {count} rows are shown; all are in the SQL lab.", count=MOST)
        more = tag("p", words, class_="muted small")
    shown = tag("div", made, class_="scroll", tabindex="0")
    return tag("div", shown, more, class_="stack fm-origins", role="status")


def _line(a: LoggedAnswer, t: Translator) -> Markup:
    said = tag("span", a.prediction, class_="clip")
    sure = (a.probabilities or {}).get(a.prediction)
    version = f"{a.model} {a.version}"
    cells: list[Markup | str] = [
        tag("span", said, " ", tag("small", t.percent(sure, 1)) if sure is not None else None),
        tag("span", version, " ", tag("small", t.text(ROLES[Role(a.role)]))),
        _training(a, t),
        _data(a),
        t.datetime(a.answered_at),
        _asked(a, t),
    ]
    row = tag("th", t.number(a.row + 1, 0), scope="row", class_="num")
    return tag("tr", row, [tag("td", cell) for cell in cells], data_role=a.role)


def _training(a: LoggedAnswer, t: Translator) -> Markup | str:
    if a.run is None:
        return "–"
    return tag("a", t.text("open it"), href=link("run", id=a.run))


def _data(a: LoggedAnswer) -> Markup | str:
    if a.dataset is None:
        return "–"
    name = f"{a.dataset_name or a.dataset} {a.dataset_version}"
    return tag("a", name, href=link("datasets", id=a.dataset, version=str(a.dataset_version)))


def _asked(a: LoggedAnswer, t: Translator) -> Markup | str:
    if a.inputs is None:
        return "–"
    return tag("small", "; ".join(f"{name} = {_value(v, t)}" for name, v in a.inputs.items()))


def _value(value: Any, t: Translator) -> str:
    if value is None:
        return "–"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return t.number(value)
    return str(value)
