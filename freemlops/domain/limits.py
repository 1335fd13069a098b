"""What a result can't be trusted for, each sentence drawn from a fact of its training."""

from __future__ import annotations

from collections.abc import Iterator

from freemlops.domain.advice import Severity
from freemlops.domain.evaluation.curves import Confusion
from freemlops.domain.naming import named_entity, named_trait
from freemlops.domain.report import ReportFacts
from freemlops.domain.run import RunStatus, SplitKind, Task
from freemlops.domain.verdict import verdict_of
from freemlops.domain.words import Message, say

SMALL_HOLDOUT = 200
"""With fewer rows a share of right answers is known to within 7 in 100 at best."""
FEW_OF_CLASS = 30
FAR_OFF = 0.1
"""Of probabilities from what happened."""
MOST_NAMED = 6


def limits(facts: ReportFacts) -> tuple[Message, ...]:
    """The gravest first; empty only when nothing is known of the training."""
    return (
        *_of_training(facts),
        *_of_gain(facts),
        *_of_data(facts),
        *_of_holdout(facts),
        *_of_answers(facts),
        *_of_people(facts),
        *_of_time(facts),
    )


def _of_training(facts: ReportFacts) -> Iterator[Message]:
    run = facts.run
    if run is None:
        yield say(
            "The training is not in this Free MLOps, so nothing here was measured anew: the "
            "figures are those that came with the model."
        )
        return
    if not run.status.is_over:
        yield say("The training is still going on: the models and their figures will change.")
    elif run.status in (RunStatus.INTERRUPTED, RunStatus.FAILED):
        yield say("The training did not come to its end: a longer search may find a better model.")
    elif run.status is RunStatus.STOPPED:
        yield say("Somebody ended the search early: a longer one may find a better model.")
    sample = facts.split_plan.get("sample")
    if sample:
        yield say(
            "The search saw a drawn part of the rows, {sample} of {all}: other settings may suit "
            "all of them better.",
            sample=int(sample),
            all=int(facts.plan.get("develop_rows") or 0),
        )
    if run.receipt is not None:
        yield from run.receipt.left_out


def _of_gain(facts: ReportFacts) -> Iterator[Message]:
    if facts.run is None or facts.candidate is None:
        return
    found = verdict_of(facts.candidate, facts.run.spec.task, facts.board)
    if found is not None and found.doubt is not None:
        yield found.doubt
    if facts.candidate.parity is None:
        yield say("There is no proven copy of this model as a file, so it can't be served.")


def _of_data(facts: ReportFacts) -> Iterator[Message]:
    if facts.data is None:
        yield say("The rows that it learned from are not here, so nothing can be looked up again.")
    elif facts.data.synthetic:
        yield say("The data is made up: nothing in it tells of real people or things.")
    if facts.data is not None and facts.data.rejected:
        yield say(
            "Lines of the file that could not be read: {count}. Nothing was learned from them.",
            count=facts.data.rejected,
        )
    for advice in facts.open_advice():
        if advice.severity is not Severity.INFO:
            yield advice.message


def _of_holdout(facts: ReportFacts) -> Iterator[Message]:
    measured = facts.measured
    rows = measured.evaluation.rows if measured else int(facts.plan.get("holdout_rows") or 0)
    if 0 < rows < SMALL_HOLDOUT:
        yield say(
            "Only {rows} rows were held out for the test: with other rows each figure could be "
            "anywhere in its interval.",
            rows=rows,
        )
    if measured is None:
        return
    if measured.evaluation.sampled < rows:
        yield say(
            "The intervals come from {sampled} of the {rows} test rows.",
            sampled=measured.evaluation.sampled,
            rows=rows,
        )
    confusion = next((c for _, c in measured.curves if isinstance(c, Confusion)), None)
    if confusion is not None:
        yield from _rare(confusion)


def _rare(confusion: Confusion) -> Iterator[Message]:
    counts = dict(zip(confusion.classes, map(sum, confusion.counts), strict=True))
    few = [name for name, count in counts.items() if count < FEW_OF_CLASS]
    if len(few) == 1:
        yield say(
            "Only {count} test rows are “{label}”: what is said of that class rests on them.",
            count=counts[few[0]],
            label=few[0],
        )
    elif few:
        yield say(
            "Of these classes fewer than {least} rows each were tested, so what is said of them "
            "is unsure: {names}.",
            least=FEW_OF_CLASS,
            names=_listed(few),
        )


def _of_answers(facts: ReportFacts) -> Iterator[Message]:
    if facts.measured is not None:
        error = facts.measured.evaluation.figure("ece")
        if error is not None and error.value is not None and error.value > FAR_OFF:
            yield say(
                "Its probabilities are {percent} in 100 away from what happens, on average: do "
                "not take them at their word.",
                percent=round(100 * error.value),
            )
    if facts.task is Task.REGRESSION and facts.signature is not None:
        yield say(
            "Values of “{target}” far beyond those in the data may be answered badly: nothing was "
            "learned about them.",
            target=facts.target,
        )


def _of_people(facts: ReportFacts) -> Iterator[Message]:
    if facts.signature is None:
        return
    inputs = [c.name for c in facts.signature.columns]
    traits = [name for name in inputs if named_trait(name)]
    if traits:
        yield say(
            "The model looks at what seems to be said of people: {columns}. Before its answers "
            "decide about anybody, compare the groups (“Is it as good for everybody?” on the page "
            "of the training) and let a person check.",
            columns=_listed(traits),
        )
    names = [*inputs, *(facts.run.spec.exclude if facts.run else ())]
    if not traits and any(named_entity(name) for name in names):
        yield say(
            "The rows seem to be about persons or things with a number of their own. Before its "
            "answers decide about a person, let a person check."
        )


def _of_time(facts: ReportFacts) -> Iterator[Message]:
    if facts.data is None:
        return
    day = facts.data.created_at.date().isoformat()
    rows = facts.data.rows
    yield say(
        "It knows {rows} rows that were there on {day}, and nothing of what came since: check it "
        "on new rows from time to time.",
        rows=rows,
        day=day,
    )
    if facts.run is not None and facts.run.spec.split.kind is SplitKind.RANDOM:
        yield say(
            "The test rows come from the same table as those that it learned from. Rows of another "
            "place or year may be answered worse."
        )


def _listed(names: list[str]) -> str:
    shown = ", ".join(f"“{name}”" for name in names[:MOST_NAMED])
    return shown + (", …" if len(names) > MOST_NAMED else "")
