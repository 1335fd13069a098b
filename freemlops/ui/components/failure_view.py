"""Where a model fails: what its mistakes have in common, and its worst rows."""

from __future__ import annotations

from typing import Any

import panel as pn

from freemlops.domain.errors import NotFoundError
from freemlops.domain.evaluation.mistakes import Mistakes
from freemlops.domain.run import Candidate, Run
from freemlops.i18n import Translator
from freemlops.ui.components.button import secondary
from freemlops.ui.components.folds import help_fold, table
from freemlops.ui.components.mistake_rows import MOST_COLUMNS
from freemlops.ui.components.safe import Html, Markup, tag
from freemlops.ui.pages.base import PageView, card, row
from freemlops.ui.session import blocking
from freemlops.ui.state.reasons import Words, own_words, value_text


class FailureView(pn.viewable.Viewer):
    """Looks for mistakes when somebody asks; `show` says of which model."""

    def __init__(self, page: PageView) -> None:
        super().__init__()
        self._page = page
        t = page.t
        self._subject: tuple[Run, Candidate] | None = None
        self._button = secondary(t.text("Look for its mistakes"), "fm-fail")
        page.clicked(self._button, self._look)
        self._row, self._found = row(self._button), Html(visible=False)
        about = t.text(
            "The rows that it got most wrong, and what many of its mistakes have in common."
        )
        heading = tag(
            "div",
            tag("h2", t.text("Where it fails")),
            tag("p", about, class_="muted"),
            class_="stack",
        )
        self._view = card(Html(heading), self._row, self._found, gap=16, visible=False)

    def __panel__(self) -> Any:
        return self._view

    def show(self, run: Run, candidate: Candidate) -> None:
        """Another model takes what was found of the last one away."""
        if self._subject is not None and self._subject[1].id == candidate.id:
            return
        self._subject = run, candidate
        self._view.visible = self._row.visible = True
        self._found.show(None)

    async def _look(self) -> None:
        if self._subject is None:
            return
        run, candidate = self._subject
        t = self._page.t
        self._found.show(tag("div", class_="skeleton", role="status", aria_busy="true"))
        try:
            platform, spec = self._page.platform, run.spec
            made = await blocking(platform.evaluation.mistakes, run.id, candidate.id)
            data = await blocking(platform.datasets.get, spec.dataset, spec.version)
        except NotFoundError as error:
            self._found.show(tag("p", t.text(error.message), class_="panel note"))
            return
        except Exception:
            self._found.show(None)
            raise
        if self._subject[1].id != candidate.id:
            return  # another one was chosen meanwhile
        self._found.show(mistakes_text(made, own_words(data.columns), t))
        self._row.visible = False


def mistakes_text(made: Mistakes, words: Words, t: Translator) -> Markup:
    lines = [tag("li", t.text(c.message(t.text))) for c in made.clusters]
    common = tag("ul", lines, class_="fm-clusters") if lines else None
    note = tag("p", t.text(made.note), class_="muted") if made.note else None
    return tag(
        "div",
        tag("h3", t.text("What its mistakes have in common")),
        common,
        note,
        _worst(made, words, t),
        _help(t),
        class_="stack fm-mistakes",
        style="gap:16px",
    )


def _worst(made: Mistakes, words: Words, t: Translator) -> Markup | None:
    if not made.worst:
        return None
    names = list(made.worst[0].values)[:MOST_COLUMNS]
    head = [t.text("Row"), t.text("What happened"), *names]
    lines = [
        [
            t.number(m.row + 1, 0),
            t.text(m.message()),
            *(value_text(m.values.get(n), t, words.get(n)) for n in names),
        ]
        for m in made.worst
    ]
    title = t.text("The {count} rows that it got most wrong", count=len(made.worst))
    return tag("section", tag("h3", title), table(head, lines), class_="stack")


def _help(t: Translator) -> Markup:
    lines = (
        t.text(
            "What is this? Test rows, which the model had not seen, with the largest mistakes, and "
            "conditions under which it is wrong more often than elsewhere, by more than chance."
        ),
        t.text("Is it good? Every model has worst rows. It is bad when they have a pattern."),
        t.text(
            "What can I do? Check these rows for wrong data first. Then look for a column that "
            "would tell them apart, or collect more rows of that kind."
        ),
    )
    return help_fold(t, *lines)
