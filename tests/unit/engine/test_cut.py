from __future__ import annotations

import numpy as np
import pytest

from freemlops.domain.errors import InvalidError
from freemlops.domain.run import SplitKind, Task
from freemlops.domain.splits import SplitPlan
from freemlops.engine.cut import Cut, cut_rows, thinned
from freemlops.engine.target import Target


def classes(y: list[int]) -> Target:
    count = max(y) + 1
    rows = np.arange(len(y), dtype=np.intp)
    labels = tuple(str(i) for i in range(count))
    return Target("t", Task.MULTICLASS, np.array(y, np.int64), rows, labels)


def values(count: int) -> Target:
    rows = np.arange(count, dtype=np.intp)
    return Target("t", Task.REGRESSION, np.arange(count, dtype=np.float64), rows, ())


def cut(target: Target, kind: SplitKind = SplitKind.RANDOM, folds: int = 5, by=None, seed=0) -> Cut:
    return cut_rows(SplitPlan(kind, 0.2, folds), target, by, seed)


def test_holdout_and_development_share_no_row_and_leave_none() -> None:
    made = cut(classes([0, 1] * 100))
    assert sorted([*made.develop, *made.holdout]) == list(range(200))
    assert len(made.holdout) == 40


def test_each_class_has_its_share_of_the_holdout() -> None:
    made = cut(classes([0] * 900 + [1] * 100))
    assert int((made.holdout >= 900).sum()) == 20


def test_folds_validate_each_development_row_once() -> None:
    made = cut(values(103))
    seen = np.sort(np.concatenate([f.valid for f in made.folds]))
    assert list(seen) == list(range(len(made.develop)))
    for fold in made.folds:
        assert not set(fold.train) & set(fold.valid)


def test_the_only_row_of_a_class_is_never_held_out() -> None:
    for seed in range(20):
        made = cut(classes([0] * 20 + [1] * 20 + [2]), seed=seed)
        assert 40 in made.develop


def test_the_seed_gives_the_same_cut() -> None:
    one, two, other = cut(values(100), seed=1), cut(values(100), seed=1), cut(values(100), seed=2)
    assert (one.holdout == two.holdout).all()
    assert not (one.holdout == other.holdout).all()


def test_time_holds_out_the_latest_and_validates_the_later() -> None:
    by = np.random.default_rng(0).permutation(100).astype(np.float64)
    made = cut(values(100), SplitKind.TIME, 3, by)
    assert by[made.holdout].min() > by[made.develop].max()
    for fold in made.folds:
        when = by[made.develop]
        assert when[fold.train].max() < when[fold.valid].min()


def test_groups_stay_together() -> None:
    by = np.repeat(np.arange(20), 10).astype(np.float64)
    made = cut(values(200), SplitKind.GROUP, 5, by)
    assert not set(by[made.develop]) & set(by[made.holdout])
    for fold in made.folds:
        inner = by[made.develop]
        assert not set(inner[fold.train]) & set(inner[fold.valid])


def test_one_fold_is_one_validation_part() -> None:
    made = cut(values(500), folds=1)
    assert len(made.folds) == 1
    assert len(made.folds[0].valid) == 80


def test_refuses_a_split_that_leaves_one_class() -> None:
    target = classes([0] * 80 + [1] * 20)
    with pytest.raises(InvalidError, match="one class"):
        cut(target, SplitKind.TIME, 3, np.arange(100, dtype=np.float64))


@pytest.mark.parametrize("kind", list(SplitKind))
def test_a_thinned_cut_has_fewer_rows_and_none_on_the_other_side(kind: SplitKind) -> None:
    by = None if kind is SplitKind.RANDOM else np.arange(2000) // 10 * 1.0
    whole = cut(classes([0, 1] * 1000), kind, by=by, folds=3)
    part = thinned(whole, classes([0, 1] * 1000), 500, seed=1)
    assert len(part.develop) == 500
    assert set(part.develop) <= set(whole.develop)
    assert part.holdout is whole.holdout
    assert list(part.develop) == [r for r in whole.develop if r in set(part.develop)], "the order"
    for before, after in zip(whole.folds, part.folds, strict=True):
        assert set(part.develop[after.train]) <= set(whole.develop[before.train])
        assert set(part.develop[after.valid]) <= set(whole.develop[before.valid])
        assert len(after.valid) > 0


def test_a_rare_class_comes_along_whole() -> None:
    y = [0] * 5000 + [1] * 40
    whole = cut(classes(y))
    part = thinned(whole, classes(y), 600, seed=3)
    assert len(part.develop) == 600
    assert (part.develop >= 5000).sum() == (whole.develop >= 5000).sum()


def test_small_data_is_left_as_it_is() -> None:
    whole = cut(classes([0, 1] * 100))
    assert thinned(whole, classes([0, 1] * 100), None, 0) is whole
    assert thinned(whole, classes([0, 1] * 100), 10_000, 0) is whole
