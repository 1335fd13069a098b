"""In which order the lines of a board stand, and which of them are there."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum

from freemlops.domain.evaluation.ties import Standing
from freemlops.domain.metric import METRICS
from freemlops.domain.run import Candidate


class Order(StrEnum):
    """What comes first."""

    PLACE = "place"
    SCORE = "score"
    FIT = "fit"
    LATENCY = "latency"
    SIZE = "size"


def arranged(
    board: Sequence[Candidate],
    metric: str,
    order: Order = Order.PLACE,
    *,
    only_tied: bool = False,
    standings: Mapping[str, Standing] | None = None,
) -> list[tuple[int, Candidate]]:
    """Candidates with their place on the ranked `board`, which stays theirs in any order.

    `only_tied` leaves the best and those that can't be told from it. What has no value for the
    order comes last.
    """
    known = standings or {}
    places = list(enumerate(board, 1))
    if only_tied:
        places = [(n, c) for n, c in places if n == 1 or _tied(c, known)]
    return sorted(places, key=lambda line: (_KEYS[order](line[1], metric), line[0]))


def _tied(c: Candidate, known: Mapping[str, Standing]) -> bool:
    return known[c.id].tied if c.id in known else c.tied_with_best


def _by_score(c: Candidate, metric: str) -> float:
    score = c.holdout.get(metric)
    if score is None or math.isnan(score.value):
        return math.inf
    return -score.value if METRICS[metric].higher_is_better else score.value


_KEYS: Mapping[Order, Callable[[Candidate, str], float]] = {
    Order.PLACE: lambda _c, _metric: 0.0,
    Order.SCORE: _by_score,
    Order.FIT: lambda c, _metric: c.fit_s,
    Order.LATENCY: lambda c, _metric: math.inf if c.latency_ms is None else c.latency_ms,
    Order.SIZE: lambda c, _metric: math.inf if c.size_bytes is None else float(c.size_bytes),
}
