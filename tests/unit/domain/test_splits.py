from __future__ import annotations

from freemlops.domain.run import SplitKind
from freemlops.domain.splits import plan_split


def test_small_data_gets_five_folds() -> None:
    assert plan_split(SplitKind.RANDOM, 1000, 10, 60, 300).folds == 5


def test_large_data_gets_one_validation_part() -> None:
    assert plan_split(SplitKind.RANDOM, 500_000, 30, 3600, None).folds == 1


def test_a_short_budget_means_fewer_folds() -> None:
    assert plan_split(SplitKind.RANDOM, 10_000, 15, 15, 3000).folds == 3


def test_never_more_folds_than_rows_of_the_rarest_class() -> None:
    assert plan_split(SplitKind.RANDOM, 100, 5, 60, 3).folds == 3
    assert plan_split(SplitKind.RANDOM, 100, 5, 60, 1).folds == 2


def test_time_splits_use_at_most_three_folds() -> None:
    assert plan_split(SplitKind.TIME, 1000, 10, 60, None).folds == 3
