"""How good the winner would have been with fewer rows to learn from: its learning curve."""

from __future__ import annotations

from dataclasses import dataclass

from freemlops.domain.metric import METRICS
from freemlops.domain.ranking import MARGIN, SURE
from freemlops.domain.run import Score
from freemlops.domain.words import Message, say


@dataclass(frozen=True, slots=True)
class LearningPoint:
    """The same settings, learned from `rows` rows and scored on the holdout.

    `ahead` is the share of the holdout's resamples in which it beats the point before it; None
    for the first, and where the holdout is too small to tell.
    """

    rows: int
    score: Score
    ahead: float | None = None


@dataclass(frozen=True, slots=True)
class LearningCurve:
    """At least two points, the fewest rows first; the last is the candidate on the board."""

    candidate: str
    metric: str
    points: tuple[LearningPoint, ...]


def would_more_help(curve: LearningCurve) -> Message:
    """What the last step of the curve says of rows that are not there yet."""
    before, last = curve.points[-2:]
    rise = last.score.value - before.score.value
    gain = rise if METRICS[curve.metric].higher_is_better else -rise
    slight = gain <= MARGIN * abs(last.score.value)
    if last.ahead is None or last.ahead < SURE or slight:
        return say(
            "Between {before} and {rows} rows it got no better that the test rows could tell: "
            "more rows of the same kind may not help much. Other columns might.",
            before=before.rows,
            rows=last.rows,
        )
    return say(
        "Between {before} and {rows} rows it still got better, and not by luck: more rows of the "
        "same kind would likely make it better still.",
        before=before.rows,
        rows=last.rows,
    )
