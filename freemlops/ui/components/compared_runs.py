"""What the page that compares says in words and tables: who is there, who leads, what differs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from freemlops.domain.evaluation.comparison import Match, Measured
from freemlops.domain.evaluation.figures import Figure
from freemlops.domain.evaluation.measures import MEASURES, measures_for
from freemlops.domain.metric import METRICS
from freemlops.domain.run import Run
from freemlops.domain.search import Comparison, RunSummary
from freemlops.i18n import Translator
from freemlops.ui.address import link
from freemlops.ui.components.run_beside import asked_lines
from freemlops.ui.components.safe import Markup, tag
from freemlops.ui.components.words import family, score_text, status_chip, title_of
from freemlops.ui.state.comparison import Side

type Line = tuple[str, list[Markup | str]]

DOT: Final = "display:inline-block;width:12px;height:12px;border-radius:99px;flex:none;background:"


def mark(side: Side) -> Markup:
    """The colour and the letter of a run."""
    dot = tag("i", style=f"{DOT}{side.color}", aria_hidden="true")
    inside = "display:inline-flex;gap:6px;align-items:center"
    return tag("span", dot, tag("strong", side.letter), style=inside)


def legend(sides: Sequence[Side], t: Translator) -> Markup:
    """The runs that are compared, each with a way out of the comparison."""
    ids = [s.run.id for s in sides]
    cards = []
    for side in sides:
        rest = ",".join(r for r in ids if r != side.run.id)
        away = t.text("Compare “{name}” no longer", name=side.title)
        leave = tag(
            "a", "×", href=link("compare", runs=rest), class_="fm-away", title=away,
            aria_label=away, style="margin:-8px -10px -8px auto;padding:8px 12px;font-size:20px;"
            "line-height:1;text-decoration:none",
        )  # fmt: skip
        cards.append(
            tag(
                "div",
                tag("div", mark(side), status_chip(side.run.status, t), leave, class_="row"),
                tag("a", side.title, href=link("run", id=side.run.id), class_="fm-side-link",
                    style="font-weight:600;overflow-wrap:anywhere"),
                tag("span", _data(side.run, t), class_="muted small",
                    style="overflow-wrap:anywhere"),
                class_="card fm-side",
                data_run=side.run.id,
            )
        )  # fmt: skip
    return tag("div", cards, class_="grid")


def _data(run: Run, t: Translator) -> str:
    version = t.text("version {n}", n=run.spec.version)
    return f"{run.spec.target} · {run.dataset_name} · {version} · {t.datetime(run.created_at)}"


def add_more(
    chosen: Sequence[str], found: Sequence[RunSummary], t: Translator, *, folded: bool
) -> Markup:
    """Other runs of the same question, to be added with a click, and the way to all."""
    lines = [
        tag(
            "li",
            tag(
                "a",
                title_of(r.name, r.target, r.dataset_name, t),
                href=link("compare", runs=",".join((*chosen, r.id))),
                class_="fm-add-run",
            ),
            tag(
                "span",
                f" · {t.text('version {n}', n=r.version)} · {t.datetime(r.created_at)}"
                + _score(r, t),
                class_="muted small",
            ),
        )
        for r in found
    ]
    to_list = tag(
        "a",
        t.text("Choose in the list of all trainings"),
        href=link("experiments", compare=",".join(chosen)),
        class_="button fm-choose",
    )
    title = t.text("Compare with another training")
    body = [tag("ul", lines) if lines else None, tag("div", to_list)]
    inside = tag("div", body, class_="stack", style="gap:14px;padding-top:10px")
    if folded:
        return tag("details", tag("summary", title), inside, class_="fm-add")
    return tag("div", tag("h2", title), inside, class_="card fm-add")


def _score(run: RunSummary, t: Translator) -> str:
    if run.best_score is None:
        return ""
    metric = t.text(METRICS[run.metric].title) if run.metric in METRICS else run.metric
    return f" · {metric} {score_text(run.best_score, t)}"


def verdict(match: Match, sides: Sequence[Side], t: Translator) -> Markup:
    """Who can be compared with whom, and who is really ahead."""
    names = {s.run.id: s.name for s in sides}
    told = [t.text(m) for m in match.sentences(names)]
    if not told:
        told = [t.text("None of them was measured, so there is nothing to compare.")]
    if len(told) == 1:
        return tag("p", told[0], class_="verdict fm-verdict", role="status")
    return tag(
        "div",
        tag("ul", [tag("li", words) for words in told], class_="stack"),
        class_="fm-verdict",
        role="status",
        style="overflow-wrap:anywhere",
    )


def metrics(found: Sequence[Measured], sides: Sequence[Side], t: Translator) -> Markup:
    """The best model of each run: all metrics with interval and baseline, the main ones first."""
    by_run = {m.run.id: m for m in found}
    shown = [by_run[s.run.id] for s in sides if s.run.id in by_run]
    names = _metric_names(shown)
    first = [n for n in names if n in METRICS]
    rest = [n for n in names if n not in METRICS]
    about = t.text(
        "On the rows that each run held out. In brackets: where it lies 95 times in 100 with other "
        "rows. Below: what always giving the same answer gets."
    )
    more = None
    if rest:
        table = _table(sides, [_metric_line(n, shown, t) for n in rest], t)
        more = tag("details", tag("summary", t.text("All other metrics")), table)
    return tag(
        "div",
        tag("p", about, class_="muted small"),
        _table(sides, [*_facts(shown, t), *(_metric_line(n, shown, t) for n in first)], t),
        more,
        class_="stack fm-metrics",
    )


def _metric_names(found: Sequence[Measured]) -> list[str]:
    """Of all tasks that are there, the metrics that runs were trained by before the others."""
    asked = [m.run.spec.metric for m in found]
    every = [x.name for m in found for x in measures_for(m.run.spec.task, m.run.spec.metric)]
    return list(dict.fromkeys([*asked, *every]))


def _facts(found: Sequence[Measured], t: Translator) -> Iterator[Line]:
    yield t.text("Best model"), [family(m.best.family, t) if m.best else "–" for m in found]
    yield (
        t.text("Test rows"),
        [t.number(m.evaluation.rows) if m.evaluation else _reason(m, t) for m in found],
    )
    yield (
        t.text("Time for one row"),
        [
            t.text("{ms} ms", ms=t.number(m.best.latency_ms, 2))
            if m.best is not None and m.best.latency_ms is not None
            else "–"
            for m in found
        ],
    )
    yield t.text("Size"), [t.bytes(m.best.size_bytes) if m.best else "–" for m in found]


def _reason(measured: Measured, t: Translator) -> Markup:
    words = t.text(measured.reason) if measured.reason else "–"
    return tag("span", words, class_="small fm-reason")


def _metric_line(name: str, found: Sequence[Measured], t: Translator) -> Line:
    title = t.text(MEASURES[name].title)
    arrow = "↑" if MEASURES[name].higher_is_better else "↓"
    figures = [m.evaluation.figure(name) if m.evaluation else None for m in found]
    return f"{title} {arrow}", [_figure(f, t) for f in figures]


def _figure(figure: Figure | None, t: Translator) -> Markup:
    if figure is None:
        return tag("span", "–", class_="muted")
    if figure.value is None:
        return tag("span", t.text(figure.note) if figure.note else "–", class_="muted small")
    between = None
    if figure.low is not None and figure.high is not None:
        ends = score_text(figure.low, t), score_text(figure.high, t)
        between = tag("span", f" ({ends[0]} – {ends[1]})", class_="small")
    base = None
    if figure.baseline is not None:
        words = t.text("guessing gets {base}", base=score_text(figure.baseline, t))
        base = tag("div", words, class_="muted small")
    return tag("div", tag("strong", score_text(figure.value, t)), between, base, class_="num")


def configuration(compared: Comparison, sides: Sequence[Side], t: Translator) -> Markup:
    """What was asked: what differs first, the rest folded."""
    lines = [*asked_lines(compared, t), *_libraries([c.run for c in compared.runs])]
    differing = [(t.text(name), cells) for name, cells in lines if _differs(cells)]
    alike = [(t.text(name), cells) for name, cells in lines if not _differs(cells)]
    none = t.text("Nothing: the same was asked of all.")
    same = t.text("What is the same in all ({count})", count=len(alike))
    return tag(
        "div",
        _table(sides, differing, t) if differing else tag("p", none),
        tag("details", tag("summary", same), _table(sides, alike, t), class_="fm-alike"),
        class_="stack fm-configuration",
    )


def _libraries(runs: Sequence[Run]) -> Iterator[tuple[str, list[Markup | str]]]:
    """Versions of the libraries that trained, where they are not all the same."""
    for name in sorted({n for r in runs for n in r.libraries}):
        cells: list[Markup | str] = [r.libraries.get(name, "–") for r in runs]
        if _differs(cells):
            yield name, cells


def _differs(cells: Sequence[Markup | str]) -> bool:
    return len({str(c) for c in cells}) > 1


def _table(sides: Sequence[Side], lines: Sequence[Line], t: Translator) -> Markup:
    heads = [tag("th", mark(s), title=s.title, scope="col") for s in sides]
    corner = tag("th", t.text("Name"), scope="col")
    rows = [
        tag("tr", tag("th", name, scope="row"), [tag("td", c) for c in cells])
        for name, cells in lines
    ]
    table = tag("table", tag("thead", tag("tr", corner, heads)), tag("tbody", rows), class_="side")
    return tag("div", table, class_="scroll", tabindex="0")
