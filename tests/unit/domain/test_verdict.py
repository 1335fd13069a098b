"""One sentence about a result, and no boasting."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from freemlops.domain.run import Candidate, Phase, Run, RunSpec, RunStatus, Score, Task
from freemlops.domain.verdict import verdict


def run(task: Task = Task.BINARY, best: str | None = None) -> Run:
    spec = RunSpec("d", 1, "y", task, "accuracy", 60.0)
    now = datetime.now(UTC)
    return Run("r", spec, "data", RunStatus.FINISHED, Phase.DONE, 1.0, now, best=best)


def candidate(
    family: str,
    metric: str,
    value: float,
    half: float = 0.02,
    params: Mapping[str, Any] | None = None,
) -> Candidate:
    scores = {metric: Score(value, value - half, value + half)}
    return Candidate(family, "r", family, scores, params=params or {})


def sentence(*board: Candidate, task: Task = Task.BINARY, best: str | None = None) -> str:
    found = verdict(run(task, best), board)
    assert found is not None
    return found.sentence.english()


def test_says_how_often_it_is_right_and_how_often_guessing_is() -> None:
    board = candidate("lgbm", "accuracy", 0.87), candidate("constant", "accuracy", 0.61)
    assert sentence(*board) == (
        "Right 87 times in 100; always giving the same answer would be right 61 times."
    )


def test_names_the_guess_when_it_is_known() -> None:
    base = candidate("constant", "accuracy", 0.61, params={"answer": "no"})
    assert "always guessing “no”" in sentence(candidate("lgbm", "accuracy", 0.87), base)


def test_says_how_far_off_a_number_is() -> None:
    board = candidate("lgbm", "mae", 38.2), candidate("constant", "mae", 50.7)
    words = sentence(*board, task=Task.REGRESSION)
    assert words.startswith("On average 38.2 away from the truth")


def test_does_not_claim_perfection_for_nearly_perfect() -> None:
    assert sentence(candidate("lgbm", "accuracy", 0.998)) == "Right 99.8 times in 100."


def test_doubts_a_gain_that_may_be_luck() -> None:
    board = candidate("lgbm", "accuracy", 0.62), candidate("constant", "accuracy", 0.61)
    found = verdict(run(), board)
    assert found is not None
    assert found.doubt is not None


def test_does_not_doubt_a_clear_gain() -> None:
    board = candidate("lgbm", "accuracy", 0.87), candidate("constant", "accuracy", 0.61)
    found = verdict(run(), board)
    assert found is not None
    assert found.doubt is None


def test_speaks_of_the_winner_that_the_run_names() -> None:
    board = candidate("rf", "accuracy", 0.88), candidate("lgbm", "accuracy", 0.87)
    assert sentence(*board, best="lgbm") == "Right 87 times in 100."


def test_says_nothing_without_a_model() -> None:
    assert verdict(run(), ()) is None


def test_praises_nothing_that_is_no_better_than_guessing() -> None:
    worse = candidate("lgbm", "accuracy", 0.33), candidate("constant", "accuracy", 0.50)
    found = verdict(run(), worse)
    assert found is not None
    assert found.doubt is not None
    assert "No model did better" in found.doubt.english()
    alone = verdict(run(), worse[1:])
    assert alone is not None
    assert alone.doubt is not None
    assert "No model did better" in alone.doubt.english()
