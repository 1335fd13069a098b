"""The result of a run in one sentence, and how honest it is to be pleased with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from freemlops.domain.run import Candidate, Run, Task
from freemlops.domain.words import Message, say

CONSTANT = "constant"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`sentence` for anybody; `doubt` is set when there is no gain over guessing, or one that may
    be luck."""

    sentence: Message
    doubt: Message | None = None


def best_of(run: Run, board: Sequence[Candidate]) -> Candidate | None:
    """The winner: the one that the run names, else the first of the ranked board."""
    return next((c for c in board if c.id == run.best), board[0] if board else None)


def baseline_of(board: Sequence[Candidate]) -> Candidate | None:
    """The candidate that always gives the same answer."""
    return next((c for c in board if c.family == CONSTANT), None)


def verdict(run: Run, board: Sequence[Candidate]) -> Verdict | None:
    """None when there is no model, or none of the metrics that the sentence needs."""
    best = best_of(run, board)
    return None if best is None else verdict_of(best, run.spec.task, board)


def verdict_of(candidate: Candidate, task: Task, board: Sequence[Candidate]) -> Verdict | None:
    """As `verdict`, of any candidate of the board."""
    base = baseline_of(board)
    return (_number if task is Task.REGRESSION else _classes)(candidate, base)


def _classes(best: Candidate, base: Candidate | None) -> Verdict | None:
    mine = best.holdout.get("accuracy")
    if mine is None:
        return None
    theirs = base.holdout.get("accuracy") if base is not None else None
    right = _times(mine.value)
    if theirs is None or base is None or base.id == best.id:
        sentence = say("Right {right} times in 100.", right=right)
        return Verdict(sentence, _nothing() if base is not None else None)
    guess = base.params.get("answer")
    if guess is None:
        sentence = say(
            "Right {right} times in 100; always giving the same answer would be right {base} "
            "times.",
            right=right,
            base=_times(theirs.value),
        )
    else:
        sentence = say(
            "Right {right} times in 100; always guessing “{guess}” would be right {base} times.",
            right=right,
            guess=str(guess),
            base=_times(theirs.value),
        )
    if mine.value <= theirs.value:
        return Verdict(sentence, _nothing())
    return Verdict(sentence, _doubt() if mine.low <= theirs.value else None)


def _number(best: Candidate, base: Candidate | None) -> Verdict | None:
    mine = best.holdout.get("mae")
    if mine is None:
        return None
    theirs = base.holdout.get("mae") if base is not None else None
    if theirs is None or base is None or base.id == best.id:
        sentence = say("On average {off} away from the truth.", off=mine.value)
        return Verdict(sentence, _nothing() if base is not None else None)
    sentence = say(
        "On average {off} away from the truth; always guessing the same number would be {base} "
        "away.",
        off=mine.value,
        base=theirs.value,
    )
    if mine.value >= theirs.value:
        return Verdict(sentence, _nothing())
    return Verdict(sentence, _doubt() if mine.high >= theirs.value else None)


def _nothing() -> Message:
    return say(
        "No model did better than always giving the same answer. Other columns, or more rows, "
        "may help."
    )


def _doubt() -> Message:
    return say(
        "The gain over guessing is so small that it may be luck. More rows or other columns may "
        "help."
    )


def _times(share: float) -> int | float:
    """Times in 100; with a decimal only where whole times would claim perfection or nothing."""
    whole = round(share * 100)
    return round(share * 100, 1) if whole in (0, 100) and 0 < share < 1 else whole
