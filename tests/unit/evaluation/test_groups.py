"""Groups are marked when they are apart, and hardly ever when they are not."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from freemlops.domain.evaluation.groups import holm
from freemlops.domain.run import Task
from freemlops.engine.evaluation.answers import Answers
from freemlops.engine.evaluation.columns import Grouping, grouped
from freemlops.engine.evaluation.groups import by_group

from .conftest import answers_from


def test_holm_goes_on_until_the_first_that_may_be_luck() -> None:
    assert holm([0.01, 0.04, None, 0.02]) == (True, True, False, True)
    assert holm([0.02, 0.03, 0.04]) == (False, False, False)
    assert holm([]) == ()


def test_groups_that_say_nothing_are_rarely_marked() -> None:
    """Six groups of 25 to 200 rows, most answers right, 25 times: a mark in at most three."""
    random = np.random.default_rng(9)
    wrongly = 0
    for turn in range(25):
        sizes = [25, 25, 25, 100, 100, 200]
        codes = random.permutation(np.repeat(np.arange(6), sizes))
        y = random.integers(0, 2, len(codes))
        right = random.random(len(codes)) < 0.95
        a = answers_from(Task.BINARY, y, np.where(right, y, 1 - y) * 0.8 + 0.1)
        grouping = Grouping(tuple("abcdef"), codes, False)
        wrongly += any(g.apart for g in by_group(a, "c", grouping, "accuracy", turn).groups)
    assert wrongly <= 3


def test_odd_groups_get_a_sentence() -> None:
    y = np.array([0, 1] * 30)
    codes = np.zeros(60, np.int64)
    codes[0], codes[1:6], codes[6:30:2] = 1, 2, 3
    a = answers_from(Task.BINARY, y, np.where(y, 0.8, 0.3))
    report = by_group(
        a, "c", Grouping(("many", "one", "few", "no only"), codes, False), "roc_auc", 0
    )
    notes = {g.label: g.note.template if g.note else "" for g in report.groups}
    assert "one row" in notes["one"]
    assert "Only" in notes["few"]
    assert "No row of" in notes["no only"]
    assert notes["many"] == ""
    assert report.fairness is not None and report.fairness.odds is None


@pytest.mark.parametrize(
    ("values", "labels"),
    [
        (["b", "a", "b", None], ("b", "a", "")),
        ([True, False, True, True], ("true", "false")),
        ([1, 2, 2, 3], ("2", "1", "3")),
        ([1.0, 2.0, 3.0, 4.0], ("1", "2", "3", "4")),
        ([5.0, 5.0, 5.0, None], ("5", "")),
        ([None, None, None, None], ("",)),
    ],
)
def test_a_column_becomes_groups(values: list[object], labels: tuple[str, ...]) -> None:
    made = pa.array(values, pa.float64() if values[0] is None else None)
    found = grouped(pa.chunked_array([made]))
    assert found.labels == labels
    assert found.left_out == 0


def test_of_many_values_the_most_frequent_are_shown() -> None:
    names = [f"n{i}" for i in range(30) for _ in range(i + 1)]
    found = grouped(pa.chunked_array([names]))
    assert len(found.labels) == 20 and found.labels[0] == "n29"
    assert found.left_out == sum(range(1, 11))


def test_dates_are_quartered_by_day() -> None:
    days = np.arange("2024-01-01", "2024-01-09", dtype="datetime64[D]")
    found = grouped(pa.chunked_array([pa.array(days)]))
    assert found.labels[0] == "2024-01-01…2024-01-02"
    assert len(found.labels) == 4


@pytest.mark.parametrize(
    ("a", "metric"),
    [
        (answers_from(Task.MULTICLASS, [0, 1] * 60, np.full((120, 4), 0.25)), "roc_auc_ovo"),
        (answers_from(Task.MULTICLASS, [0, 1] * 60, np.full((120, 4), 0.25)), "roc_auc_ovr"),
        (answers_from(Task.REGRESSION, [0.0, *range(1, 120)], np.arange(120) + 1), "mape"),
    ],
)
def test_nothing_is_marked_by_a_metric_that_all_rows_do_not_have(a: Answers, metric: str) -> None:
    """A class that no row has, or a truth of 0: groups may still have a figure, but no test."""
    codes = np.repeat([0, 1], 60)
    report = by_group(a, "c", Grouping(("first", "last"), codes, False), metric, 0)
    assert report.overall is None
    assert [(g.p, g.apart) for g in report.groups] == [(None, False)] * 2
    assert all(g.value is not None or g.note is not None for g in report.groups)
