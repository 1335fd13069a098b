"""The guided flow's state: pure, so tested on plain data."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from freemlops.domain.dataset import Column, ColumnType, DatasetVersion
from freemlops.domain.run import Split, SplitKind, Task
from freemlops.ui.state.new_run import NewRunState


def table(name: str = "churn", version: int = 1) -> DatasetVersion:
    columns = (
        Column("customer", ColumnType.TEXT, 0, 100),
        Column("shop", ColumnType.TEXT, 0, 5),
        Column("joined", ColumnType.DATE, 0, 60),
        Column("price", ColumnType.DECIMAL, 3, 80),
        Column("always", ColumnType.TEXT, 0, 1),
        Column("churned", ColumnType.BOOLEAN, 0, 2),
    )
    now = datetime.now(UTC)
    return DatasetVersion(name, version, name, f"{name}.csv", "00", 100, columns, 1000, now)


@pytest.fixture
def state() -> NewRunState:
    made = NewRunState()
    made.take(table())
    made.aim("churned", Task.BINARY)
    return made


def test_only_the_first_step_is_reachable_without_data() -> None:
    assert NewRunState().reachable() == ["data"]


def test_training_is_reachable_once_there_is_a_target(state: NewRunState) -> None:
    assert state.reachable() == ["data", "goal", "train"]


def test_an_old_link_falls_back_to_the_last_step_that_can_be_shown() -> None:
    state = NewRunState(step="train")
    state.take(table())
    state.settle()
    assert state.step == "goal"


def test_a_constant_column_is_not_offered_as_target(state: NewRunState) -> None:
    assert "always" not in state.targets()


def test_the_default_metric_of_the_task_is_taken(state: NewRunState) -> None:
    assert state.metric == "roc_auc"


def test_a_metric_that_does_not_fit_the_new_task_is_replaced(state: NewRunState) -> None:
    state.aim("price", Task.REGRESSION)
    assert state.metric == "rmse"


def test_a_metric_that_still_fits_is_kept(state: NewRunState) -> None:
    state.metric = "accuracy"
    state.aim("shop", Task.MULTICLASS)
    assert state.metric == "accuracy"


def test_the_new_target_is_no_longer_left_out(state: NewRunState) -> None:
    state.exclude = ["price", "customer"]
    state.aim("price", Task.REGRESSION)
    assert state.exclude == ["customer"]


def test_choices_of_another_table_are_forgotten(state: NewRunState) -> None:
    state.exclude = ["customer"]
    state.take(table("other"))
    assert (state.exclude, state.task, state.metric) == ([], None, "")


def test_choices_survive_a_reload_of_the_same_table(state: NewRunState) -> None:
    state.exclude = ["customer"]
    state.take(table())
    assert (state.exclude, state.target) == (["customer"], "churned")


def test_only_dates_can_cut_by_time(state: NewRunState) -> None:
    assert state.split_columns(SplitKind.TIME) == ["joined"]


def test_a_column_without_repeats_cannot_be_a_group(state: NewRunState) -> None:
    assert "customer" not in state.split_columns(SplitKind.GROUP)


def test_an_own_budget_is_never_under_the_least_that_works(state: NewRunState) -> None:
    state.param.update(budget="own", own_seconds=1)
    assert state.budget_s() == 5.0


def test_the_request_says_all_that_was_chosen(state: NewRunState) -> None:
    state.param.update(
        budget="own",
        own_seconds=15,
        split=SplitKind.TIME,
        split_column="joined",
        exclude=["customer"],
    )
    assert state.request() == {
        "dataset": "churn",
        "version": 1,
        "target": "churned",
        "task": Task.BINARY,
        "metric": "roc_auc",
        "split": Split(SplitKind.TIME, "joined"),
        "exclude": ("customer",),
        "budget_s": 15.0,
    }


def test_a_split_without_its_column_is_at_random(state: NewRunState) -> None:
    state.split = SplitKind.GROUP
    assert state.request()["split"] == Split()
