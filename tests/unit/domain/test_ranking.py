from __future__ import annotations

import math

from freemlops.domain.ranking import rank, tied, ties
from freemlops.domain.run import Candidate, Score


def candidate(name: str, value: float | None, size: int | None = 1) -> Candidate:
    holdout = {} if value is None else {m: Score(value, value, value) for m in ("rmse", "roc_auc")}
    return Candidate(name, "r1", "linear", holdout, size_bytes=size)


def ids(candidates: tuple[Candidate, ...]) -> list[str]:
    return [c.id for c in candidates]


def test_higher_leads_where_higher_is_better() -> None:
    board = [candidate("a", 0.7), candidate("b", 0.9)]
    assert ids(rank(board, "roc_auc")) == ["b", "a"]


def test_lower_leads_where_lower_is_better() -> None:
    board = [candidate("a", 0.7), candidate("b", 0.9)]
    assert ids(rank(board, "rmse")) == ["a", "b"]


def test_equal_scores_go_to_the_smaller() -> None:
    board = [candidate("large", 0.9, 500), candidate("small", 0.9, 10), candidate("?", 0.9, None)]
    assert ids(rank(board, "roc_auc")) == ["small", "large", "?"]


def test_without_a_score_it_comes_last() -> None:
    board = [candidate("none", None), candidate("nan", math.nan), candidate("a", 0.1)]
    assert ids(rank(board, "roc_auc"))[0] == "a"


def test_a_lead_in_every_resample_is_no_tie() -> None:
    assert not tied([0.9] * 100, [0.8] * 100, higher_is_better=True)
    assert not tied([1.0] * 100, [2.0] * 100, higher_is_better=False)


def test_a_lead_in_most_resamples_is_a_tie() -> None:
    best = [0.9] * 100
    assert tied(best, [0.95] * 5 + [0.8] * 95, higher_is_better=True)


def test_pairs_count_not_the_spread() -> None:
    """Two scores that move together differ even when their intervals overlap."""
    best = [0.5 + i / 200 for i in range(100)]
    assert not tied(best, [v - 0.01 for v in best], higher_is_better=True)


def test_undefined_resamples_are_skipped() -> None:
    assert tied([math.nan], [0.4], higher_is_better=True)
    assert not tied([0.9, math.nan], [0.4, 0.5], higher_is_better=True)


def test_ties_names_the_others_only() -> None:
    resamples = {"a": [0.9] * 50, "b": [0.9] * 50, "c": [0.1] * 50}
    assert ties(resamples, "a", "roc_auc") == ("b",)


def test_a_lead_by_a_hair_is_a_tie_even_when_it_is_certain() -> None:
    best = [0.8410 + n / 1000 for n in range(50)]
    assert tied(best, [v - 0.0002 for v in best], higher_is_better=True)
    assert not tied(best, [v - 0.02 for v in best], higher_is_better=True)
