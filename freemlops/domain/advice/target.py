"""What stands in the way of predicting a target, and what makes it look too easy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from freemlops.domain.advice.columns import FEWEST_ROWS
from freemlops.domain.advice.model import (
    Action,
    ActionKind,
    Advice,
    Facts,
    Power,
    Severity,
    TargetFacts,
)
from freemlops.domain.goal import MAX_CLASSES
from freemlops.domain.naming import name_words
from freemlops.domain.profile import ColumnProfile
from freemlops.domain.run import Task
from freemlops.domain.words import say

SURE: Final = 0.99
SURE_NUMBER: Final = 0.999
SUSPECT: Final = 0.97
SUSPECT_NUMBER: Final = 0.995
SUSPECT_NAMED: Final = 0.9
RARE: Final = 10
UNEVEN: Final = 0.1
VERY_UNEVEN: Final = 0.03
TAIL: Final = 20.0


def target_advice(facts: Facts) -> Iterator[Advice]:
    """Nothing without a target."""
    target = facts.target
    if target is None:
        return
    yield from _leaks(target)
    yield from _missing(facts, target)
    if target.task.is_classification:
        yield from _rare(target)
        yield from _uneven(target)
    else:
        yield from _tail(facts, target)
    yield from _contradictions(facts, target)


def _leaks(target: TargetFacts) -> Iterator[Advice]:
    classes = target.task.is_classification
    if classes and sum(n for _, n in target.classes[1:]) < FEWEST_ROWS:
        return  # too few rows of the other classes to tell luck from knowledge
    sure, suspect = (SURE, SUSPECT) if classes else (SURE_NUMBER, SUSPECT_NUMBER)
    words = set(name_words(target.column.name))
    for power in target.powers:
        named = words and words <= set(name_words(power.column))
        if power.gain >= (SUSPECT_NAMED if named else suspect):
            yield _leak(power, target, sure=power.gain >= sure)


def _leak(power: Power, target: TargetFacts, *, sure: bool) -> Advice:
    if power.missing_gain >= SUSPECT:
        message = say(
            "Whether “{column}” is filled in tells “{target}” almost always. Perhaps it is only "
            "filled in once the result is known.",
            column=power.column,
            target=target.column.name,
        )
    elif power.right is not None:
        message = say(
            "“{column}” alone tells “{target}” in {share} of 100 rows. That is too good: perhaps "
            "it is only known once the result is.",
            column=power.column,
            target=target.column.name,
            share=_share(power.right),
        )
    else:
        message = say(
            "“{target}” follows from “{column}” alone almost exactly. That is too good: perhaps "
            "it is only known once the result is.",
            column=power.column,
            target=target.column.name,
        )
    return Advice(
        "target_leak",
        Severity.SERIOUS if sure else Severity.WARNING,
        (power.column,),
        message,
        say("Leave it out unless you will know it before the result whenever you predict."),
        {"gain": round(power.gain, 4), "missing_gain": round(power.missing_gain, 4)}
        | ({} if power.right is None else {"right": round(power.right, 4)}),
        Action(ActionKind.EXCLUDE, (power.column,), by_default=sure),
    )


def _share(right: float) -> float:
    """Per 100, never rounded up to all of them."""
    return 100 if right == 1 else int(right * 1000) / 10


def _missing(facts: Facts, target: TargetFacts) -> Iterator[Advice]:
    missing = target.column.missing
    if not missing:
        return
    share = missing / facts.rows
    yield Advice(
        "target_missing",
        Severity.WARNING if share >= 0.05 else Severity.INFO,
        (target.column.name,),
        say(
            "Rows without “{target}”: {count}. They are not learnt from.",
            target=target.column.name,
            count=missing,
        ),
        say("Make sure that these rows are not of a special kind, or fill the target in."),
        {"missing": missing, "share": round(share, 4)},
    )


def _rare(target: TargetFacts) -> Iterator[Advice]:
    rare = [(value, n) for value, n in target.classes if n < RARE]
    if not rare or len(target.classes) > MAX_CLASSES:
        return
    shown = ", ".join(f"“{value}” ({n})" for value, n in rare[:5]) + ("…" if rare[5:] else "")
    yield Advice(
        "rare_classes",
        Severity.WARNING,
        (target.column.name,),
        say(
            "Of some values of “{target}” there are fewer than {least} rows: {classes}. Nobody "
            "can learn to tell these, nor test whether it is told.",
            target=target.column.name,
            least=RARE,
            classes=shown,
        ),
        say("Put rare values together, take them out, or collect more rows of them."),
        {"classes": len(rare), "fewest": min(n for _, n in rare)},
    )


def _uneven(target: TargetFacts) -> Iterator[Advice]:
    counts = [n for _, n in target.classes]
    if target.task is not Task.BINARY or len(counts) != 2:
        return
    share = min(counts) / sum(counts)
    if share >= UNEVEN:
        return
    value = min(target.classes, key=lambda c: c[1])[0]
    yield Advice(
        "imbalance",
        Severity.WARNING if share < VERY_UNEVEN else Severity.INFO,
        (target.column.name,),
        say(
            "Only {share} of 100 rows have “{value}” as “{target}”. Always giving the other answer "
            "is right {base} times in 100, so being right often says little.",
            share=round(100 * share, 1),
            base=round(100 * (1 - share), 1),
            value=value,
            target=target.column.name,
        ),
        say("Judge models by ROC AUC or average precision rather than by accuracy."),
        {"share": round(share, 4), "rows": min(counts)},
    )


def _tail(facts: Facts, target: TargetFacts) -> Iterator[Advice]:
    profile = facts.profile.by_name().get(target.column.name)
    tail = _tail_of(profile) if profile is not None else 0.0
    if tail < TAIL:
        return
    yield Advice(
        "long_tail",
        Severity.INFO,
        (target.column.name,),
        say(
            "“{target}” has a long tail: the largest values are {times} times the usual ones. A "
            "few of them decide the score.",
            target=target.column.name,
            times=round(tail),
        ),
        say("Judge models by the mean absolute error if the usual rows matter most to you."),
        {"times": round(tail, 1)},
    )


def _tail_of(profile: ColumnProfile) -> float:
    """The 99 % quantile in medians, 0 where that says nothing."""
    marks = [q for q in profile.quantiles if isinstance(q, float | int)]
    if len(marks) < 7 or marks[0] < 0 or marks[3] <= 0:
        return 0.0
    return float(marks[6] / marks[3])


def _contradictions(facts: Facts, target: TargetFacts) -> Iterator[Advice]:
    count = target.contradictions or 0
    filled = facts.rows - target.column.missing
    if not filled or count < 0.02 * filled or not target.task.is_classification:
        return
    share = count / filled
    yield Advice(
        "contradictions",
        Severity.WARNING if share >= 0.2 else Severity.INFO,
        (target.column.name,),
        say(
            "{count} rows are equal to others in all but “{target}”. No model can get all of "
            "these right.",
            count=count,
            target=target.column.name,
        ),
        say("A column that tells them apart would help more than any model."),
        {"count": count, "share": round(share, 4)},
    )
