"""How a search is shared out, and what becomes of a helper's families."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest

from freemlops.domain.run import Event, EventKind
from freemlops.domain.words import say
from freemlops.engine.clock import Clock
from freemlops.engine.families import Shape
from freemlops.engine.party import (
    Dismiss,
    Found,
    Joined,
    Left,
    News,
    Order,
    Recruited,
    Share,
    Stumbled,
)
from freemlops.engine.plan import SEARCHED
from freemlops.engine.reporter import Reporter
from freemlops.engine.shared import Helpers, Regroup, digest, groups
from freemlops.engine.spaces import COST
from freemlops.engine.trial import FoldMatrices, Outclassed, Tried

SHAPE = Shape(4, 2, 2, (), 1, 7)
FOLDS = [
    FoldMatrices(
        np.zeros((4, 2), np.float32),
        np.array([0, 1, 0, 1]),
        np.zeros((2, 2), np.float32),
        np.array([0, 1]),
        np.array([2, 3]),
    )
]
FOUND = Found.wrap("far", Outclassed("linear", {"C": 1.0}, 0.5, 0.1))


class Post:
    """A `Party` in memory: news are laid in, orders are kept."""

    def __init__(self, *news: News) -> None:
        self.waiting = list(news)
        self.orders: list[Order] = []

    def news(self) -> list[News]:
        made, self.waiting = self.waiting, []
        return made

    def tell(self, order: Order) -> None:
        self.orders.append(order)


class Leader:
    def __init__(self, *news: News) -> None:
        self.post = Post(*news)
        self.events: list[Event] = []
        self.reporter = Reporter(Clock(time.time(), 60), self.events.append, lambda: None)
        self.taken: list[Tried | Outclassed] = []
        self.helpers = Helpers(self.post, self.reporter, self.taken.append)
        self.mine = self.helpers.share(SEARCHED, SHAPE, FOLDS)

    def hear(self, *news: News) -> None:
        self.post.waiting += news
        self.helpers.listen()


def test_groups_cost_about_the_same_and_hold_every_family_once() -> None:
    made = groups(SEARCHED, 3)
    costs = [sum(COST[f] for f in group) for group in made]
    assert sorted(f for group in made for f in group) == sorted(SEARCHED)
    assert max(costs) - min(costs) <= 1.0
    assert SEARCHED[0] in made[0]


def test_no_group_is_empty_with_more_machines_than_families() -> None:
    assert groups(("lightgbm", "linear"), 5) == [("lightgbm",), ("linear",)]


def test_who_has_no_helper_searches_everything_and_says_nothing() -> None:
    leader = Leader()
    leader.helpers.end()
    assert leader.mine == SEARCHED
    assert leader.post.orders == []
    assert leader.reporter.notes == []


def test_trials_of_a_helper_are_taken_and_told_in_the_notes() -> None:
    leader = Leader(Recruited("far"), Joined("far", digest(SHAPE, FOLDS)))
    (order,) = leader.post.orders
    assert isinstance(order, Share)
    assert {*leader.mine, *order.families} == set(SEARCHED)
    leader.hear(FOUND)
    leader.helpers.end()
    assert leader.taken == [FOUND.unwrap()]
    assert leader.post.orders[1:] == [Dismiss()]
    assert leader.reporter.notes[0].params["trials"] == 1


@pytest.mark.parametrize("yielded", [False, True])
def test_the_families_of_a_helper_that_left_come_back(yielded: bool) -> None:
    leader = Leader(Recruited("far"), Joined("far", digest(SHAPE, FOLDS)))
    leader.hear(Left("far", yielded))
    with pytest.raises(Regroup):
        leader.helpers.regroup()
    assert {*leader.mine, *leader.helpers.returned()} == set(SEARCHED)
    leader.helpers.regroup()
    (line,) = leader.reporter.left_out
    assert ("waiting" in line.template) is yielded


@pytest.mark.parametrize("early", [True, False])
def test_a_helper_that_cut_other_folds_is_sent_away(early: bool) -> None:
    stranger = Joined("far", digest(replace(SHAPE, rows=5), FOLDS))
    leader = Leader(Recruited("far"), *([stranger] if early else []))
    leader.hear(*([] if early else [stranger]), FOUND)
    assert leader.taken == []
    assert Dismiss("far") in leader.post.orders
    assert {*leader.mine, *leader.helpers.returned()} == set(SEARCHED)
    assert "differently" in leader.reporter.left_out[0].template


def test_who_comes_too_late_is_sent_away() -> None:
    leader = Leader()
    leader.hear(Recruited("far"))
    assert leader.post.orders == [Dismiss("far")]


def test_a_family_that_fails_at_a_helper_is_a_line_in_the_receipt() -> None:
    leader = Leader(Recruited("far"))
    leader.hear(Stumbled("far", say("It failed.")))
    assert [e.kind for e in leader.events] == [EventKind.LOG]
    assert leader.reporter.left_out == [say("It failed.")]


def test_the_number_of_threads_does_not_make_other_folds() -> None:
    assert digest(SHAPE, FOLDS) == digest(replace(SHAPE, threads=8), FOLDS)
    other = [replace(FOLDS[0], rows=np.array([1, 3]))]
    assert digest(SHAPE, FOLDS) != digest(SHAPE, other)
