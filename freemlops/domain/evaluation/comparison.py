"""The best models of several runs side by side: which can be compared, and who is really ahead."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from freemlops.domain.evaluation.curves import Curve
from freemlops.domain.evaluation.figures import Evaluation
from freemlops.domain.run import Candidate, Run, Task, Trial
from freemlops.domain.words import N_, Message, Param, say

MOST_RUNS: Final = 8
"""More lines in one picture can't be told apart."""
FEWEST_SHARED: Final = 30
"""Fewer rows that both held out tell nothing."""
MOST_TRIALS: Final = 2000
"""Of each run, the best ones."""
OVERLAYS: Final = {
    Task.BINARY: ("roc", "precision_recall", "calibration", "gain"),
    Task.MULTICLASS: ("calibration",),
    Task.REGRESSION: ("truth_by_answer", "residuals", "errors"),
}
"""Curves of each task that can be laid over one another."""


class Ground(StrEnum):
    """What two runs were tested on, seen together."""

    SAME_ROWS = "same_rows"
    SHARED_ROWS = "shared_rows"  # some rows were held out in both
    OTHER_ROWS = "other_rows"
    OTHER_VERSION = "other_version"
    OTHER_DATA = "other_data"
    OTHER_TARGET = "other_target"
    OTHER_TASK = "other_task"  # or other classes


@dataclass(frozen=True, slots=True)
class Measured:
    """A run and its best model on the run's own holdout. `reason` says why there is no
    `evaluation`; `circle` is equal for runs that held out the same rows of the same question."""

    run: Run
    best: Candidate | None
    evaluation: Evaluation | None
    reason: Message | None
    circle: Hashable = None


@dataclass(frozen=True, slots=True)
class Rival:
    """A run beside the leader. `rows` are those both were tested on; `p_better` is the
    probability that the leader is really better, `lead` by how much it is on those rows
    (negative: behind). None where the rows can't tell."""

    run: str
    ground: Ground
    rows: int = 0
    p_better: float | None = None
    tied: bool | None = None
    lead: float | None = None

    def sentence(self, leader: str, rival: str) -> Message:
        """In words, for these names of the two."""
        if self.ground is Ground.SAME_ROWS:
            return self._tested(leader, rival)
        if self.ground is Ground.SHARED_ROWS:
            return self._shared(leader, rival)
        return say(_APART[self.ground], leader=leader, rival=rival)

    def _tested(self, leader: str, rival: str) -> Message:
        names: dict[str, Param] = {"leader": leader, "rival": rival, "rows": self.rows}
        if self.p_better is None or self.tied is None:
            return say(
                "{leader} and {rival} were tested on the same {rows} rows, but too few of them are "
                "of the rarest class to tell the two apart.",
                **names,
            )
        if self.tied:
            return say(
                "{leader} and {rival} can't be told apart: on the same {rows} rows {leader} is "
                "ahead {sure} times in 100.",
                **names,
                sure=_sure(self.p_better),
            )
        return say(
            "{leader} is better than {rival} by more than chance: on the same {rows} rows it is "
            "ahead {sure} times in 100.",
            **names,
            sure=_sure(self.p_better),
        )

    def _shared(self, leader: str, rival: str) -> Message:
        names: dict[str, Param] = {"leader": leader, "rival": rival, "rows": self.rows}
        if self.p_better is None or self.tied is None or self.lead is None:
            return say(
                "{leader} and {rival} were tested on different rows. Both held out {rows} rows, "
                "but too few of them are of the rarest class to tell the two apart.",
                **names,
            )
        if self.tied:
            return say(
                "{leader} and {rival} were tested on different rows. On the {rows} rows that both "
                "held out they can't be told apart: {leader} is ahead {sure} times in 100.",
                **names,
                sure=_sure(self.p_better),
            )
        first = self.lead > 0
        return say(
            "{leader} and {rival} were tested on different rows. On the {rows} rows that both held "
            "out {better} is better by more than chance: ahead {sure} times in 100.",
            **names,
            better=leader if first else rival,
            sure=_sure(self.p_better if first else 1 - self.p_better),
        )


_APART: Final = {
    Ground.OTHER_ROWS: N_(
        "{rival} can't be compared with {leader}: they were tested on different rows, and no "
        "figure here says which is better. Train both with the same seed and split."
    ),
    Ground.OTHER_VERSION: N_(
        "{rival} can't be compared with {leader}: it was tested on another version of the data, so "
        "on other rows. A higher figure may only mean easier rows."
    ),
    Ground.OTHER_DATA: N_(
        "{rival} can't be compared with {leader}: it was trained and tested on another dataset."
    ),
    Ground.OTHER_TARGET: N_("{rival} can't be compared with {leader}: it predicts another column."),
    Ground.OTHER_TASK: N_(
        "{rival} can't be compared with {leader}: it answers another kind of question."
    ),
}


@dataclass(frozen=True, slots=True)
class Match:
    """`leader` is the best, by `metric`, of those that were tested on the same rows as most;
    None when nothing could be measured. `mixed` when runs were trained by different metrics."""

    metric: str
    leader: str | None
    rivals: tuple[Rival, ...]
    mixed: bool = False

    def sentences(self, names: Mapping[str, str]) -> tuple[Message, ...]:
        """Who can be compared with whom and who is ahead; `names` of the runs."""
        if self.leader is None:
            return ()
        if not self.rivals:
            return (say("Only one of them was measured, so there is nothing to compare."),)
        told = [r.sentence(names[self.leader], names[r.run]) for r in self.rivals]
        if self.mixed:
            told.append(
                say("They were trained by different metrics: each leads easiest by its own.")
            )
        return tuple(told)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A run's curve, or why it has none."""

    run: str
    curve: Curve | Message


@dataclass(frozen=True, slots=True)
class Scored:
    """A trial with its score, by the metric of its run, on the folds."""

    trial: Trial
    score: float


@dataclass(frozen=True, slots=True)
class TrialCloud:
    """The trials of a run in their order; `left_out` are not in it: without a score, or beyond
    `MOST_TRIALS`."""

    run: str
    metric: str
    trials: tuple[Scored, ...]
    left_out: int = 0


def main_circle(found: Sequence[Measured]) -> list[Measured]:
    """The largest set of measured runs that were tested on the same rows; of equals the first."""
    circles: dict[Hashable, list[Measured]] = {}
    for one in found:
        if one.evaluation is not None:
            circles.setdefault(one.circle, []).append(one)
    return max(circles.values(), key=len, default=[])


def leader_of(circle: Sequence[Measured], metric: str, *, higher_is_better: bool) -> Measured:
    """The best by the metric; of equals the first, one without the figure last."""
    sign = 1.0 if higher_is_better else -1.0

    def value(one: Measured) -> float:
        figure = one.evaluation.figure(metric) if one.evaluation else None
        known = figure.value if figure is not None else None
        return float("-inf") if known is None else sign * known

    return max(circle, key=value)


def apart(first: Evaluation, second: Evaluation, one: Run, other: Run) -> Ground | None:
    """Why the two can't be compared, before any look at their rows; None when they may be."""
    a, b = one.spec, other.spec
    if a.task is not b.task:
        return Ground.OTHER_TASK
    if a.dataset != b.dataset:
        return Ground.OTHER_DATA
    if a.target != b.target:
        return Ground.OTHER_TARGET
    if a.version != b.version:
        return Ground.OTHER_VERSION
    return Ground.OTHER_TASK if first.classes != second.classes else None


def best_scored(trials: Sequence[Scored], *, higher_is_better: bool) -> tuple[Scored, ...]:
    """At most `MOST_TRIALS`, the best, in the order in which they were tried."""
    sign = -1.0 if higher_is_better else 1.0
    kept = sorted(trials, key=lambda s: sign * s.score)[:MOST_TRIALS]
    return tuple(sorted(kept, key=lambda s: s.trial.number))


def _sure(p: float) -> int:
    """In 100, never all of them: resamples promise nothing."""
    return min(99, round(100 * p))
