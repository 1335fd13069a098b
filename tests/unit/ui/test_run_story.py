"""A run's events become a score line and a log."""

from __future__ import annotations

from freemlops.domain.run import Event, EventKind, Phase
from freemlops.domain.words import say
from freemlops.ui.state.run_story import LOG_LINES, RunStory


def trial(seq: int, loss: float) -> Event:
    return Event(EventKind.TRIAL, float(seq), {"number": seq, "loss": loss}, seq)


def candidate(seq: int, metric: str, value: float | None, family: str = "linear") -> Event:
    data = {"id": "c", "family": family, "folds": [0.1], "holdout": {metric: {"value": value}}}
    return Event(EventKind.CANDIDATE, float(seq), data, seq)


def test_keeps_only_improvements_on_the_test_rows() -> None:
    story = RunStory("roc_auc")
    scores = enumerate((0.7, 0.6, 0.8), 1)
    story.take(candidate(seq, "roc_auc", value) for seq, value in scores)
    assert story.best == [(1.0, 0.7), (3.0, 0.8)]


def test_lower_is_better_for_an_error() -> None:
    story = RunStory("rmse")
    story.take(candidate(seq, "rmse", value) for seq, value in enumerate((30.0, 20.0, 25.0), 1))
    assert [score for _, score in story.best] == [30.0, 20.0]


def test_an_event_is_counted_once() -> None:
    story = RunStory("rmse")
    assert story.take([trial(1, 30.0)])
    assert not story.take([trial(1, 30.0)])
    assert story.tried == 1


def test_the_constant_is_not_on_the_line() -> None:
    story = RunStory("accuracy")
    story.take([candidate(1, "accuracy", 0.6, "constant")])
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
    story.take([candidate(1, "rmse", None), candidate(2, "rmse", float("inf"))])
    assert story.best == []
