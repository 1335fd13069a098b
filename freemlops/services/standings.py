"""Who is apart from the best of a run, by the holdout or, where that is too small, by the folds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from freemlops.domain.evaluation.ties import Source, Standing, Ties, recommend
from freemlops.domain.metric import METRICS
from freemlops.domain.ranking import SURE, p_better, rank, tied
from freemlops.domain.run import Candidate, Run
from freemlops.engine.evaluation.answers import Answers
from freemlops.engine.evaluation.figures import Scorer
from freemlops.engine.evaluation.folds import corrected_t


def standings(
    run: Run,
    candidates: Sequence[Candidate],
    scorer: Scorer | None,
    stored: Sequence[str],
    read: Callable[[str], Answers],
) -> Ties:
    """`scorer` is None when the holdout can't tell; `stored` are those that `read` has."""
    metric = run.spec.metric
    board = rank(candidates, metric, run.best)
    if not board:
        return Ties(run.id, metric, None, Source.NOTHING, (), None, None)
    best, others = board[0], board[1:]
    if scorer is not None and best.id in stored:
        source = Source.HOLDOUT
        told = _by_holdout(metric, best, others, scorer, stored, read)
    else:
        told = _by_folds(run, best, others)
        source = Source.FOLDS if any(p is not None for p, _ in told.values()) else Source.NOTHING
    equals = [c for c in others if told[c.id][1]]
    chosen, reason = recommend(best, equals)
    name = chosen.id if chosen else None
    rows = [Standing(best.id, False, None, best.id == name)]
    rows += [Standing(c.id, told[c.id][1], told[c.id][0], c.id == name) for c in others]
    return Ties(run.id, metric, best.id, source, tuple(rows), name, reason)


def _by_holdout(
    metric: str,
    best: Candidate,
    others: Sequence[Candidate],
    scorer: Scorer,
    stored: Sequence[str],
    read: Callable[[str], Answers],
) -> Mapping[str, tuple[float | None, bool]]:
    """Of each the probability that the best is better, and whether that is too little."""
    higher = METRICS[metric].higher_is_better
    lead = [float(v) for v in scorer.resamples(metric, read(best.id))]
    told: dict[str, tuple[float | None, bool]] = {}
    for other in others:
        answers = read(other.id) if other.id in stored else None
        if answers is None or answers.trouble is not None:
            told[other.id] = None, False
            continue
        own = [float(v) for v in scorer.resamples(metric, answers)]
        told[other.id] = (
            p_better(lead, own, higher_is_better=higher),
            tied(lead, own, higher_is_better=higher),
        )
    return told


def _by_folds(
    run: Run, best: Candidate, others: Sequence[Candidate]
) -> Mapping[str, tuple[float | None, bool]]:
    higher = METRICS[run.spec.metric].higher_is_better
    split = run.plan.get("split")
    folds = int(split.get("folds", 0)) if isinstance(split, dict) else 0
    told: dict[str, tuple[float | None, bool]] = {}
    for other in others:
        p = corrected_t(best.folds, other.folds, folds, higher_is_better=higher)
        told[other.id] = p, p is None or p < SURE
    return told
