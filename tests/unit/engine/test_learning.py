"""The learning curve: the winner's settings on fewer rows, tested on the same holdout."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pytest

from freemlops.domain.learning import LearningCurve, LearningPoint, would_more_help
from freemlops.domain.run import Event, EventKind, Score, Split, SplitKind, Task
from freemlops.domain.splits import SplitPlan
from freemlops.engine import learning
from freemlops.engine.cut import eighths
from freemlops.engine.families import FAMILIES

from .conftest import MakeJob, mixed_table
from .test_cut import classes, values
from .test_train import of_kind, run

pytestmark = pytest.mark.filterwarnings("ignore")


def curve_of(events: list[Event]) -> LearningCurve:
    (sent,) = of_kind(events, EventKind.LEARNING)
    return msgspec.convert(sent.data, LearningCurve)


def board_score(events: list[Event], candidate: str, metric: str) -> dict[str, Any]:
    sent = [e for e in of_kind(events, EventKind.CANDIDATE) if e.data["id"] == candidate]
    found: dict[str, Any] = sent[-1].data["holdout"][metric]
    return found


@pytest.mark.parametrize("task", [Task.BINARY, Task.REGRESSION])
def test_the_last_point_is_the_winner_of_the_board(make_job: MakeJob, task: Task) -> None:
    events = run(make_job(mixed_table(600), task, max_trials=2))
    done, made = events[-1].data, curve_of(events)
    assert done["status"] == "finished"
    assert made.candidate == done["best"]
    rows = [p.rows for p in made.points]
    assert rows == [60, 120, 240, 480]
    score = board_score(events, made.candidate, made.metric)
    assert made.points[-1].score.value == pytest.approx(score["value"])
    assert made.points[0].ahead is None
    assert all(0 <= p.ahead <= 1 for p in made.points[1:] if p.ahead is not None)
    assert "rows" in done["receipt"]["parts"]


def test_of_a_pattern_that_takes_rows_to_learn_more_would_help(make_job: MakeJob) -> None:
    random = np.random.default_rng(0)
    x = random.normal(size=(600, 12))
    y = x @ random.normal(size=12) + random.normal(size=600)
    table = pa.table({**{f"n{i}": x[:, i] for i in range(12)}, "valor": y})
    made = curve_of(run(make_job(table, Task.REGRESSION, max_trials=2)))
    errors = [p.score.value for p in made.points]
    assert errors == sorted(errors, reverse=True)
    assert made.points[-1].ahead is not None
    assert made.points[-1].ahead > 0.9


def test_the_seed_gives_the_same_curve(make_job: MakeJob) -> None:
    job = [make_job(mixed_table(300), Task.BINARY, max_trials=1) for _ in range(2)]
    one, other = (curve_of(run(j)) for j in job)
    assert one == other


def test_without_time_the_receipt_says_so(
    make_job: MakeJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learning, "refit_cost", lambda _best: 1e9)
    events = run(make_job(mixed_table(240), Task.BINARY, max_trials=1))
    assert not of_kind(events, EventKind.LEARNING)
    said = [m["template"] for m in events[-1].data["receipt"]["left_out"]]
    assert any("fewer rows" in line for line in said)
    assert events[-1].data["status"] == "finished"


def test_a_fit_that_fails_on_few_rows_costs_the_curve_only(
    make_job: MakeJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = mixed_table(300)
    for name, family in list(FAMILIES.items()):
        monkeypatch.setitem(FAMILIES, name, _Fragile(family, least=121))
    events = run(make_job(table, Task.BINARY, max_trials=1))
    assert events[-1].data["status"] == "finished"
    assert events[-1].data["best"]
    assert not of_kind(events, EventKind.LEARNING)
    (line,) = (m for m in events[-1].data["receipt"]["left_out"] if "fewer rows" in m["template"])
    assert "too few" in line["params"]["problem"]


class _Fragile:
    """A family that refuses tables of few rows."""

    def __init__(self, family: Any, least: int) -> None:
        self._family, self._least = family, least

    def __getattr__(self, name: str) -> Any:
        return getattr(self._family, name)

    def fit(self, params: Any, x: Any, *rest: Any) -> Any:
        if len(x) < self._least:
            raise ValueError("too few")
        return self._family.fit(params, x, *rest)


def test_thirty_rows_are_too_few_for_a_curve(make_job: MakeJob) -> None:
    events = run(make_job(mixed_table(36), Task.REGRESSION, max_trials=1))
    assert events[-1].data["status"] == "finished"
    assert not of_kind(events, EventKind.LEARNING)


def test_a_split_by_group_has_a_curve_too(make_job: MakeJob) -> None:
    table = mixed_table(600)
    split = Split(SplitKind.GROUP, "label")
    events = run(make_job(table, Task.BINARY, max_trials=1, split=split))
    made = curve_of(events)
    assert made.points[-1].rows == of_kind(events, EventKind.PLAN)[0].data["develop_rows"]


def test_eighths_share_out_classes_keep_groups_and_begin_with_the_latest() -> None:
    plan = SplitPlan(SplitKind.RANDOM, 0.2, 5)
    y = [0] * 80 + [1] * 16
    part = eighths(plan, classes(y), None, 0)
    for place in range(8):
        assert np.bincount(np.array(y)[part == place]).tolist() == [10, 2]
    group = np.repeat(np.arange(40), 5).astype(np.float64)
    part = eighths(SplitPlan(SplitKind.GROUP, 0.2, 5), values(200), group, 0)
    assert all(len(set(part[group == g])) == 1 for g in range(40))
    assert np.bincount(part).tolist() == [25] * 8
    part = eighths(SplitPlan(SplitKind.TIME, 0.2, 5), values(80), np.arange(80.0), 0)
    assert (part[70:] == 0).all()
    assert (part[:10] == 7).all()


def curve(metric: str, values: list[float], ahead: float | None) -> LearningCurve:
    points = [LearningPoint(100 * 2**i, Score(v, v, v)) for i, v in enumerate(values)]
    last = LearningPoint(points[-1].rows, points[-1].score, ahead)
    return LearningCurve("a", metric, (*points[:-1], last))


@pytest.mark.parametrize(
    ("made", "helps"),
    [
        (curve("roc_auc", [0.7, 0.8], 0.99), True),
        (curve("roc_auc", [0.7, 0.8], 0.9), False),
        (curve("roc_auc", [0.8, 0.8001], 1.0), False),
        (curve("roc_auc", [0.8, 0.7], 0.0), False),
        (curve("rmse", [9.0, 5.0], 1.0), True),
        (curve("rmse", [5.0, 9.0], 0.0), False),
        (curve("rmse", [9.0, 5.0], None), False),
    ],
)
def test_more_rows_are_advised_only_where_the_last_ones_surely_helped(
    made: LearningCurve, helps: bool
) -> None:
    told = would_more_help(made)
    assert ("still got better" in told.template) == helps
    assert told.params["rows"] == made.points[-1].rows
