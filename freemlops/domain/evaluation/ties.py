"""Who is really apart from the best, and which of the tied to take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from freemlops.domain.run import Candidate
from freemlops.domain.words import Message, say

SIMPLICITY = (
    "constant", "linear", "lightgbm", "xgboost", "random_forest", "extra_trees", "neural",
    "ensemble",
)  # fmt: skip
"""The easiest to explain and to run first; families that are not named come before a team."""
_ALIKE = {"xgboost": "lightgbm", "extra_trees": "random_forest"}


class Source(StrEnum):
    """What the ties rest on."""

    HOLDOUT = "holdout"
    FOLDS = "folds"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Standing:
    """`p_best_better` is the probability that the best is really better; None for itself, and
    where nothing can tell."""

    candidate: str
    tied: bool
    p_best_better: float | None
    recommended: bool = False


@dataclass(frozen=True, slots=True)
class Ties:
    """The board's order is kept. `reason` says why `recommended` (None: none is worth it)."""

    run: str
    metric: str
    best: str | None
    source: Source
    standings: tuple[Standing, ...]
    recommended: str | None
    reason: Message | None


def recommend(best: Candidate, tied: Sequence[Candidate]) -> tuple[Candidate | None, Message]:
    """Among those that cannot be told from the best: the simplest family, within it the fastest.

    None when one of them always gives the same answer: then nothing was learned for sure.
    """
    if best.family == "constant" or any(c.family == "constant" for c in tied):
        return None, say(
            "No model can be told from always giving the same answer. More rows or other columns "
            "may help."
        )
    first = min((best, *tied), key=_effort)
    if not tied:
        return first, say("It is better than all others by more than chance.")
    if first.id == best.id:
        return first, say("It leads, and of those that are as good it is the simplest and fastest.")
    if _simplicity(first) < _simplicity(best):
        return first, say(
            "It can't be told from the best by the rows held out, and is simpler to explain and "
            "to run."
        )
    return first, say("It can't be told from the best by the rows held out, and answers faster.")


def _effort(candidate: Candidate) -> tuple[int, float, int, str]:
    latency = candidate.latency_ms if candidate.latency_ms is not None else 1e9
    size = candidate.size_bytes if candidate.size_bytes is not None else 1 << 62
    return _simplicity(candidate), latency, size, candidate.id


def _simplicity(candidate: Candidate) -> int:
    family = _ALIKE.get(candidate.family, candidate.family)
    return SIMPLICITY.index(family) if family in SIMPLICITY else len(SIMPLICITY) - 1
