"""What the evaluation calls say."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar.params import Parameter

from freemlops.domain.errors import InvalidError
from freemlops.domain.evaluation.curves import Curve
from freemlops.domain.evaluation.figures import Evaluation, Figure
from freemlops.domain.evaluation.groups import GroupFigure, GroupReport
from freemlops.domain.evaluation.measures import MEASURES
from freemlops.domain.evaluation.mistakes import Cluster, Mistake, Mistakes
from freemlops.domain.evaluation.threshold import AtThreshold, Choice, Costs, Thresholds
from freemlops.domain.words import Message
from freemlops.i18n import Translator

Probability = Annotated[float, Parameter(ge=0, le=1)]
Name = Annotated[str, Parameter(max_length=500)]


class FigureOut(msgspec.Struct):
    """`value` is null when the metric has no meaning here; `note` says why, or why there is no
    interval (`low`, `high`: 95%). `baseline`: the same of always one answer."""

    metric: str
    title: str
    about: str
    higher_is_better: bool
    value: float | None
    low: float | None
    high: float | None
    baseline: float | None
    note: str | None


class EvaluationOut(msgspec.Struct):
    """`rows` were held out; the intervals come from `sampled` of them."""

    run: str
    candidate: str
    task: str
    rows: int
    sampled: int
    classes: list[str]
    metrics: list[FigureOut]


class CurveOut(msgspec.Struct):
    """`data` by the name of the curve; null when there is none, and `reason` says why. `binned`:
    points stand for several rows each."""

    name: str
    rows: int
    binned: bool
    data: dict[str, Any] | None
    reason: str | None


class AtThresholdOut(msgspec.Struct):
    threshold: float
    hits: int
    false_alarms: int
    misses: int
    quiet: int
    precision: float | None
    recall: float | None
    specificity: float | None
    f1: float | None
    accuracy: float | None
    said_yes: float | None
    cost: float | None


class ChoiceOut(msgspec.Struct):
    rule: str
    best: AtThresholdOut
    half: AtThresholdOut
    never: AtThresholdOut
    saves_over_half: float | None
    saves_over_never: float | None


class ThresholdsOut(msgspec.Struct):
    """`label` is the class that “yes” stands for."""

    label: str
    asked: AtThresholdOut | None
    choices: list[ChoiceOut]
    reason: str | None


class GroupOut(msgspec.Struct):
    """`group` is empty for rows without a value. `apart`: differs by more than chance."""

    group: str
    rows: int
    value: float | None
    low: float | None
    high: float | None
    p: float | None
    apart: bool
    said_yes: float | None
    recall: float | None
    false_alarms: float | None
    note: str | None


class GroupsOut(msgspec.Struct):
    """`parity` and `odds` are the demographic parity and equalised odds ratios."""

    column: str
    metric: str
    rows: int
    left_out: int
    overall: float | None
    groups: list[GroupOut]
    parity: float | None
    odds: float | None
    reason: str | None


class MistakeOut(msgspec.Struct):
    row: int
    truth: str | float
    said: str | float
    error: float
    message: str
    values: dict[str, Any]


class ClusterOut(msgspec.Struct):
    conditions: list[dict[str, Any]]
    rows: int
    wrong: int | None
    error: float
    overall: float
    p: float
    message: str


class MistakesOut(msgspec.Struct):
    rows: int
    worst: list[MistakeOut]
    clusters: list[ClusterOut]
    note: str | None


class RowsOut(msgspec.Struct):
    items: list[MistakeOut]


def costs(
    miss: float | None = None,
    false_alarm: float | None = None,
    hit: float = 0.0,
    quiet: float = 0.0,
) -> Costs | None:
    """What each kind of answer costs, from the query; none when neither mistake has a price."""
    if miss is None and false_alarm is None:
        return None
    if miss is None or false_alarm is None:
        raise InvalidError("Say what a miss and a false alarm cost.")
    return Costs(miss, false_alarm, hit, quiet)


def evaluation_out(found: Evaluation, t: Translator) -> EvaluationOut:
    return EvaluationOut(
        found.run,
        found.candidate,
        found.task.value,
        found.rows,
        found.sampled,
        list(found.classes),
        [figure_out(f, t) for f in found.figures],
    )


def figure_out(figure: Figure, t: Translator) -> FigureOut:
    metric = MEASURES[figure.name]
    return FigureOut(
        figure.name,
        t.text(metric.title),
        t.text(metric.about),
        metric.higher_is_better,
        figure.value,
        figure.low,
        figure.high,
        figure.baseline,
        _note(figure.note, t),
    )


def curve_out(name: str, found: Curve | Message, t: Translator) -> CurveOut:
    if isinstance(found, Message):
        return CurveOut(name, 0, False, None, t.text(found))
    return CurveOut(name, found.rows, found.binned, msgspec.to_builtins(found), None)


def thresholds_out(found: Thresholds | Message, t: Translator) -> ThresholdsOut:
    if isinstance(found, Message):
        return ThresholdsOut("", None, [], t.text(found))
    choices = [_choice(c) for c in found.choices]
    return ThresholdsOut(found.label, _at(found.asked), choices, None)


def _choice(choice: Choice) -> ChoiceOut:
    return ChoiceOut(
        choice.rule.value,
        _at(choice.best),
        _at(choice.half),
        _at(choice.never),
        choice.saves_over_half,
        choice.saves_over_never,
    )


def _at(at: AtThreshold) -> AtThresholdOut:
    return AtThresholdOut(**{n: getattr(at, n) for n in AtThresholdOut.__struct_fields__})


def groups_out(column: str, metric: str, found: GroupReport | Message, t: Translator) -> GroupsOut:
    if isinstance(found, Message):
        return GroupsOut(column, metric, 0, 0, None, [], None, None, t.text(found))
    fairness = found.fairness
    return GroupsOut(
        found.column,
        found.metric,
        found.rows,
        found.left_out,
        found.overall,
        [_group(g, t) for g in found.groups],
        fairness.parity if fairness else None,
        fairness.odds if fairness else None,
        None,
    )


def _group(group: GroupFigure, t: Translator) -> GroupOut:
    plain = {n: getattr(group, n) for n in GroupOut.__struct_fields__[2:-1]}
    return GroupOut(group=group.label, rows=group.count, note=_note(group.note, t), **plain)


def mistakes_out(found: Mistakes, t: Translator) -> MistakesOut:
    return MistakesOut(
        found.rows,
        [mistake_out(m, t) for m in found.worst],
        [_cluster(c, t) for c in found.clusters],
        _note(found.note, t),
    )


def mistake_out(mistake: Mistake, t: Translator) -> MistakeOut:
    return MistakeOut(
        mistake.row,
        mistake.truth,
        mistake.said,
        mistake.error,
        t.text(mistake.message()),
        dict(mistake.values),
    )


def _cluster(cluster: Cluster, t: Translator) -> ClusterOut:
    return ClusterOut(
        [msgspec.to_builtins(c) for c in cluster.conditions],
        cluster.rows,
        cluster.wrong,
        cluster.error,
        cluster.overall,
        cluster.p,
        t.text(cluster.message(t.text)),
    )


def _note(message: Message | None, t: Translator) -> str | None:
    return None if message is None else t.text(message)
