"""The head of a report: what was asked, what came of it, what the model is."""

from __future__ import annotations

from freemlops.domain.metric import METRICS
from freemlops.domain.report import Card, ReportFacts
from freemlops.domain.run import Candidate, Run, RunStatus
from freemlops.domain.titles import STATUSES, TASKS
from freemlops.domain.verdict import baseline_of, verdict_of
from freemlops.i18n import Translator
from freemlops.i18n.phrases import family, run_title, score_text
from freemlops.markup import Markup, tag
from freemlops.report.tables import facts as pairs
from freemlops.report.words import between


def title(facts: ReportFacts, t: Translator) -> str:
    """Of the document, as it stands in the tab and in a list of files."""
    if facts.card is not None:
        version = facts.card.version
        return t.text("Model card: {name} {version}", name=version.model,
                      version=str(version.version))  # fmt: skip
    name = run_title(facts.run, t) if facts.run is not None else ""
    return t.text("Report: {name}", name=name)


def head(facts: ReportFacts, t: Translator) -> Markup:
    kind = t.text("Model card") if facts.card else t.text("Report of a training")
    name = f"{facts.card.version.model} {facts.card.version.version}" if facts.card else ""
    if not name and facts.run is not None:
        name = run_title(facts.run, t)
    made = t.text("Made by Free MLOps {version} on {time}", version=facts.product,
                  time=t.datetime(facts.made_at))  # fmt: skip
    hint = t.text("To keep it as a PDF: print → save as PDF.")
    return tag(
        "header",
        tag("p", kind, class_="kind"),
        tag("h1", name),
        tag("p", made, class_="small muted"),
        tag("p", hint, class_="small muted screen"),
    )


def summary(facts: ReportFacts, t: Translator) -> Markup:
    """In plain words, then the chosen measure beside always giving the same answer."""
    lines: list[Markup | None] = [tag("p", _question(facts, t))]
    run, candidate = facts.run, facts.candidate
    if run is not None:
        lines += _answer(run, candidate, facts, t)
    return tag("section", tag("h2", t.text("In short")), lines, id="summary")


def _question(facts: ReportFacts, t: Translator) -> str:
    task = facts.task
    kind = t.text(TASKS[task]) if task is not None else "–"
    kind = kind[:1].lower() + kind[1:]
    if facts.run is None:
        return t.text("It predicts “{target}” ({kind}).", target=facts.target, kind=kind)
    spec = facts.run.spec
    return t.text(
        "Asked was: from the data “{dataset}”, version {version}, predict “{target}” ({kind}). "
        "Models are judged by: {metric}.",
        dataset=facts.run.dataset_name,
        version=str(spec.version),
        target=spec.target,
        kind=kind,
        metric=t.text(METRICS[spec.metric].title),
    )


def _answer(
    run: Run, candidate: Candidate | None, facts: ReportFacts, t: Translator
) -> list[Markup | None]:
    state = t.text("State: {state}.", state=t.text(STATUSES[run.status]))
    lines: list[Markup | None] = []
    if not run.status.is_over:
        going = t.text("The training is still going on: what stands here will change.")
        lines.append(tag("p", state, " ", going, class_="note"))
    elif run.error is not None or run.status is not RunStatus.FINISHED:
        why = t.text(run.error) if run.error is not None else ""
        lines.append(tag("p", state, " ", why, class_="note"))
    if candidate is None:
        over = run.status.is_over
        none = t.text("No model was kept.") if over else t.text("There is no model yet.")
        return [*lines, tag("p", none, class_="verdict")]
    found = verdict_of(candidate, run.spec.task, facts.board)
    if found is not None:
        lines.append(tag("p", t.text(found.sentence), class_="verdict"))
        if found.doubt is not None:
            lines.append(tag("p", t.text(found.doubt), class_="note"))
    is_best = facts.board[0].id == candidate.id
    name = family(candidate.family, t)
    told = (
        t.text("This report is about the best model: {name}.", name=name)
        if is_best
        else t.text("This report is about a model that was chosen from the board: {name}.",
                    name=name)
    )  # fmt: skip
    lines.append(tag("p", told))
    lines.append(_tiles(candidate, baseline_of(facts.board), run.spec.metric, t))
    return lines


def _tiles(c: Candidate, base: Candidate | None, chosen: str, t: Translator) -> Markup:
    """The run's own measure first; each with what always one answer gets."""
    made = []
    for name in sorted(c.holdout, key=lambda m: m != chosen):
        if name not in METRICS:
            continue
        score = c.holdout[name]
        other = base.holdout.get(name) if base is not None and base.id != c.id else None
        guess = (
            t.text("always one answer: {score}", score=score_text(other.value, t)) if other else ""
        )
        span = t.text("likely {span}", span=between(score, t))
        made.append(
            tag(
                "div",
                tag("span", t.text(METRICS[name].title), class_="small muted"),
                tag("b", score_text(score.value, t)),
                tag("span", span, class_="small"),
                tag("span", guess, class_="small muted"),
                class_="tile",
            )
        )
    return tag("div", made, class_="tiles")


def registered(card: Card, t: Translator) -> Markup:
    """What the registry knows of the version."""
    version = card.version
    approval = None
    if version.approval is not None:
        approval = t.text("by {name} on {time}", name=version.approval.by,
                          time=t.datetime(version.approval.at))  # fmt: skip
        approval += f": {version.approval.note}" if version.approval.note else ""
    classes = version.signature.classes
    decides = None
    if card.threshold is not None and len(classes) == 2:
        decides = t.text("from {share} on it says “{label}”", share=t.percent(card.threshold, 1),
                         label=classes[1])  # fmt: skip
    metric = METRICS[version.metric].title if version.metric in METRICS else version.metric
    lineage = card.manifest.lineage
    source = None
    if lineage.dataset_name:
        source = t.text(
            "{dataset}, version {version}",
            dataset=lineage.dataset_name,
            version=str(lineage.dataset_version),
        )
    return tag(
        "section",
        tag("h2", t.text("The model")),
        pairs(
            [
                (t.text("Kind"), family(version.family, t)),
                (t.text(metric), score_text(version.score, t)),
                (t.text("Learned from"), source),
                (t.text("Made"), t.datetime(version.created_at)),
                (t.text("Called"), ", ".join(version.aliases)),
                (t.text("Answers at"), ", ".join(card.deployments)),
                (t.text("Threshold"), decides),
                (t.text("Approved"), approval),
                (t.text("Tags"), ", ".join(version.tags)),
                (t.text("Notes"), version.notes),
                (t.text("Imported from a bundle"), version.imported.sha256)
                if version.imported
                else ("", None),
            ]
        ),
        id="model",
    )
