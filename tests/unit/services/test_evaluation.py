"""Evaluation of stored answers, by a real warehouse; the answers are made up, the rows are not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from freemlops.domain.errors import InvalidError, NotFoundError
from freemlops.domain.evaluation.curves import MOST_POINTS, Density, ResidualsBy
from freemlops.domain.evaluation.groups import GroupReport
from freemlops.domain.evaluation.mistakes import Condition, Relation
from freemlops.domain.evaluation.threshold import Costs, Rule, Thresholds
from freemlops.domain.evaluation.ties import Source
from freemlops.domain.run import (
    Task,
)
from freemlops.domain.words import Message
from freemlops.i18n import translator
from freemlops.i18n.phrases import group_name
from tests.unit.services.evaluation_lab import (
    CITY,
    HARD,
    HELD,
    NEW,
    PRICE,
    RANDOM,
    ROWS,
    TRUTH,
    Lab,
    noisy,
)


def test_the_clusters_say_where_it_is_wrong(lab: Lab, binary: str) -> None:
    """The mistakes were put where the city is Recife and the age is missing; it finds just that."""
    found = lab.service.mistakes(binary, "lightgbm")
    first = found.clusters[0]
    assert {(c.column, c.relation, c.value) for c in first.conditions} == {
        ("city", Relation.IS, "Recife"), ("age", Relation.MISSING, None),
    }  # fmt: skip
    assert first.rows == int(HARD[HELD].sum())
    assert first.error > 2 * first.overall
    assert "city is Recife" in first.message(Message.english).english()
    assert len(found.worst) == 10
    for mistake in found.worst:
        assert mistake.values["city"] == CITY[mistake.row]
        assert mistake.truth == mistake.values["yes"] != mistake.said


def test_truths_are_told_in_the_words_of_the_data(lab: Lab) -> None:
    """Wrong where `novo` is true, which the file wrote as “sim”; `flag` is the same without
    words, and is told as yes and no."""
    run = lab.run(Task.BINARY)
    lab.answer(run, "linear", np.where(NEW, 1 - TRUTH, TRUTH) * 0.8 + 0.1)
    first = lab.service.mistakes(run, "linear").clusters[0]
    assert len(first.conditions) == 1
    condition = first.conditions[0]
    told = {
        Condition("novo", Relation.IS, "sim"), Condition("novo", Relation.IS_NOT, "não"),
        Condition("flag", Relation.IS, True), Condition("flag", Relation.IS_NOT, False),
    }  # fmt: skip
    assert condition in told
    assert first.rows == int(NEW[HELD].sum())
    portuguese = translator("pt_BR")
    assert portuguese.text(Condition("flag", Relation.IS, True).message()) == "flag é sim"
    by_new = lab.service.groups(run, "linear", "novo", "accuracy")
    assert isinstance(by_new, GroupReport)
    assert [g.label for g in by_new.groups] == ["não", "sim"] and not by_new.truths
    by_flag = lab.service.groups(run, "linear", "flag", "accuracy")
    assert isinstance(by_flag, GroupReport) and by_flag.truths
    names = [group_name(g.label, portuguese, truths=by_flag.truths) for g in by_flag.groups]
    assert names == ["não", "sim"]
    assert group_name("", portuguese, truths=False) == "sem valor"


def test_errors_without_a_pattern_have_no_clusters(lab: Lab) -> None:
    run = lab.run(Task.BINARY)
    random = np.random.default_rng(3)
    lab.answer(run, "linear", np.where(random.random(ROWS) < 0.8, TRUTH, 1 - TRUTH) * 0.8 + 0.1)
    found = lab.service.mistakes(run, "linear")
    assert found.clusters == ()
    assert found.note is not None


def test_groups_that_are_apart_are_marked_and_no_others(lab: Lab, binary: str) -> None:
    by_city = lab.service.groups(binary, "lightgbm", "city", "accuracy")
    assert isinstance(by_city, GroupReport)
    recife = next(g for g in by_city.groups if g.label == "Recife")
    assert recife.apart and (recife.value or 1) < (by_city.overall or 0)
    assert sum(g.count for g in by_city.groups) == len(HELD)
    for group in by_city.groups:
        own = HELD[CITY[HELD] == group.label]
        right = (noisy(1.0, 1)[own].astype(np.float32) > 0.5) == TRUTH[own]
        assert group.value == pytest.approx(right.mean())
        assert group.low is not None and group.high is not None
        assert group.low <= right.mean() <= group.high
    said = [(g.said_yes or 0, g.recall or 0, g.false_alarms or 0) for g in by_city.groups]
    parity, recall, alarms = (min(v) / max(v) for v in zip(*said, strict=True))
    assert by_city.fairness is not None
    assert by_city.fairness.parity == pytest.approx(parity)
    assert by_city.fairness.odds == pytest.approx(min(recall, alarms))
    by_price = lab.service.groups(binary, "lightgbm", "price", "accuracy")
    assert isinstance(by_price, GroupReport)
    assert not any(g.apart for g in by_price.groups)
    by_age = lab.service.groups(binary, "lightgbm", "age")
    assert isinstance(by_age, GroupReport)
    assert [g.label for g in by_age.groups][-1] == ""
    assert len(by_age.groups) == 5


def test_ties_name_a_simpler_model_and_how_sure_they_are(lab: Lab, binary: str) -> None:
    lab.answer(binary, "linear", noisy(1.0, 2))
    found = lab.service.ties(binary)
    told = {s.candidate: s for s in found.standings}
    assert found.source is Source.HOLDOUT
    assert {n for n, s in told.items() if s.tied or n == found.best} == {"linear", "lightgbm"}
    assert told["constant"].p_best_better == 1.0
    other = next(n for n in ("linear", "lightgbm") if n != found.best)
    assert 0.5 <= (told[other].p_best_better or 0) < 0.99
    assert found.recommended == "linear"


def test_the_folds_decide_where_the_holdout_is_too_small(lab: Lab) -> None:
    run = lab.run(Task.BINARY)
    few = HELD[:12]
    lab.answer(run, "linear", noisy(1.0, 1), few, (0.9, 0.91, 0.9, 0.89, 0.9))
    lab.answer(run, "lightgbm", noisy(1.0, 2), few, (0.7, 0.71, 0.71, 0.69, 0.7))
    lab.warehouse.runs.update(run, best="linear")
    found = lab.service.ties(run)
    assert found.source is Source.FOLDS
    assert [s.tied for s in found.standings] == [False, False]
    assert (found.standings[1].p_best_better or 0) > 0.99


def test_no_model_is_recommended_when_guessing_is_as_good(lab: Lab) -> None:
    run = lab.run(Task.BINARY)
    random = np.random.default_rng(0)
    lab.answer(run, "constant", np.full(ROWS, 0.5))
    lab.answer(run, "lightgbm", random.uniform(0.4, 0.6, ROWS))
    found = lab.service.ties(run)
    assert found.recommended is None
    assert found.reason is not None and "No model" in found.reason.template


def test_costs_choose_a_threshold(lab: Lab, binary: str) -> None:
    found = lab.service.thresholds(binary, "lightgbm", 0.5, Costs(miss=500, false_alarm=5))
    assert isinstance(found, Thresholds)
    cost = next(c for c in found.choices if c.rule is Rule.COST)
    sure = noisy(1.0, 1)[HELD].astype(np.float32)
    priced = [
        500 * ((sure < t) & (TRUTH[HELD] == 1)).sum() + 5 * ((sure >= t) & (TRUTH[HELD] == 0)).sum()
        for t in np.unique(sure)
    ]
    assert cost.best.cost == min(priced)
    assert cost.saves_over_half == (cost.half.cost or 0) - min(priced)
    assert cost.best.threshold < 0.2
    with pytest.raises(InvalidError):
        Costs(float("nan"), 1)


def test_the_rows_of_a_cell_are_found(lab: Lab, binary: str) -> None:
    rows = lab.service.cell(binary, "lightgbm", "yes", "no", limit=5)
    assert len(rows) == 5
    assert all(r.truth == "yes" and r.said == "no" for r in rows)


def test_numbers_have_curves_of_at_most_a_thousand_points(lab: Lab) -> None:
    run = lab.run(Task.REGRESSION)
    lab.answer(run, "linear", PRICE + np.where(CITY == "Recife", 30, 0) + RANDOM.normal(0, 3, ROWS))
    for name in ("predicted_true", "residuals_predicted"):
        curve = lab.service.curve(run, "linear", name)
        assert isinstance(curve, Density) and curve.binned
        assert sum(curve.counts) == len(HELD) and len(curve.x) <= 32 * 32
    by = lab.service.curve(run, "linear", "residuals_column", column="city")
    assert isinstance(by, ResidualsBy)
    means = {g.label: g.mean for g in by.groups}
    assert means["Recife"] == pytest.approx(30, abs=1) and abs(means["Natal"]) < 1
    for name in ("residuals", "errors"):
        assert lab.service.curve(run, "linear", name)
    with pytest.raises(InvalidError, match="no curve"):
        lab.service.curve(run, "linear", "roc")
    with pytest.raises(InvalidError, match="yes or no"):
        lab.service.thresholds(run, "linear")


def test_curves_of_many_rows_are_thinned_and_say_so(lab: Lab, binary: str) -> None:
    for name in ("roc", "precision_recall", "gain"):
        curve: Any = lab.service.curve(binary, "lightgbm", name)
        assert curve.binned and curve.rows == len(HELD)
        points = next(len(getattr(curve, n)) for n in ("found", "recall") if hasattr(curve, n))
        assert 50 < points <= MOST_POINTS + 2


def test_nothing_kept_outlives_its_data(lab: Lab, binary: str) -> None:
    assert lab.service.evaluation(binary, "lightgbm").figures
    lab.warehouse.datasets.delete(lab.dataset)
    with pytest.raises(NotFoundError, match="Train again"):
        lab.service.evaluation(binary, "lightgbm")
    with pytest.raises(NotFoundError, match="Train again"):
        lab.service.mistakes(binary, "lightgbm")
    assert lab.service.ties(binary).source is Source.NOTHING


def test_only_what_is_there_can_be_asked_for(lab: Lab, binary: str) -> None:
    with pytest.raises(NotFoundError, match="no candidate"):
        lab.service.evaluation(binary, "nope")
    with pytest.raises(InvalidError, match="no metric"):
        lab.service.groups(binary, "lightgbm", "city", "rmse")
    with pytest.raises(InvalidError, match="no column"):
        lab.service.groups(binary, "lightgbm", "nope")
    with pytest.raises(InvalidError, match="no class"):
        lab.service.cell(binary, "lightgbm", "yes", "maybe")
