"""What can't be worked out is told in a sentence, never a blank or a traceback."""

from __future__ import annotations

from typing import Any

import numpy as np

from freemlops.domain.evaluation.groups import GroupReport
from freemlops.domain.evaluation.threshold import Costs
from freemlops.domain.evaluation.ties import Source
from freemlops.domain.run import (
    Task,
)
from freemlops.domain.words import Message
from freemlops.engine.evaluation.plots import CURVES
from tests.unit.services.evaluation_lab import (
    HELD,
    PRICE,
    ROWS,
    TRUTH,
    Lab,
    noisy,
)


def test_scores_that_are_no_numbers_are_told_everywhere(lab: Lab) -> None:
    run = lab.run(Task.REGRESSION)
    lab.answer(run, "neural", np.full(ROWS, np.nan))
    assert all(f.note for f in lab.service.evaluation(run, "neural").figures)
    assert isinstance(lab.service.curve(run, "neural", "residuals"), Message)
    assert isinstance(lab.service.groups(run, "neural", "city"), Message)
    assert lab.service.mistakes(run, "neural").note is not None
    assert lab.service.ties(run).source is Source.NOTHING


def test_infinite_targets_are_told_everywhere(lab: Lab) -> None:
    run = lab.run(Task.REGRESSION)
    before = PRICE[HELD[0]]
    PRICE[HELD[0]] = np.inf
    try:
        lab.answer(run, "linear", np.full(ROWS, 100.0))
    finally:
        PRICE[HELD[0]] = before
    words = "missing or infinite"
    figures = lab.service.evaluation(run, "linear").figures
    assert all(f.value is None and words in str(f.note) for f in figures)
    for name in CURVES[Task.REGRESSION]:
        assert words in str(lab.service.curve(run, "linear", name, column="city")), name
    assert words in str(lab.service.groups(run, "linear", "city"))
    assert words in str(lab.service.mistakes(run, "linear").note)


def test_a_class_that_was_not_held_out_is_named_in_place_of_a_plot(lab: Lab) -> None:
    run = lab.run(Task.BINARY)
    rows = HELD[TRUTH[HELD] == 0]
    lab.answer(run, "linear", noisy(1.0, 1), rows)
    curves = {n: lab.service.curve(run, "linear", n) for n in ("roc", "precision_recall", "gain")}
    assert all(isinstance(c, Message) for c in curves.values())
    assert isinstance(lab.service.thresholds(run, "linear"), Message)
    figures = {f.name: f for f in lab.service.evaluation(run, "linear").figures}
    assert "No row of" in str(figures["roc_auc"].note)
    by_city = lab.service.groups(run, "linear", "city")
    assert isinstance(by_city, GroupReport) and all(g.note for g in by_city.groups)


def test_constant_answers_and_groups_of_one_row_are_told(lab: Lab, binary: str) -> None:
    """A constant's plots are drawn or told; every price is its own, so quarters of four rows hold
    one each."""
    for name in CURVES[Task.BINARY]:
        made: Any = lab.service.curve(binary, "constant", name, costs=Costs(5, 1))
        assert isinstance(made, Message) or made.rows == len(HELD), name
    assert lab.service.mistakes(binary, "constant").note is not None
    assert isinstance(lab.service.groups(binary, "constant", "city"), GroupReport)
    run = lab.run(Task.BINARY, "four")
    lab.answer(run, "linear", noisy(1.0, 1), HELD[:4])
    by_price = lab.service.groups(run, "linear", "price", "accuracy")
    assert isinstance(by_price, GroupReport)
    assert all("only one row" in str(g.note) for g in by_price.groups)
