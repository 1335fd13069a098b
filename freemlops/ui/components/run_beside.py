"""Trainings side by side: what was asked of each, and what its best model is worth."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from freemlops.domain.metric import METRICS
from freemlops.domain.run import SplitKind
from freemlops.domain.search import Compared, Comparison
from freemlops.domain.words import N_
from freemlops.i18n import Translator
from freemlops.ui.address import link
from freemlops.ui.components.safe import Markup, tag
from freemlops.ui.components.words import SPLITS, family, run_title, score_text, status_chip

type Cell = Callable[[Compared, Translator], Markup | str]

_ASKED: Final[tuple[tuple[str, Cell], ...]] = (
    (N_("Data"), lambda c, t: _data(c, t)),
    (N_("Predicts"), lambda c, _: c.run.spec.target),
    (N_("Judged by"), lambda c, t: _metric(c.run.spec.metric, t)),
    (N_("Test rows"), lambda c, t: _split(c, t)),
    (N_("Time to train"), lambda c, t: t.duration(c.run.spec.budget_s)),
    (N_("Columns left out"), lambda c, _: ", ".join(c.run.spec.exclude) or "–"),
    (N_("Seed"), lambda c, _: str(c.run.spec.seed)),
    (N_("Trials at most"), lambda c, _: str(c.run.spec.max_trials or "–")),
)


def side_by_side(comparison: Comparison, t: Translator) -> Markup:
    """A column for each training. With a single one, what to do to get a second."""
    forget = tag(
        "button",
        t.text("Compare none"),
        type="button",
        class_="button fm-forget",
        data_act="forget",
        data_value="",
        data_key="forget",
    )
    title = tag("h2", t.text("Side by side"))
    if len(comparison.runs) < 2:
        words = t.text("Choose a second training in the list to compare it with this one.")
        body: Markup = tag("p", words, class_="muted")
    else:
        body = tag("div", _table(comparison, t), class_="scroll")
    further = tag(
        "a",
        t.text("Compare in depth"),
        href=link("compare", runs=",".join(c.run.id for c in comparison.runs)),
        class_="button primary fm-compare-page",
        data_key="further",
    )
    more = further if len(comparison.runs) > 1 else None
    head = tag("div", title, more, forget, class_="row")
    label = t.text("Side by side")
    return tag("section", head, body, class_="beside fm-beside", aria_label=label)


def _table(comparison: Comparison, t: Translator) -> Markup:
    heads = [tag("th", _head(c, t), scope="col") for c in comparison.runs]
    corner = tag("th", t.text("Name"), scope="col")
    lines = [
        tag("tr", tag("th", t.text(name), scope="row"), cells, class_=f"fm-beside-line {differs}")
        for name, cells, differs in _lines(comparison, t)
    ]
    return tag("table", tag("thead", tag("tr", corner, heads)), tag("tbody", lines), class_="side")


def _lines(comparison: Comparison, t: Translator) -> Iterator[tuple[str, list[Markup], str]]:
    """The name of each line, its cells, and the class of those that are not all the same."""
    runs = comparison.runs
    yield N_("State"), [tag("td", status_chip(c.run.status, t)) for c in runs], ""
    best = [family(c.best.family, t) if c.best else "–" for c in runs]
    yield N_("Best model"), [tag("td", words) for words in best], _differs(best)
    for name in dict.fromkeys(n for c in runs if c.best for n in c.best.holdout):
        title = METRICS[name].title if name in METRICS else name
        yield title, [_score(c, name, t) for c in runs], ""
    for title, said in asked_lines(comparison, t):
        yield title, [tag("td", words) for words in said], _differs(said)


def asked_lines(comparison: Comparison, t: Translator) -> Iterator[tuple[str, list[Markup | str]]]:
    """What was asked of each, under the msgid of its name."""
    for title, cell in _ASKED:
        yield title, [cell(c, t) for c in comparison.runs]


def _differs(said: list[Markup | str] | list[str]) -> str:
    return "differs" if len({str(words) for words in said}) > 1 else ""


def _head(compared: Compared, t: Translator) -> Markup:
    run, title = compared.run, run_title(compared.run, t)
    away = t.text("Compare “{name}” no longer", name=title)
    button = tag(
        "button",
        "×",
        type="button",
        class_="icon fm-unpick",
        title=away,
        aria_label=away,
        data_act="pick",
        data_value=run.id,
        data_key=f"unpick {run.id}",
    )
    return tag("div", tag("a", title, href=link("run", id=run.id)), button, class_="who")


def _score(compared: Compared, name: str, t: Translator) -> Markup:
    score = compared.best.holdout.get(name) if compared.best else None
    if score is None:
        return tag("td", "–", class_="num")
    between = t.text(
        "{low} to {high}", low=score_text(score.low, t), high=score_text(score.high, t)
    )
    return tag(
        "td",
        tag("strong", score_text(score.value, t)),
        tag("div", between, class_="muted small"),
        class_="num",
    )


def _data(compared: Compared, t: Translator) -> str:
    version = t.text("version {n}", n=compared.run.spec.version)
    return f"{compared.run.dataset_name} · {version}"


def _metric(name: str, t: Translator) -> str:
    return t.text(METRICS[name].title) if name in METRICS else name


def _split(compared: Compared, t: Translator) -> Markup | str:
    split = compared.run.spec.split
    words = t.text(SPLITS[split.kind])
    return words if split.kind is SplitKind.RANDOM else f"{words} ({split.column})"
