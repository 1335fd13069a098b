"""What the calls say that lay runs side by side."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar.params import Parameter

from freemlops.api.schemas.evaluation import CurveOut, FigureOut, curve_out, figure_out
from freemlops.domain.evaluation.comparison import Drawn, Match, Measured, Rival, TrialCloud
from freemlops.i18n import Translator

Names = Annotated[list[str] | None, Parameter(query="run")]
Listed = Annotated[str, Parameter(query="runs", max_length=2000)]


class MeasuredOut(msgspec.Struct):
    """The best model of a run. `holdout` is the same for runs that were tested on the same rows
    of the same question; without `metrics`, `reason` says why."""

    run: str
    name: str
    candidate: str | None
    family: str | None
    rows: int
    holdout: int | None
    metrics: list[FigureOut]
    reason: str | None


class RivalOut(msgspec.Struct):
    """`ground`: same_rows, shared_rows (some were held out in both), other_rows, other_version,
    other_data, other_target, other_task. `lead`: by how much the leader is better on `rows`."""

    run: str
    ground: str
    rows: int
    p_leader_better: float | None
    tied: bool | None
    lead: float | None
    sentence: str


class FiguresOut(msgspec.Struct):
    metric: str
    leader: str | None
    runs: list[MeasuredOut]
    rivals: list[RivalOut]
    sentences: list[str]


class RunCurveOut(msgspec.Struct):
    run: str
    curve: CurveOut


class OverlayOut(msgspec.Struct):
    items: list[RunCurveOut]


class TriedOut(msgspec.Struct):
    """`score` is the mean of the folds, by the metric of the run."""

    number: int
    family: str
    score: float
    at_s: float
    fit_s: float
    params: dict[str, Any]


class RunTrialsOut(msgspec.Struct):
    """`left_out` trials have no score, or are not among the best 2,000."""

    run: str
    metric: str
    left_out: int
    trials: list[TriedOut]


class TrialsOut(msgspec.Struct):
    items: list[RunTrialsOut]


def asked_runs(run: Names = None, runs: Listed = "") -> tuple[str, ...]:
    """`?run=a&run=b`, or `?runs=a,b` as the page writes it."""
    return (*(run or ()), *(name for name in runs.split(",") if name))


def figures_out(found: tuple[Measured, ...], match: Match, t: Translator) -> FiguresOut:
    names = {m.run.id: f"“{m.run.spec.name or m.run.id}”" for m in found}
    circles = list(dict.fromkeys(m.circle for m in found if m.evaluation is not None))
    leader = names.get(match.leader or "", "")
    return FiguresOut(
        match.metric,
        match.leader,
        [_measured(m, circles, t) for m in found],
        [_rival(r, leader, names[r.run], t) for r in match.rivals],
        [t.text(s) for s in match.sentences(names)],
    )


def _measured(one: Measured, circles: list[Any], t: Translator) -> MeasuredOut:
    there = one.evaluation
    return MeasuredOut(
        run=one.run.id,
        name=one.run.spec.name,
        candidate=one.best.id if one.best else None,
        family=one.best.family if one.best else None,
        rows=there.rows if there else 0,
        holdout=circles.index(one.circle) + 1 if there else None,
        metrics=[figure_out(f, t) for f in there.figures] if there else [],
        reason=t.text(one.reason) if one.reason else None,
    )


def _rival(rival: Rival, leader: str, name: str, t: Translator) -> RivalOut:
    return RivalOut(
        rival.run,
        rival.ground.value,
        rival.rows,
        rival.p_better,
        rival.tied,
        rival.lead,
        t.text(rival.sentence(leader, name)),
    )


def overlay_out(name: str, found: tuple[Drawn, ...], t: Translator) -> OverlayOut:
    return OverlayOut([RunCurveOut(d.run, curve_out(name, d.curve, t)) for d in found])


def trials_out(found: tuple[TrialCloud, ...]) -> TrialsOut:
    return TrialsOut(
        [
            RunTrialsOut(
                c.run,
                c.metric,
                c.left_out,
                [
                    TriedOut(
                        s.trial.number,
                        s.trial.family,
                        s.score,
                        s.trial.at_s,
                        s.trial.fit_s,
                        dict(s.trial.params),
                    )
                    for s in c.trials
                ],
            )
            for c in found
        ]
    )
