"""Runs side by side: what their best models are worth, and who is really ahead."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Hashable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from freemlops.domain.errors import InvalidError, NotFoundError
from freemlops.domain.evaluation.comparison import (
    FEWEST_SHARED,
    MOST_RUNS,
    OVERLAYS,
    Drawn,
    Ground,
    Match,
    Measured,
    Rival,
    Scored,
    TrialCloud,
    apart,
    best_scored,
    leader_of,
    main_circle,
)
from freemlops.domain.evaluation.curves import Curve
from freemlops.domain.metric import METRICS
from freemlops.domain.ranking import p_better, tied
from freemlops.domain.run import Candidate, Run
from freemlops.domain.words import Message, say
from freemlops.engine.evaluate import WORST, Judge, to_score
from freemlops.engine.evaluation.answers import Answers
from freemlops.engine.evaluation.figures import Scorer
from freemlops.engine.evaluation.number_curves import residual_histograms
from freemlops.services.evaluation import EvaluationService
from freemlops.services.kept import Kept
from freemlops.warehouse.warehouse import Warehouse

KEPT_RIVALS: Final = 512
_OTHER_TASK: Final = say("This picture does not fit the question that the run answers.")


class ComparisonService:
    """Blocking and thread-safe. A call takes up to `MOST_RUNS` runs, in the order asked, each
    once; raises `InvalidError` for none or too many and `NotFoundError` for an unknown one. What
    a run has not is told by a `Message` in its place."""

    def __init__(self, warehouse: Warehouse, evaluation: EvaluationService) -> None:
        self._runs = warehouse.runs
        self._search = warehouse.run_search
        self._evaluation = evaluation
        self._rivals = Kept(KEPT_RIVALS)

    def measured(self, runs: Sequence[str]) -> tuple[Measured, ...]:
        """Each run's best model with all the metrics of its task."""
        known = self._known(runs)
        best = self._search.leaders([r.id for r in known])
        return tuple(self._measure(run, best.get(run.id)) for run in known)

    def match(self, found: Sequence[Measured], metric: str | None = None) -> Match:
        """Who leads of those that `measured` found, by the metric (default: the leader's circle's
        first run's), and by how sure.

        Raises `InvalidError` for a metric that is not of the task.
        """
        circle = main_circle(found)
        if not circle:
            return Match(metric or "", None, ())
        spec = circle[0].run.spec
        chosen = metric or spec.metric
        if chosen not in METRICS or spec.task not in METRICS[chosen].tasks:
            raise InvalidError("There is no metric “{metric}” for this task.", metric=chosen)
        higher = METRICS[chosen].higher_is_better
        leader = leader_of(circle, chosen, higher_is_better=higher)
        others = [m for m in found if m.evaluation is not None and m is not leader]
        rivals = tuple(self._rival(leader, other, chosen) for other in others)
        compared = [leader, *(o for o, r in zip(others, rivals, strict=True) if r.rows)]
        mixed = len({m.run.spec.metric for m in compared}) > 1
        return Match(chosen, leader.run.id, rivals, mixed)

    def overlay(self, runs: Sequence[str], name: str) -> tuple[Drawn, ...]:
        """One of `OVERLAYS` for each run. Raises `InvalidError` for another name."""
        if not any(name in names for names in OVERLAYS.values()):
            raise InvalidError(
                "There is no curve “{name}” for this task. There are: {names}.",
                name=name,
                names=", ".join(dict.fromkeys(n for names in OVERLAYS.values() for n in names)),
            )
        found = self.measured(runs)
        if name == "residuals":
            return self._residuals(found)
        return tuple(Drawn(m.run.id, self._curve(m, name)) for m in found)

    def trials(self, runs: Sequence[str]) -> tuple[TrialCloud, ...]:
        """What each run tried, with its score on the folds by the run's metric."""
        return tuple(self._cloud(run) for run in self._known(runs))

    def _known(self, runs: Sequence[str]) -> tuple[Run, ...]:
        asked = tuple(dict.fromkeys(runs))
        if not 1 <= len(asked) <= MOST_RUNS:
            raise InvalidError("Name one to {most} runs to compare.", most=MOST_RUNS)
        found = self._runs.many(asked)
        if missing := set(asked) - {r.id for r in found}:
            raise NotFoundError("There is no run “{run}”.", run=min(missing))
        return found

    def _measure(self, run: Run, best: Candidate | None) -> Measured:
        if best is None:
            reason = (
                say("The training ended without a model.")
                if run.status.is_over
                else say("There is no model yet: the training is still going on.")
            )
            return Measured(run, None, None, reason)
        try:
            evaluation = self._evaluation.evaluation(run.id, best.id)
            answers = self._evaluation.read(run, best.id)
        except NotFoundError as error:
            return Measured(run, best, None, error.message)
        if answers.trouble is not None:
            return Measured(run, best, None, answers.trouble)
        return Measured(run, best, evaluation, None, _circle(run, answers))

    def _rival(self, leader: Measured, other: Measured, metric: str) -> Rival:
        assert leader.evaluation is not None and other.evaluation is not None
        why = apart(leader.evaluation, other.evaluation, leader.run, other.run)
        if why is not None:
            return Rival(other.run.id, why)
        first = leader.run, leader.evaluation.candidate
        second = other.run, other.evaluation.candidate
        key = (leader.run.id, first[1], other.run.id, second[1], metric)
        return self._rivals.get(key, lambda: self._duel(first, second, metric))

    def _duel(self, first: tuple[Run, str], second: tuple[Run, str], metric: str) -> Rival:
        """On the rows that both held out: neither has seen them."""
        a, b = self._evaluation.read(*first), self._evaluation.read(*second)
        run, rival = first[0], second[0].id
        judge: Judge | None = None
        if np.array_equal(a.rows, b.rows):
            ground, judge = Ground.SAME_ROWS, self._evaluation.judge(run, a)
        else:
            shared = np.intersect1d(a.rows, b.rows)
            same = len(shared) == a.count == b.count
            ground = Ground.SAME_ROWS if same else Ground.SHARED_ROWS
            if not same and len(shared) < FEWEST_SHARED:
                return Rival(rival, Ground.OTHER_ROWS)
            a, b = a.take(_places(a.rows, shared)), b.take(_places(b.rows, shared))
            judge = Judge(run.spec.task, a.y, run.spec.seed)
        if judge.is_blind:
            return Rival(rival, ground, a.count)
        return _told(rival, ground, metric, Scorer(judge), a, b)

    def _curve(self, measured: Measured, name: str) -> Curve | Message:
        run, evaluation = measured.run, measured.evaluation
        if evaluation is None:
            return measured.reason or say("The training ended without a model.")
        if name not in OVERLAYS[run.spec.task]:
            return _OTHER_TASK
        return self._evaluation.curve(run.id, evaluation.candidate, name)

    def _residuals(self, found: Sequence[Measured]) -> tuple[Drawn, ...]:
        """Between the same edges for all."""
        read = {
            m.run.id: self._evaluation.read(m.run, m.evaluation.candidate)
            for m in found
            if m.evaluation is not None and not m.run.spec.task.is_classification
        }
        made = dict(zip(read, residual_histograms(list(read.values())), strict=True))
        return tuple(Drawn(m.run.id, made.get(m.run.id) or m.reason or _OTHER_TASK) for m in found)

    def _cloud(self, run: Run) -> TrialCloud:
        metric = run.spec.metric
        trials = self._runs.trials(run.id)
        scored = [
            Scored(t, to_score(metric, t.loss))
            for t in trials
            if math.isfinite(t.loss) and t.loss < WORST
        ]
        higher = METRICS[metric].higher_is_better
        kept = best_scored(scored, higher_is_better=higher)
        return TrialCloud(run.id, metric, kept, len(trials) - len(kept))


def _circle(run: Run, answers: Answers) -> Hashable:
    """Equal for runs of the same question that held out the same rows."""
    spec = run.spec
    rows = hashlib.sha256(np.sort(answers.rows).tobytes()).hexdigest()
    return spec.dataset, spec.version, spec.target, spec.task, answers.classes, rows


def _places(rows: NDArray[np.int64], wanted: NDArray[np.int64]) -> NDArray[np.intp]:
    """Where each of the wanted rows, sorted, stands in `rows`."""
    order = np.argsort(rows)
    return order[np.searchsorted(rows, wanted, sorter=order)]


def _told(rival: str, ground: Ground, metric: str, scorer: Scorer, a: Answers, b: Answers) -> Rival:
    """Of the same rows in the same order. On other rows than its own the leader may be behind."""
    higher = METRICS[metric].higher_is_better
    ours, theirs = ([float(v) for v in scorer.resamples(metric, x)] for x in (a, b))
    equal = tied(ours, theirs, higher_is_better=higher) and tied(
        theirs, ours, higher_is_better=higher
    )
    values = [scorer.figures((metric,), x, None)[0].value for x in (a, b)]
    lead = None
    if values[0] is not None and values[1] is not None:
        lead = (values[0] - values[1]) * (1 if higher else -1)
    p = p_better(ours, theirs, higher_is_better=higher)
    return Rival(rival, ground, a.count, p, equal, lead)
