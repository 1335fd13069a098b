"""How the models were tested, how they compare, and every measure of the one in question."""

from __future__ import annotations

from freemlops.domain.evaluation.measures import MEASURES
from freemlops.domain.evaluation.ties import Source, Ties
from freemlops.domain.metric import METRICS
from freemlops.domain.report import ReportFacts
from freemlops.domain.run import Run, SplitKind
from freemlops.domain.words import N_
from freemlops.i18n import Translator
from freemlops.i18n.phrases import family, score_text
from freemlops.markup import Markup, tag
from freemlops.report.measure_table import measure_notes, measure_rows
from freemlops.report.tables import table
from freemlops.report.words import between, compared, fit_text, latency_text, tested_lines

_WHY = {
    SplitKind.RANDOM: N_(
        "Why: nobody said that the rows have an order or belong together, so any of them is as "
        "good a test as another."
    ),
    SplitKind.TIME: N_(
        "Why: a model is used on what comes after the rows that it learned from, so it is tested "
        "on what came after them."
    ),
    SplitKind.GROUP: N_(
        "Why: the model is to be used on groups that it has not seen, so it is tested on such."
    ),
}


def split(facts: ReportFacts, t: Translator) -> Markup | None:
    run = facts.run
    if run is None:
        return None
    lines = [*tested_lines(run, t)]
    lines.insert(1, t.text(_WHY[run.spec.split.kind]))
    return tag(
        "section",
        tag("h2", t.text("How it was tested")),
        tag("p", _counts(facts, t)),
        tag("ul", [tag("li", line) for line in lines]),
        id="split",
    )


def _counts(facts: ReportFacts, t: Translator) -> str:
    plan, cut = facts.plan, facts.split_plan
    if not plan.get("holdout_rows"):
        return t.text("The training has not cut its rows yet.")
    told = t.text(
        "Of {all} rows, {held} were held out for the test, and {left} were learned from.",
        all=int(plan["develop_rows"]) + int(plan["holdout_rows"]),
        held=int(plan["holdout_rows"]),
        left=int(plan["develop_rows"]),
    )
    folds, repeats = int(cut.get("folds") or 0), int(cut.get("repeats") or 1)
    if folds > 1:
        told += " " + t.text(
            "While it searched, settings were compared in {folds} folds of the latter.", folds=folds
        )
        if repeats > 1:
            told += " " + t.text("The folds were dealt out {repeats} times.", repeats=repeats)
    elif folds == 1:
        told += " " + t.text("While it searched, settings were compared on one part of the latter.")
    return told


def board(facts: ReportFacts, t: Translator) -> Markup | None:
    """Every model with its interval; who can't be told from the best is said to be so."""
    run = facts.run
    if run is None or not facts.board:
        return None
    metric = METRICS[run.spec.metric]
    direction = t.text("higher is better") if metric.higher_is_better else t.text("lower is better")
    title = f"{t.text(metric.title)} ({direction})"
    judged = t.text("Models are judged by: {metric}.", metric=title)
    return tag(
        "section",
        tag("h2", t.text("Leaderboard")),
        tag("p", judged, " ", t.text(metric.about), class_="muted"),
        _advised(facts, t),
        _table(facts, run, t),
        _basis(facts.ties, t),
        id="board",
    )


def _advised(facts: ReportFacts, t: Translator) -> Markup | None:
    ties = facts.ties
    if ties is None or ties.reason is None:
        return None
    found = next((c for c in facts.board if c.id == ties.recommended), None)
    lead = ""
    if found is not None:
        lead = t.text("We would take: {name}.", name=family(found.family, t))
    return tag("p", tag("b", lead, " ") if lead else None, t.text(ties.reason), class_="note")


def _table(facts: ReportFacts, run: Run, t: Translator) -> Markup:
    head = ["#", t.text("Model"), t.text("Score"), t.text("Likely between"),
            t.text("Compared with the best"), t.text("Training time"), t.text("One answer"),
            t.text("Size")]  # fmt: skip
    standings = {s.candidate: s for s in facts.ties.standings} if facts.ties else {}
    lines: list[list[object]] = []
    for place, c in enumerate(facts.board, 1):
        score = c.holdout.get(run.spec.metric)
        mine = facts.candidate is not None and c.id == facts.candidate.id
        name = family(c.family, t)
        lines.append(
            [
                str(place),
                tag("b", name, " ", tag("span", t.text("(this report)"), class_="muted"))
                if mine
                else name,
                score_text(score.value, t) if score else "–",
                between(score, t),
                t.text("the best") if place == 1 else compared(c, standings.get(c.id), t),
                fit_text(c, t),
                latency_text(c, t),
                t.bytes(c.size_bytes),
            ]
        )
    return table(head, lines, right=(2, 3, 5, 6, 7))


def _basis(ties: Ties | None, t: Translator) -> Markup:
    lines = [
        t.text("All scores are from rows that no model saw while it was trained."),
        t.text(
            "“Likely between” is where the score would fall 95 times in 100 with other rows of "
            "the same kind."
        ),
    ]
    if ties is not None and ties.source is Source.FOLDS:
        lines.append(t.text("The test rows are too few to compare by, so the folds were compared."))
    return tag("p", " ".join(lines), class_="small muted")


def measures(facts: ReportFacts, t: Translator) -> Markup | None:
    """All measures of the task, the baseline's beside."""
    if facts.measured is None:
        return None
    figures = facts.measured.evaluation.figures
    head, lines = measure_rows(figures, t)
    abouts = [
        tag("li", tag("b", t.text(MEASURES[f.name].title)), ": ", t.text(MEASURES[f.name].about))
        for f in figures
    ]
    told = t.text("What do these numbers mean?")
    return tag(
        "section",
        tag("h2", t.text("All measures")),
        table(head, lines, right=(1, 2, 3)),
        [tag("p", note, class_="small muted") for note in measure_notes(figures, t)],
        tag("details", tag("summary", told), tag("ul", abouts, class_="small"), class_="screen"),
        id="measures",
    )
