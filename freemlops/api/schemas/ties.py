"""What the call for ties says."""

from __future__ import annotations

import msgspec

from freemlops.domain.evaluation.ties import Ties
from freemlops.i18n import Translator


class StandingOut(msgspec.Struct):
    candidate: str
    tied: bool
    p_best_better: float | None
    recommended: bool


class TiesOut(msgspec.Struct):
    """`source`: holdout, folds or nothing, which is what the ties rest on."""

    run: str
    metric: str
    best: str | None
    source: str
    standings: list[StandingOut]
    recommended: str | None
    reason: str | None


def ties_out(found: Ties, t: Translator) -> TiesOut:
    rows = [StandingOut(s.candidate, s.tied, s.p_best_better, s.recommended)
            for s in found.standings]  # fmt: skip
    return TiesOut(
        found.run,
        found.metric,
        found.best,
        found.source.value,
        rows,
        found.recommended,
        t.text(found.reason) if found.reason else None,
    )
