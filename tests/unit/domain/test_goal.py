from __future__ import annotations

from dataclasses import replace

import pytest

from freemlops.domain.dataset import Column, ColumnType
from freemlops.domain.errors import InvalidError
from freemlops.domain.goal import check_spec, suggest_target, suggest_task
from freemlops.domain.run import RunSpec, Split, SplitKind, Task

ROWS = 200
COLUMNS = (
    Column("customer_id", ColumnType.INTEGER, 0, 200),
    Column("name", ColumnType.TEXT, 0, 198),
    Column("age", ColumnType.INTEGER, 3, 60),
    Column("since", ColumnType.DATE, 0, 150),
    Column("churn", ColumnType.TEXT, 0, 2),
    Column("plan", ColumnType.TEXT, 0, 4),
    Column("spent", ColumnType.DECIMAL, 0, 190),
    Column("fixed", ColumnType.INTEGER, 0, 1),
    Column("empty", ColumnType.TEXT, 200, 0),
)
GOOD = RunSpec("d1", 1, "churn", Task.BINARY, "roc_auc", 60.0)


def problems(spec: RunSpec) -> list[str]:
    with pytest.raises(InvalidError) as caught:
        check_spec(spec, COLUMNS, ROWS)
    return [d.message.english() for d in caught.value.details]


def test_suggests_the_column_that_is_named_like_a_result() -> None:
    found = suggest_target(COLUMNS, ROWS)
    assert found is not None
    assert found.target == "churn"


def test_prefers_what_the_data_is_known_for() -> None:
    found = suggest_target(COLUMNS, ROWS, preferred="spent")
    assert found is not None
    assert found.target == "spent"


def test_reads_names_with_accents_and_capitals() -> None:
    columns = (Column("Inadimplência", ColumnType.BOOLEAN, 0, 2), COLUMNS[2])
    found = suggest_target(columns, ROWS)
    assert found is not None
    assert found.target == "Inadimplência"


def test_suggests_the_last_useful_column_when_no_name_tells() -> None:
    columns = (COLUMNS[0], COLUMNS[2], COLUMNS[6], COLUMNS[1], COLUMNS[3], COLUMNS[7])
    found = suggest_target(columns, ROWS)
    assert found is not None
    assert found.target == "spent"


def test_suggests_nothing_when_nothing_can_be_predicted() -> None:
    assert suggest_target(COLUMNS[7:], ROWS) is None


@pytest.mark.parametrize(
    ("column", "task"),
    [
        (Column("a", ColumnType.TEXT, 0, 2), Task.BINARY),
        (Column("a", ColumnType.BOOLEAN, 0, 2), Task.BINARY),
        (Column("a", ColumnType.INTEGER, 0, 2), Task.BINARY),
        (Column("a", ColumnType.TEXT, 0, 3), Task.MULTICLASS),
        (Column("a", ColumnType.INTEGER, 0, 3), Task.MULTICLASS),
        (Column("a", ColumnType.INTEGER, 0, 50), Task.REGRESSION),
        (Column("a", ColumnType.DECIMAL, 0, 3), Task.REGRESSION),
    ],
)
def test_the_task_follows_from_the_values(column: Column, task: Task) -> None:
    assert suggest_task(column, ROWS)[0] is task


def test_few_rows_with_many_whole_numbers_are_a_number() -> None:
    assert suggest_task(Column("a", ColumnType.INTEGER, 0, 8), 20)[0] is Task.REGRESSION


def test_accepts_a_sensible_request() -> None:
    check_spec(GOOD, COLUMNS, ROWS)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"target": "nada"}, "no column called “nada”"),
        ({"target": "fixed"}, "same value in every row"),
        ({"target": "empty"}, "is empty"),
        ({"target": "since"}, "holds dates"),
        ({"target": "plan"}, "not two"),
        ({"target": "name", "task": Task.MULTICLASS, "metric": "log_loss"}, "at most 100 classes"),
        ({"target": "plan", "task": Task.REGRESSION, "metric": "rmse"}, "holds no numbers"),
        ({"metric": "rmse"}, "does not fit"),
        ({"metric": "nonsense"}, "does not fit"),
        ({"budget_s": 4.0}, "between 5 seconds and 24 hours"),
        ({"budget_s": 90_000.0}, "between 5 seconds and 24 hours"),
        ({"exclude": ("nada",)}, "no column called “nada”"),
        ({"exclude": tuple(c.name for c in COLUMNS if c.name != "churn")}, "No column is left"),
        ({"split": Split(SplitKind.TIME)}, "Choose the column"),
        ({"split": Split(SplitKind.TIME, "name")}, "no dates or numbers"),
        ({"split": Split(SplitKind.GROUP, "fixed")}, "too few different groups"),
        ({"split": Split(SplitKind.GROUP, "churn")}, "cannot be split by the column to predict"),
        ({"max_trials": 0}, "at least 1"),
    ],
)
def test_says_what_is_wrong(changes: dict[str, object], words: str) -> None:
    found = problems(replace(GOOD, **changes))  # type: ignore[arg-type]
    assert any(words in p for p in found), found


@pytest.mark.parametrize("written", ["chrun", "Churn", "churned"])
def test_a_mistyped_target_is_answered_with_the_name_that_comes_near(written: str) -> None:
    assert problems(replace(GOOD, target=written)) == [
        f"There is no column called “{written}”. Did you mean “churn”?"
    ]


def test_a_name_far_from_all_is_answered_with_the_first_columns() -> None:
    (found,) = problems(replace(GOOD, target="zzz"))
    assert "The first are “customer_id”, “name”" in found
    assert "empty" not in found


def test_names_every_mistake_at_once() -> None:
    found = problems(replace(GOOD, target="nada", budget_s=1.0, exclude=("nunca",)))
    assert len(found) == 3


def test_too_few_rows_are_refused() -> None:
    with pytest.raises(InvalidError, match="at least 20"):
        check_spec(GOOD, COLUMNS, 19)
