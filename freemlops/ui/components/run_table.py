"""Trainings as a table: a line each, with its star and what can be done with it.

Own HTML: fifty lines draw in a few milliseconds, wrap into cards on a narrow screen, and hold links
and buttons that work by keyboard.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, ClassVar, Final

import param
from panel.custom import JSComponent

from freemlops.domain.metric import METRICS
from freemlops.domain.search import Comparison, RunSummary
from freemlops.i18n import Translator
from freemlops.ui.address import link
from freemlops.ui.components.run_beside import side_by_side
from freemlops.ui.components.safe import Markup, tag
from freemlops.ui.components.words import family, score_text, status_chip, title_of
from freemlops.ui.theme import CSS, asset

STAR, EDIT, TAG, BACK, NEXT, PICK = "star", "edit", "tag", "back", "next", "pick"
FORGET: Final = "forget"
_STAR_SHAPE: Final = "m12 3.5 2.6 5.4 5.9.8-4.3 4.1 1.1 5.9-5.3-2.9-5.3 2.9 1.1-5.9L3.5 9.7l5.9-.8z"
_PEN_SHAPE: Final = "M4 20h4L19 9l-4-4L4 16zm9-13 4 4"
_BOX_SHAPE: Final = "M5 5h14v14H5z"
_CHECK_SHAPE: Final = "m8.5 12 2.5 2.5 4.5-5"


class RunTable(JSComponent):
    """`pressed` becomes (action, value) at each press: `STAR`, `EDIT` and `PICK` with the id of a
    run, `TAG` with a tag, `BACK`, `NEXT` and `FORGET` with nothing. Watch it with
    `onlychanged=False`."""

    content = param.String(default="")
    pressed = param.Tuple(default=("", ""), length=2, precedence=-1)

    _esm: ClassVar[str] = asset("run_table.js")
    _rename: ClassVar[dict[str, str | None]] = {"pressed": None}
    _stylesheets: ClassVar[list[str]] = [CSS, asset("run_table.css")]

    def __init__(self, **params: Any) -> None:
        super().__init__(sizing_mode="stretch_width", margin=0, **params)

    def show(
        self,
        runs: Sequence[RunSummary],
        t: Translator,
        *,
        back: bool,
        more: bool,
        compared: Comparison | None = None,
    ) -> None:
        """A page of lines; `back` and `more` say whether there are pages before and after it.
        What is compared stands over them."""
        beside = side_by_side(compared, t) if compared else None
        pages = _pages(t, back=back, more=more) if back or more else None
        picked = {c.run.id for c in compared.runs} if compared else set()
        self.content = str(tag("div", beside, run_table(runs, t, picked), pages, class_="stack"))

    def _handle_msg(self, data: dict[str, Any]) -> None:
        self.pressed = (str(data["act"]), str(data["value"]))


def _pages(t: Translator, *, back: bool, more: bool) -> Markup:
    ways = ((BACK, t.text("Back"), back), (NEXT, t.text("Next"), more))
    buttons = [
        tag(
            "button",
            words,
            type="button",
            class_=f"button fm-page-{act}",
            disabled=not open,
            data_act=act,
            data_value="",
            data_key=act,
        )
        for act, words, open in ways
    ]
    return tag("nav", buttons, class_="row pages", aria_label=t.text("Pages of the list"))


def run_table(runs: Sequence[RunSummary], t: Translator, picked: Collection[str] = ()) -> Markup:
    head = [t.text("Name"), t.text("Predicts"), t.text("Best model"), t.text("Score")]
    head += [t.text("Time"), t.text("Asked for"), t.text("State")]
    hidden = {"class_": "small", "style": "position:absolute;clip-path:inset(50%)"}
    ends = [tag("span", words, **hidden) for words in (t.text("Star"), t.text("Edit"))]
    titles = [ends[0], *head, ends[1]]
    table = tag(
        "table",
        tag("thead", tag("tr", [tag("th", x, scope="col", role="columnheader") for x in titles])),
        tag("tbody", [_line(run, t, picked=run.id in picked) for run in runs]),
        class_="runs fm-runs",
        role="table",
    )
    return tag("div", table, class_="scroll frame")


def _line(run: RunSummary, t: Translator, *, picked: bool) -> Markup:
    title = title_of(run.name, run.target, run.dataset_name, t)
    starred = t.text("Star “{name}”", name=title)
    compared = t.text("Compare “{name}”", name=title)
    cells = (
        tag(
            "div",
            _icon(STAR, run.id, starred, _STAR_SHAPE, pressed=run.starred),
            _icon(PICK, run.id, compared, _BOX_SHAPE, _CHECK_SHAPE, pressed=picked),
            class_="marks",
        ),
        _about(run, title, t),
        _question(run, t),
        family(run.best_family, t) if run.best_family else tag("span", "–", class_="muted"),
        _score(run, t),
        tag("span", t.duration(run.duration_s), class_="nowrap num"),
        tag("span", t.datetime(run.created_at), class_="nowrap muted num"),
        status_chip(run.status, t),
        _icon(EDIT, run.id, t.text("Edit “{name}”", name=title), _PEN_SHAPE),
    )
    lines = [tag("td", cell, role="cell") for cell in cells]
    return tag("tr", lines, role="row", class_="fm-run-line", data_run=run.id)


def _about(run: RunSummary, title: str, t: Translator) -> Markup:
    tags = [
        tag(
            "button",
            name,
            type="button",
            class_="chip fm-run-tag",
            data_act=TAG,
            data_value=name,
            data_key=f"tag {run.id} {name}",
            aria_label=t.text("Only with the tag “{tag}”", tag=name),
        )
        for name in run.tags
    ]
    href = link("run", id=run.id)
    return tag(
        "div",
        tag("a", title, href=href, class_="title fm-run-link", data_key=f"run {run.id}"),
        tag("div", run.notes, class_="about muted small fm-run-notes") if run.notes else None,
        tag("div", tags, class_="tags") if tags else None,
    )


def _question(run: RunSummary, t: Translator) -> Markup:
    data = f"{run.dataset_name} · {t.text('version {n}', n=run.version)}"
    experiment = link("experiments", dataset=run.dataset, target=run.target)
    return tag(
        "div",
        tag("div", tag("a", run.target, href=experiment), class_="what"),
        tag("div", data, class_="muted small what"),
    )


def _score(run: RunSummary, t: Translator) -> Markup:
    if run.best_score is None:
        return tag("span", "–", class_="muted")
    metric = METRICS[run.metric].title if run.metric in METRICS else run.metric
    hint = None
    if run.baseline_score is not None and run.best_family != "constant":
        guess = score_text(run.baseline_score, t)
        hint = (
            t.text("guessing gets {base}", base=guess)
            if run.beats_baseline
            else t.text("no better than guessing")
        )
    return tag(
        "div",
        tag("strong", score_text(run.best_score, t), class_="num"),
        " ",
        tag("span", t.text(metric), class_="small nowrap"),
        tag("div", hint, class_="muted small num") if hint else None,
    )


def _icon(act: str, run: str, label: str, *shapes: str, pressed: bool | None = None) -> Markup:
    state = None if pressed is None else str(pressed).lower()
    return tag(
        "button",
        tag(
            "svg",
            [tag("path", d=shape) for shape in shapes],
            viewBox="0 0 24 24",
            aria_hidden="true",
        ),
        type="button",
        class_=f"icon fm-{act}",
        title=label,
        aria_label=label,
        aria_pressed=state,
        data_act=act,
        data_value=run,
        data_key=f"{act} {run}",
    )
