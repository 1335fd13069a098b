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


def test_large_data_is_searched_on_a_part_that_grows_with_the_time() -> None:
    short = plan_split(SplitKind.RANDOM, 1_000_000, 30, 15, None)
    longer = plan_split(SplitKind.RANDOM, 1_000_000, 30, 60, None)
    assert short.sample is not None and longer.sample is not None
    assert short.sample < longer.sample
    assert plan_split(SplitKind.RANDOM, 1_000_000, 30, 3600, None).sample is None


def test_large_data_has_first_models_of_fewer_rows_and_a_bounded_holdout() -> None:
    plan = plan_split(SplitKind.RANDOM, 1_000_000, 30, 60, None)
    assert plan.first is not None and plan.sample is not None and plan.first < plan.sample
    assert round(plan.holdout_share * 1_000_000) == 100_000


def test_the_holdout_of_large_data_keeps_its_bound_at_any_size() -> None:
    for rows in (500_001, 549_999, 999_999, 1_000_001, 7_654_321):
        share = plan_split(SplitKind.RANDOM, rows, 10, 60, None).holdout_share
        assert rows / round(1 / share) <= 100_000


def test_data_that_is_not_large_is_searched_whole() -> None:
    for rows, features, budget in (
        (50, 5, 5),
        (10_000, 30, 15),
        (54_000, 10, 15),
        (500, 5_000, 15),
    ):
        plan = plan_split(SplitKind.RANDOM, rows, features, budget, None)
        assert (plan.sample, plan.first, plan.holdout_share) == (None, None, 0.2)


def test_a_wide_table_keeps_enough_rows() -> None:
    assert plan_split(SplitKind.RANDOM, 100_000, 5_000, 15, None).sample == 20_000
