"""The scores of one class in falling order, and what saying “yes” from each of them on brings."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from freemlops.domain.evaluation.curves import MOST_POINTS
from freemlops.domain.evaluation.threshold import HALF, AtThreshold, Choice, Costs, Rule

type Floats = NDArray[np.float64]
type Counts = NDArray[np.int64]
NEVER = 1.0 + 1e-9
"""A threshold that no probability reaches."""


@dataclass(frozen=True, slots=True)
class Ladder:
    """One step for each different score, highest first: `hits` and `alarms` are the rows of “yes”
    and “no” with that score or more."""

    scores: Floats
    hits: Counts
    alarms: Counts

    @property
    def yes(self) -> int:
        return int(self.hits[-1])

    @property
    def no(self) -> int:
        return int(self.alarms[-1])

    @property
    def rows(self) -> int:
        return self.yes + self.no

    def at(self, threshold: float) -> AtThreshold:
        """Rows with the threshold or more are “yes”."""
        steps = int(np.searchsorted(-self.scores, -threshold, side="right"))
        hits, alarms = (int(self.hits[steps - 1]), int(self.alarms[steps - 1])) if steps else (0, 0)
        return AtThreshold(threshold, hits, alarms, self.yes - hits, self.no - alarms)

    @property
    def area(self) -> float:
        """Under the ROC curve; NaN when there is one class."""
        if not self.yes or not self.no:
            return float("nan")
        found, alarms = np.r_[0, self.hits] / self.yes, np.r_[0, self.alarms] / self.no
        return float(np.trapezoid(found, alarms))

    @property
    def average_precision(self) -> float:
        precision = self.hits / (self.hits + self.alarms)
        return float((np.diff(np.r_[0, self.hits]) * precision).sum() / max(self.yes, 1))

    def costs(self, costs: Costs) -> Floats:
        """At each step, of all rows together."""
        missed, quiet = self.yes - self.hits, self.no - self.alarms
        return np.asarray(
            costs.hit * self.hits
            + costs.false_alarm * self.alarms
            + costs.miss * missed
            + costs.quiet * quiet,
            np.float64,
        )


def climb(scores: Floats, yes: NDArray[np.bool_]) -> Ladder:
    """`scores` of the rows, and which of them are “yes” in truth."""
    order = np.argsort(-scores, kind="stable")
    falling = scores[order]
    ends = np.flatnonzero(np.r_[falling[1:] != falling[:-1], True])
    hits = np.cumsum(yes[order])[ends].astype(np.int64)
    return Ladder(falling[ends], hits, (ends + 1 - hits).astype(np.int64))


def thinned(x: Floats, y: Floats, most: int = MOST_POINTS) -> NDArray[np.intp]:
    """The places of at most `most` points that keep the shape: even steps along the line, each
    axis scaled to its own length; first and last always."""
    if len(x) <= most:
        return np.arange(len(x))
    steps = sum(np.abs(np.diff(v, prepend=v[0])) / (np.ptp(v) or 1.0) for v in (x, y))
    along = np.cumsum(steps)
    wanted = np.linspace(0, along[-1], most)
    return np.unique(np.r_[0, np.minimum(np.searchsorted(along, wanted), len(x) - 1), len(x) - 1])


def choose(ladder: Ladder, rule: Rule, costs: Costs | None) -> Choice:
    """The threshold that is best on these rows; of equal ones the highest.

    It lies halfway between the scores that it parts: rows to come rarely have just these.
    """
    worth = _worth(ladder, rule, costs)
    best = int(np.argmax(worth))
    half, never = at(ladder, HALF, costs), at(ladder, NEVER, costs)
    chosen = at(ladder, _between(ladder, best), costs)
    if costs is None or rule is not Rule.COST:
        return Choice(rule, chosen, half, never)
    assert chosen.cost is not None and half.cost is not None and never.cost is not None
    return Choice(rule, chosen, half, never, half.cost - chosen.cost, never.cost - chosen.cost)


def _worth(ladder: Ladder, rule: Rule, costs: Costs | None) -> Floats:
    """Of saying “yes” to nobody, then from each step on."""
    hits, alarms = np.r_[0, ladder.hits], np.r_[0, ladder.alarms]
    if rule is Rule.F1:
        return 2 * hits / np.maximum(ladder.yes + hits + alarms, 1)
    if rule is Rule.YOUDEN:
        return np.asarray(hits / max(ladder.yes, 1) - alarms / max(ladder.no, 1))
    assert costs is not None
    never = costs.miss * ladder.yes + costs.quiet * ladder.no
    return -np.r_[never, ladder.costs(costs)]


def _between(ladder: Ladder, steps: int) -> float:
    """A threshold that the first `steps` scores reach and the next does not."""
    if steps == 0:
        return NEVER
    upper = float(ladder.scores[steps - 1])
    if steps == len(ladder.scores):
        return 0.0 if upper >= 0 else upper
    lower = float(ladder.scores[steps])
    middle = (upper + lower) / 2
    return middle if lower < middle <= upper else upper


def at(ladder: Ladder, threshold: float, costs: Costs | None) -> AtThreshold:
    """What comes of a threshold, with its cost when costs are known."""
    found = ladder.at(threshold)
    return found if costs is None else replace(found, cost=found.priced(costs))
