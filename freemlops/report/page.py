"""The whole document. It loads nothing: style and pictures are in it, and there is no script."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from importlib import resources
from typing import Final

from freemlops.domain.report import ReportFacts
from freemlops.i18n import Translator
from freemlops.markup import Markup, tag
from freemlops.report.again import again
from freemlops.report.findings import bounds, drivers, failures, pictures
from freemlops.report.inputs import data, takes
from freemlops.report.learning import learning
from freemlops.report.summary import head, registered, summary, title
from freemlops.report.testing import board, measures, split

STYLE: Final = (resources.files("freemlops.report") / "report.css").read_text("utf-8")
_HASH: Final = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY: Final = (
    f"default-src 'none'; style-src 'sha256-{_HASH}'; img-src data:; base-uri 'none'; "
    "form-action 'none'"
)
"""What a browser may load for it: nothing but its own style. It stands in the file too, so that
a report that was saved is as strict."""

AGAIN_S: Final = 2
"""Seconds between two looks at whether a report is made."""

_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufeff\ufffe\uffff]"
)
"""Control characters, half characters, and those that turn the text after them around."""


def page(facts: ReportFacts, t: Translator) -> str:
    """HTML in the language of `t`; every name of the data is escaped and can't steer the text."""
    card = facts.card
    sections = [
        head(facts, t),
        summary(facts, t),
        registered(card, t) if card is not None else None,
        bounds(facts, t),
        takes(facts.signature, t) if card is not None and facts.signature is not None else None,
        data(facts, t),
        split(facts, t),
        board(facts, t),
        measures(facts, t),
        pictures(facts, t),
        learning(facts, t),
        drivers(facts, t),
        failures(facts, t),
        again(facts, t),
    ]
    return _whole(title(facts, t), sections, f"Free MLOps {facts.product}", t)


def waiting(t: Translator) -> str:
    """What is shown while a report is made: it asks for itself again, without a script."""
    told = tag(
        "div",
        tag("div", class_="turning"),
        tag("h1", t.text("The report is being made…")),
        tag(
            "p",
            t.text(
                "Figures with their intervals, pictures and what drives the model are worked out "
                "from the test rows. Of a large table this takes up to a minute; the page then "
                "comes by itself."
            ),
            class_="muted",
        ),
        class_="waiting",
        role="status",
    )
    again = tag("meta", http_equiv="refresh", content=str(AGAIN_S))
    return _whole(t.text("The report is being made…"), [told], "Free MLOps", t, again)


def _whole(
    name: str,
    sections: Sequence[Markup | None],
    generator: str,
    t: Translator,
    more: Markup | None = None,
) -> str:
    whole = tag(
        "html",
        tag(
            "head",
            tag("meta", charset="utf-8"),
            tag("meta", http_equiv="Content-Security-Policy", content=POLICY),
            more,
            tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
            tag("meta", name="generator", content=generator),
            tag("title", name),
            tag("link", rel="icon", href="data:,"),
            tag("style", Markup(STYLE)),
        ),
        tag("body", tag("main", sections)),
        lang=t.language.replace("_", "-"),
    )
    return _UNSEEN.sub("\ufffd", f"<!doctype html>\n{whole}\n")
