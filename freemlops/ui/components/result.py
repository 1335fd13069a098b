"""The words and tiles around a run's result."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from freemlops.domain.metric import METRICS
from freemlops.domain.run import Candidate, Phase, Receipt, Run, RunStatus
from freemlops.domain.verdict import Verdict
from freemlops.i18n import Translator
from freemlops.report.words import tested_lines
from freemlops.ui.address import link
from freemlops.ui.components.export_menu import FORMATS
from freemlops.ui.components.safe import Markup, tag
from freemlops.ui.components.words import PHASES, family, score_text
from freemlops.ui.state.run_story import LogLine, RunStory


def verdict_text(found: Verdict, t: Translator) -> Markup:
    return tag(
        "div",
        tag("p", t.text(found.sentence), class_="verdict fm-verdict"),
        tag("p", t.text(found.doubt), class_="panel warn") if found.doubt else None,
        class_="stack",
        style="gap:14px",
    )


def tiles(candidate: Candidate, t: Translator) -> Markup:
    """One tile a metric, with what it means."""
    made = [
        tag(
            "div",
            tag("span", t.text(METRICS[name].title), class_="muted small"),
            tag("b", score_text(score.value, t)),
            tag("span", t.text(METRICS[name].about), class_="muted small"),
            class_="tile fm-metric",
            data_metric=name,
        )
        for name, score in candidate.holdout.items()
        if name in METRICS
    ]
    return tag("div", made, class_="tiles")


def reading_help(t: Translator) -> Markup:
    """What the columns of the leaderboard mean."""
    lines = (
        t.text("All scores are from rows that no model saw while it was trained."),
        t.text(
            "“Likely between” is where the score would fall 95 times in 100 with other rows of "
            "the same kind."
        ),
        t.text(
            "“No clear difference” means that the gap to the best may be luck: take the smaller "
            "or quicker model if you like. The number is how likely it is that the best is really "
            "better."
        ),
        t.text(
            "Where there is no clear difference, the best is the model that did best in the folds "
            "and on the test rows together, even if its score here is not the first."
        ),
        t.text("“One answer” is how long the model needs for one row."),
        t.text("Click a line to use or download that model instead of the best."),
    )
    return tag(
        "details",
        tag("summary", t.text("What do these numbers mean?")),
        tag("ul", [tag("li", line) for line in lines], class_="muted"),
        class_="fm-help",
    )


def downloads(run: Run, candidate: Candidate, base: str, t: Translator) -> Markup:
    """The candidate's files, straight from the API."""
    path = f"{base}/api/v1/runs/{run.id}/candidates/{candidate.id}/artifact?format="
    return tag(
        "details",
        tag("summary", t.text("Download"), class_="button"),
        tag(
            "div",
            [
                tag(
                    "a",
                    t.text(FORMATS[name][0]),
                    href=f"{path}{name}",
                    title=t.text(FORMATS[name][1]),
                    class_=f"button fm-download-{name}",
                    download=True,
                )
                for name in ("onnx", "pickle", "bundle", "code")
            ],
            class_="row",
            style="padding-top:12px",
        ),
        class_="fm-download",
    )


def report_link(run: Run, candidate: Candidate, base: str, t: Translator) -> Markup:
    """The training and this model as a page to print, in a tab of its own."""
    tongue = t.language.replace("_", "-")
    query = urlencode({"lang": tongue, "candidate": candidate.id, "at_once": "true"})
    return tag(
        "a",
        t.text("Report"),
        href=f"{base}/api/v1/runs/{run.id}/report?{query}",
        title=t.text("All of it on one page. To keep it as a PDF: print → save as PDF."),
        target="_blank",
        class_="button fm-report",
    )


def receipt_text(receipt: Receipt, t: Translator) -> Markup:
    """What became of the time: asked, used, and on what."""
    longest = max(receipt.parts.values(), default=0) or 1
    bars = [
        tag(
            "div",
            tag("span", t.text(PHASES[Phase(part)]) if part in set(Phase) else part),
            tag(
                "div",
                tag("div", class_="fill", style=f"width:{100 * seconds / longest:.1f}%"),
                class_="track",
            ),
            tag("span", t.duration(seconds), class_="num muted"),
            class_="bar small",
        )
        for part, seconds in sorted(receipt.parts.items(), key=lambda item: _place(item[0]))
    ]
    return tag(
        "section",
        tag("h3", t.text("Where the time went")),
        tag(
            "p",
            t.text(
                "Asked: {asked}. Used: {used}. Models tried: {trials}.",
                asked=t.duration(receipt.asked_s),
                used=t.duration(receipt.used_s),
                trials=receipt.trials,
            ),
            class_="fm-receipt",
        ),
        bars,
        tag("ul", [tag("li", t.text(m)) for m in receipt.left_out], class_="muted")
        if receipt.left_out
        else None,
        class_="stack",
    )


def tested_text(run: Run, t: Translator) -> Markup:
    """What the scores are from, and what was not learnt from."""
    return tag(
        "section",
        tag("h3", t.text("How it was tested")),
        tag("ul", [tag("li", line) for line in tested_lines(run, t)]),
        class_="stack fm-tested",
    )


def _place(part: str) -> int:
    """Where the part comes in a run; what we do not know comes last."""
    order = [phase.value for phase in Phase]
    return order.index(part) if part in order else len(order)


def log_text(story: RunStory, t: Translator) -> Markup:
    """The log, newest first."""
    title, lines = t.text("What is going on"), [_log_line(line, t) for line in reversed(story.log)]
    return tag(
        "section",
        tag("h3", title),
        tag("ol", lines, class_="log fm-log", tabindex="0", aria_label=title),
        class_="stack",
    )


def _log_line(line: LogLine, t: Translator) -> Markup:
    text = PHASES[line.message] if isinstance(line.message, Phase) else line.message
    return tag("li", tag("time", t.duration(line.at_s), class_="num"), tag("span", t.text(text)))


def ending(run: Run, t: Translator, *, has_model: bool) -> Markup | None:
    """A kind word when the run did not come to its planned end; without a model it says that
    there is nothing to use, download or report."""
    words = {
        RunStatus.CANCELLED: t.text("You cancelled this training; nothing was kept."),
        RunStatus.FAILED: t.text("This training failed. What it had found by then was kept.")
        if has_model
        else t.text("This training ended without a model."),
        RunStatus.INTERRUPTED: t.text("This training was interrupted."),
    }
    if run.status not in words:
        return _problem(run, t)
    none = t.text("There is no model to use or to download, and nothing to report.")
    again = link(
        "new",
        dataset=run.spec.dataset,
        version=run.spec.version,
        step="train",
        target=run.spec.target,
    )
    return tag(
        "div",
        tag("h3", words[run.status]),
        tag("p", t.text(run.error)) if run.error else None,
        None if has_model else tag("p", none, class_="fm-no-report"),
        tag("div", tag("a", t.text("Train again"), href=again, class_="button fm-again")),
        class_="panel warn fm-ending",
        role="status",
    )


def _problem(run: Run, t: Translator) -> Markup | None:
    """What kept a run that was over from going on."""
    if run.error is None or not run.status.is_over:
        return None
    return tag("p", t.text(run.error), class_="panel warn fm-ending", role="status")


def chosen_text(candidate: Candidate, board: Sequence[Candidate], t: Translator) -> Markup:
    """Which model the buttons are about."""
    name = family(candidate.family, t)
    if board and candidate.id == board[0].id:
        words = t.text("The best model: {name}.", name=name)
    else:
        words = t.text("Your choice from the leaderboard: {name}.", name=name)
    return tag("p", words, class_="muted fm-chosen")
