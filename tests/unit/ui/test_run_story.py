"""A run's events become a score line and a log."""

from __future__ import annotations

import pytest

from freemlops.domain.run import Event, EventKind, Phase
from freemlops.domain.words import say
from freemlops.ui.state.run_story import LOG_LINES, RunStory, score_of


def trial(seq: int, loss: float) -> Event:
    return Event(EventKind.TRIAL, float(seq), {"number": seq, "loss": loss}, seq)


def test_keeps_only_improvements() -> None:
    story = RunStory("roc_auc")
    story.take([trial(1, 0.3), trial(2, 0.4), trial(3, 0.2)])
    assert story.best == [(1.0, 0.7), (3.0, 0.8)]
    assert story.tried == 3


def test_lower_is_better_for_an_error() -> None:
    story = RunStory("rmse")
    story.take([trial(1, 30.0), trial(2, 20.0), trial(3, 25.0)])
    assert [score for _, score in story.best] == [30.0, 20.0]


def test_an_event_is_counted_once() -> None:
    story = RunStory("rmse")
    assert story.take([trial(1, 30.0)])
    assert not story.take([trial(1, 30.0)])
    assert story.tried == 1


def test_a_first_model_scored_on_its_folds_is_on_the_line() -> None:
    story = RunStory("accuracy")
    data = {"id": "c", "family": "linear", "folds": [0.8, 0.9]}
    story.take([Event(EventKind.CANDIDATE, 2.0, data, 1)])
    assert story.best[0] == pytest.approx((2.0, 0.85))


def test_the_constant_is_not_on_the_line() -> None:
    story = RunStory("accuracy")
    data = {"id": "c", "family": "constant", "folds": [0.6]}
    story.take([Event(EventKind.CANDIDATE, 1.0, data, 1)])
    assert story.best == []


def test_a_phase_is_logged_once() -> None:
    story = RunStory("rmse")
    beats = [
        Event(EventKind.PHASE, float(n), {"phase": "search", "progress": 0.1 * n}, n)
        for n in range(1, 4)
    ]
    story.take(beats)
    assert [line.message for line in story.log] == [Phase.SEARCH]


def test_the_log_does_not_grow_without_end() -> None:
    story = RunStory("rmse")
    words = say("Trying a forest.").to_json()
    story.take(Event(EventKind.LOG, float(n), words, n) for n in range(1, 1000))
    assert len(story.log) == LOG_LINES


def test_a_score_that_is_no_number_is_left_out() -> None:
    story = RunStory("rmse")
    story.take([trial(1, float("inf"))])
    assert story.best == []


def test_loss_is_one_minus_score_where_higher_is_better() -> None:
    assert score_of(0.25, "r2") == 0.75
