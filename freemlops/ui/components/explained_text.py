"""The words and tables around the plots of an explanation."""

from __future__ import annotations

from collections.abc import Sequence

from freemlops.domain.explanation import Contributions, Dependence, Effect, Importance
from freemlops.domain.metric import METRICS
from freemlops.domain.run import Score
from freemlops.i18n import Translator
from freemlops.report.words import basis_text, drivers_found
from freemlops.ui.components.folds import help_fold, table_fold
from freemlops.ui.components.safe import Markup, tag
from freemlops.ui.state.reasons import Reason, answer_number, value_text


def drivers_heading(made: Importance, t: Translator) -> Markup:
    """What was found, in a sentence, and on which rows."""
    return tag(
        "div",
        tag("h2", t.text("What drives the model")),
        tag("p", drivers_found(made, t), class_="fm-drivers-found"),
        tag("p", basis_text(made.basis, t), class_="muted small fm-basis"),
        class_="stack",
    )


def drivers_table(made: Importance, t: Translator) -> Markup:
    titles = dict.fromkeys([made.metric, made.fit])
    head = [
        t.text("Column"),
        *(t.text(METRICS[m].title) for m in titles),
        t.text("More than chance?"),
    ]
    lines = [
        [
            e.column,
            *(_interval(s, t) for s in _scores(e, len(titles))),
            t.text("yes") if e.matters else t.text("no"),
        ]
        for e in made.effects
    ]
    return table_fold(t.text("As a table"), head, lines, "fm-drivers-table")


def _scores(effect: Effect, count: int) -> Sequence[Score]:
    return (effect.by_metric, effect.by_fit)[:count]


def _interval(score: Score, t: Translator) -> str:
    return f"{t.number(score.value)} ({t.number(score.low)} – {t.number(score.high)})"


def drivers_help(t: Translator) -> Markup:
    return help_fold(
        t,
        t.text(
            "What is this? The values of one column are shuffled between the rows, so that they "
            "say nothing any more. The bar is how much worse the model answers then; the thin "
            "line is where the bar would fall 95 times in 100 with other rows and other shuffles."
        ),
        t.text(
            "Is it good? A grey bar can't be told from nothing. A single bar that towers over all "
            "others may be a leak: a column that is only known once the answer is known."
        ),
        t.text(
            "What can I do? Leave out columns that do nothing, and any that you would not have "
            "when the model is used; train again and compare. Columns that say the same share "
            "their importance: each may look idle while the other is there."
        ),
    )


def point_names(made: Dependence, words: tuple[str, str] | None, t: Translator) -> tuple[str, ...]:
    """`words` are the column's own for false and true."""
    if made.words:
        return (t.text("as it is"), *(f"+ {p}" for p in made.points[1:]))
    return tuple(value_text(p, t, words) for p in made.points)


def dependence_table(
    made: Dependence, names: Sequence[str], said: Sequence[str], answer: str, t: Translator
) -> Markup:
    counted = not made.edges
    head = [made.column, answer, *([t.text("Rows")] if counted else [])]
    lines = [
        [name, text, *([t.number(made.counts[at], 0)] if counted else [])]
        for at, (name, text) in enumerate(zip(names, said, strict=True))
    ]
    table = table_fold(t.text("As a table"), head, lines, "fm-dependence-table")
    if made.words:
        told = t.text(
            "Each word is put before every text of “{column}”. Shown are the words that move the "
            "answer most.",
            column=made.column,
        )
        return tag("div", tag("p", told, class_="fm-words"), table, class_="stack")
    if made.edges and made.points and made.points[-1] is None:
        gone = t.text("When it is missing: {answer}.", answer=said[-1])
        return tag("div", tag("p", gone), table, class_="stack")
    return table


def dependence_help(t: Translator) -> Markup:
    return help_fold(
        t,
        t.text(
            "What is this? The same rows are asked about again and again with another value in "
            "this column. The thick line is the mean of their answers, each thin line one row. "
            "The grey bars at the bottom say how many rows have such values."
        ),
        t.text(
            "Is it good? Thin lines that run alike say that the column works the same for all "
            "rows; lines that cross say that it depends on the other columns. Where there are no "
            "grey bars, the model guesses: believe nothing there."
        ),
        t.text(
            "What can I do? Check the direction against what you know of the subject. It is how "
            "the model answers, not what would happen in the world if the value were changed."
        ),
    )


def reasons_heading(made: Contributions, target: str, truth: str | float, t: Translator) -> Markup:
    """The way from the mean answer to this one, and what the data says."""
    parts = {
        "base": answer_number(made.base, made.of, t),
        "answer": answer_number(made.made, made.of, t),
    }
    if made.of is not None:
        told = t.text(
            "Probability of {name}: {answer} for this row, {base} for a typical one.",
            name=f"“{made.of}”",
            **parts,
        )
    else:
        told = t.text(
            "{target}: {answer} for this row, {base} for a typical one.",
            target=f"“{target}”",
            **parts,
        )
    said = truth if isinstance(truth, str) else t.number(truth)
    return tag(
        "div",
        tag("p", told, class_="verdict fm-reason", role="status", data_value=str(made.made)),
        tag("p", t.text("The truth in the data: {truth}.", truth=said), class_="muted"),
        class_="stack",
    )


def reasons_table(made: Contributions, found: Sequence[Reason], t: Translator) -> Markup:
    head = [t.text("Column"), t.text("Value"), t.text("Adds")]
    lines = [[r.part.column if r.part else r.label, r.value, r.said] for r in found]
    lines.insert(0, [t.text("A typical row"), "", answer_number(made.base, made.of, t)])
    lines.append([t.text("This row"), "", answer_number(made.made, made.of, t)])
    return table_fold(t.text("As a table"), head, lines, "fm-reasons-table")


def reasons_help(t: Translator) -> Markup:
    return help_fold(
        t,
        t.text(
            "What is this? The model is asked what it would answer if this row had the values of "
            "other rows, one column after the other, in many orders. What the answer moves "
            "belongs to the column (Shapley values). All bars together lead from the answer for "
            "a typical row to the one for this row; the thin lines are how sure each bar is."
        ),
        t.text(
            "Is it good? Bars that make sense to somebody who knows the subject are a good sign. "
            "A wrong answer with one long bar shows what misled the model."
        ),
        t.text(
            "What can I do? Change a value below and watch the answer move. It is how the model "
            "answers, not a promise about the world."
        ),
    )
