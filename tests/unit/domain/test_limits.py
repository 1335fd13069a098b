"""Each limit is told because of a fact, and not told without it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from freemlops.domain.advice import Action, ActionKind, Advice, Severity
from freemlops.domain.limits import limits
from freemlops.domain.report import ReportFacts
from freemlops.domain.run import Receipt, RunStatus, Split, SplitKind, Task
from freemlops.domain.words import say
from tests.unit.report import examples


def told(facts: ReportFacts) -> str:
    return "\n".join(m.english() for m in limits(facts))


def of_run(facts: ReportFacts, **more: object) -> ReportFacts:
    assert facts.run is not None
    return replace(facts, run=replace(facts.run, **more))


def leak(column: str) -> Advice:
    message = say("“{column}” leaks.", column=column)
    action = Action(ActionKind.EXCLUDE, (column,))
    return Advice("target_leak", Severity.SERIOUS, (column,), message, message, action=action)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda f: of_run(f, status=RunStatus.RUNNING), "still going on"),
        (lambda f: of_run(f, status=RunStatus.STOPPED), "ended the search early"),
        (lambda f: of_run(f, status=RunStatus.INTERRUPTED), "did not come to its end"),
        (lambda f: of_run(f, plan={"develop_rows": 9, "split": {"sample": 5}}), "5 of 9"),
        (lambda f: of_run(f, receipt=Receipt(1, 1, left_out=(say("No mix."),))), "No mix."),
        (lambda f: replace(f, run=None), "not in this Free MLOps"),
        (lambda f: replace(f, data=None), "are not here"),
        (lambda f: replace(f, data=replace(examples.data(), synthetic=True)), "made up"),
        (lambda f: replace(f, data=replace(examples.data(), rejected=4)), "could not be read: 4"),
        (lambda f: replace(f, advice=(leak("x"),)), "“x” leaks."),
        (lambda f: replace(f, measured=examples.measured(Task.BINARY, 50)),
         "Only 50 rows"),
        (lambda f: replace(f, measured=examples.measured(Task.BINARY, 50)),
         "unsure"),
    ],
)  # fmt: skip
def test_a_fact_gives_its_limit(change: Callable[[ReportFacts], ReportFacts], words: str) -> None:
    plain = examples.facts(measured=examples.measured(Task.BINARY, 400))
    assert words in told(change(plain))
    assert words not in told(plain)


def test_people_are_looked_out_for_where_columns_tell_of_them() -> None:
    facts = examples.facts()
    assert "“idade”" in told(facts)
    assert facts.signature is not None
    plain = replace(facts.signature, columns=facts.signature.columns[:1])
    assert "let a person check" not in told(replace(facts, signature=plain))


def test_advice_that_was_followed_is_no_limit() -> None:
    facts = examples.facts(advice=(leak(examples.EVIL[3]),))
    assert "leaks" not in told(facts)
    order = Advice(
        "time_order", Severity.WARNING, ("d",), say("In order of time."), say("Split."),
        action=Action(ActionKind.SPLIT_TIME, ("d",)),
    )  # fmt: skip
    facts = examples.facts(advice=(order,))
    assert "In order of time." in told(facts)
    assert facts.run is not None
    spec = replace(facts.run.spec, split=Split(SplitKind.TIME, "d"))
    assert "In order of time." not in told(of_run(facts, spec=spec))
