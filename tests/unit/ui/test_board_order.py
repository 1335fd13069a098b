"""The board can be looked at in other orders; places and choices stay."""

from __future__ import annotations

import re

import pytest

from freemlops.domain.evaluation.ties import Standing
from freemlops.domain.run import Candidate, Score
from freemlops.i18n import translator
from freemlops.ui.components.leaderboard import Leaderboard
from freemlops.ui.state.board_order import Order, arranged


def candidate(name: str, score: float | None, fit: float, latency: float | None) -> Candidate:
    holdout = {} if score is None else {"rmse": Score(score, score - 1, score + 1)}
    return Candidate(
        name, "r", "linear", holdout, fit_s=fit, latency_ms=latency, size_bytes=len(name)
    )


BOARD = (
    candidate("lead", 5.0, 9.0, 0.3),
    candidate("second", 4.0, 1.0, None),
    candidate("no", None, 2.0, 0.1),
)


@pytest.mark.parametrize(
    ("order", "names"),
    [
        (Order.PLACE, ["lead", "second", "no"]),
        (Order.SCORE, ["second", "lead", "no"]),
        (Order.FIT, ["second", "no", "lead"]),
        (Order.LATENCY, ["no", "lead", "second"]),
        (Order.SIZE, ["no", "lead", "second"]),
    ],
)
def test_lower_is_first_and_what_is_not_known_last(order: Order, names: list[str]) -> None:
    assert [c.id for _, c in arranged(BOARD, "rmse", order)] == names


def test_a_model_keeps_its_place_in_any_order() -> None:
    assert {c.id: n for n, c in arranged(BOARD, "rmse", Order.SIZE)} == {
        "lead": 1, "second": 2, "no": 3,
    }  # fmt: skip


def test_only_the_tied_are_left_with_the_best() -> None:
    standings = {"second": Standing("second", True, 0.6), "no": Standing("no", False, 0.99)}
    left = arranged(BOARD, "rmse", only_tied=True, standings=standings)
    assert [c.id for _, c in left] == ["lead", "second"]


def test_a_choice_stays_through_other_orders_and_fewer_lines() -> None:
    chosen: list[str] = []
    board = Leaderboard(translator("en"), "rmse", chosen.append)
    board.show(BOARD)
    board._handle_msg({"candidate": "second"})
    board.arrange(Order.LATENCY, hidden=("size",))
    lines = re.findall('data-candidate="([^"]*)" aria-selected="([^"]*)"', board.content)
    assert lines == [("no", "false"), ("lead", "false"), ("second", "true")]
    assert board.titles["size"] not in board.content
    board.arrange(Order.PLACE, only_tied=True)
    assert 'aria-selected="true"' not in board.content
    board.arrange(Order.PLACE)
    assert 'data-candidate="second" aria-selected="true"' in board.content
    assert chosen == ["second"]
