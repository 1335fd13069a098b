"""What the call for the learning curve says."""

from __future__ import annotations

import msgspec

from freemlops.domain.learning import LearningCurve, would_more_help
from freemlops.i18n import Translator


class LearningPointOut(msgspec.Struct):
    """`low`, `high`: 95%. `p_better`: than the point before; null for the first, and where the
    test rows are too few to tell."""

    rows: int
    value: float
    low: float
    high: float
    p_better: float | None


class LearningOut(msgspec.Struct):
    """`points` by their rows, the candidate itself last; none when the curve was not drawn."""

    run: str
    candidate: str | None
    metric: str | None
    points: list[LearningPointOut]
    sentence: str | None


def learning_out(run: str, made: LearningCurve | None, t: Translator) -> LearningOut:
    if made is None:
        return LearningOut(run, None, None, [], None)
    points = [
        LearningPointOut(p.rows, p.score.value, p.score.low, p.score.high, p.ahead)
        for p in made.points
    ]
    return LearningOut(run, made.candidate, made.metric, points, t.text(would_more_help(made)))
