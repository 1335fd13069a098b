"""Runs side by side, by a real warehouse; the answers are made up, the rows are not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from freemlops.domain.errors import InvalidError, NotFoundError
from freemlops.domain.evaluation.comparison import FEWEST_SHARED, MOST_TRIALS, Ground
from freemlops.domain.evaluation.curves import Calibration, Histogram, Roc
from freemlops.domain.run import Event, EventKind, RunStatus, Task, Trial
from freemlops.domain.words import Message
from freemlops.engine.evaluate import WORST
from freemlops.engine.reporter import fields
from freemlops.services.comparisons import ComparisonService
from freemlops.warehouse.warehouse import Warehouse
from tests.unit.services.test_evaluation import HELD, PRICE, ROWS, TRUTH, Lab, noisy

COIN = np.full(ROWS, 0.5) + np.random.default_rng(3).normal(0, 0.1, ROWS)


@pytest.fixture
def lab(warehouse: Warehouse, tmp_path: Path) -> Lab:
    return Lab(warehouse, tmp_path)


@pytest.fixture
def service(lab: Lab) -> ComparisonService:
    return ComparisonService(lab.warehouse, lab.service)


def run(lab: Lab, name: str, made: np.ndarray, rows: np.ndarray = HELD, **spec: Task) -> str:
    """A finished run whose best model answered `made` on `rows`."""
    task = spec.get("task", Task.BINARY)
    lab.run(task, name)
    lab.answer(name, "linear", made, rows)
    lab.warehouse.runs.update(name, best="linear")
    return name


def test_a_better_run_on_the_same_rows_is_better(lab: Lab, service: ComparisonService) -> None:
    poor, good = run(lab, "poor", COIN), run(lab, "good", noisy(1, 1))
    found = service.match(service.measured([poor, good]))
    assert (found.leader, found.metric, found.mixed) == (good, "roc_auc", False)
    (rival,) = found.rivals
    assert (rival.run, rival.ground, rival.rows) == (poor, Ground.SAME_ROWS, len(HELD))
    assert rival.tied is False
    assert rival.p_better == 1.0
    figures = {m.run.id: m.evaluation for m in service.measured([poor, good])}
    values = [figures[r].figure("roc_auc").value for r in (good, poor)]
    assert rival.lead == pytest.approx(values[0] - values[1])
    (told,) = found.sentences({good: "G", poor: "P"})
    assert told.english().startswith("G is better than P")
    assert "99 times in 100" in told.english(), "never sure"


def test_the_order_in_which_rows_were_held_out_does_not_matter(
    lab: Lab, service: ComparisonService
) -> None:
    one, two = run(lab, "one", noisy(1, 1)), run(lab, "two", noisy(1, 1), HELD[::-1])
    (rival,) = service.match(service.measured([one, two])).rivals
    assert (rival.ground, rival.tied, rival.lead) == (Ground.SAME_ROWS, True, 0)
    assert rival.p_better == 0.5


def test_runs_on_other_rows_are_compared_on_those_that_both_held_out(
    lab: Lab, service: ComparisonService
) -> None:
    good = run(lab, "good", noisy(1, 1), HELD[:1200])
    poor = run(lab, "poor", COIN, HELD[800:])
    (rival,) = service.match(service.measured([poor, good])).rivals
    assert (rival.run, rival.ground, rival.rows) == (good, Ground.SHARED_ROWS, 400)
    assert rival.tied is False and rival.lead is not None and rival.lead < 0
    told = rival.sentence("P", "G").english()
    assert "On the 400 rows that both held out G is better" in told
    assert rival.p_better is not None and rival.p_better < 0.02


def test_too_few_shared_rows_tell_nothing(lab: Lab, service: ComparisonService) -> None:
    one = run(lab, "one", noisy(1, 1), HELD[:1000])
    two = run(lab, "two", COIN, HELD[1000 - FEWEST_SHARED + 1 :])
    (rival,) = service.match(service.measured([one, two])).rivals
    assert (rival.ground, rival.p_better, rival.tied) == (Ground.OTHER_ROWS, None, None)
    assert "different rows" in rival.sentence("A", "B").english()


def test_too_few_rows_of_a_class_tell_nothing(lab: Lab, service: ComparisonService) -> None:
    rows = np.r_[np.flatnonzero(TRUTH == 0)[:100], np.flatnonzero(TRUTH == 1)[:5]]
    one, two = run(lab, "one", noisy(1, 1), rows), run(lab, "two", COIN, rows)
    (rival,) = service.match(service.measured([one, two])).rivals
    assert (rival.ground, rival.p_better, rival.tied) == (Ground.SAME_ROWS, None, None)
    assert "rarest class" in rival.sentence("A", "B").english()


def test_the_leader_is_of_the_most_runs_on_the_same_rows(
    lab: Lab, service: ComparisonService
) -> None:
    alone = run(lab, "alone", noisy(0.2, 1), HELD[:100])
    pair = [run(lab, "one", noisy(2, 1)), run(lab, "two", noisy(2, 2))]
    number = run(lab, "number", PRICE + 1, task=Task.REGRESSION)
    found = service.match(service.measured([number, alone, *pair]))
    assert found.leader in pair
    grounds = {r.run: r.ground for r in found.rivals}
    assert grounds[number] is Ground.OTHER_TASK
    assert grounds[alone] is Ground.SHARED_ROWS


def test_a_run_without_stored_answers_has_a_reason(lab: Lab, service: ComparisonService) -> None:
    good, bare = run(lab, "good", noisy(1, 1)), lab.run(Task.BINARY, "bare")
    found = {m.run.id: m for m in service.measured([good, bare])}
    assert found[bare].evaluation is None
    assert "without a model" in str(found[bare].reason)
    lab.warehouse.runs.update(bare, status=RunStatus.RUNNING)
    assert "still going on" in str(service.measured([bare])[0].reason)
    assert service.match(service.measured([bare])).leader is None
    assert service.match(service.measured([good, bare])).rivals == ()


def test_curves_come_for_each_run_or_a_reason(lab: Lab, service: ComparisonService) -> None:
    one = run(lab, "one", noisy(1, 1))
    number = run(lab, "number", PRICE + 1, task=Task.REGRESSION)
    first, second = service.overlay([one, number], "roc")
    assert isinstance(first.curve, Roc) and isinstance(second.curve, Message)
    first, second = service.overlay([one, number], "truth_by_answer")
    assert isinstance(first.curve, Message) and isinstance(second.curve, Calibration)
    assert sum(b.count for b in second.curve.bins) == len(HELD)
    for b in second.curve.bins:
        assert b.said == pytest.approx(b.happened + 1, abs=1e-9), "each answer is one too high"
    assert second.curve.error == pytest.approx(1)
    with pytest.raises(InvalidError):
        service.overlay([one], "confusion")


def test_residuals_have_the_same_edges(lab: Lab, service: ComparisonService) -> None:
    near = run(lab, "near", PRICE + 1, task=Task.REGRESSION)
    far = run(lab, "far", PRICE + np.linspace(-50, 50, ROWS), HELD[:500], task=Task.REGRESSION)
    a, b = (d.curve for d in service.overlay([near, far], "residuals"))
    assert isinstance(a, Histogram) and isinstance(b, Histogram)
    assert a.edges == b.edges
    assert (sum(a.counts[0]), sum(b.counts[0])) == (len(HELD), 500)


def test_trials_without_a_score_and_beyond_the_best_are_left_out(
    lab: Lab, service: ComparisonService
) -> None:
    name = lab.run(Task.BINARY, "searched")
    losses = [WORST, *np.linspace(0.5, 0.1, MOST_TRIALS + 5)]
    events = [
        Event(EventKind.TRIAL, float(n), fields(Trial(n, "linear", loss, 1.0, float(n))), n + 1)
        for n, loss in enumerate(losses)
    ]
    lab.warehouse.runs.add_events(name, events)
    (cloud,) = service.trials([name])
    assert (cloud.metric, len(cloud.trials), cloud.left_out) == ("roc_auc", MOST_TRIALS, 6)
    numbers = [s.trial.number for s in cloud.trials]
    assert numbers == list(range(6, MOST_TRIALS + 6)), "the best, in their order"
    assert cloud.trials[-1].score == pytest.approx(0.9)


def test_what_makes_no_sense_is_refused(lab: Lab, service: ComparisonService) -> None:
    one = run(lab, "one", noisy(1, 1))
    with pytest.raises(InvalidError):
        service.match(service.measured([one]), "rmse")
    with pytest.raises(InvalidError):
        service.measured([])
    with pytest.raises(InvalidError):
        service.measured([f"run_{n}" for n in range(9)])
    with pytest.raises(NotFoundError):
        service.trials([one, "run_x"])
