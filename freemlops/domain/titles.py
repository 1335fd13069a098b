"""The names of things in words, as gettext templates: tasks, states, column types, splits."""

from __future__ import annotations

from typing import Final

from freemlops.domain.dataset import ColumnType
from freemlops.domain.run import RunStatus, SplitKind, Task
from freemlops.domain.words import N_

TASKS: Final = {
    Task.BINARY: N_("Yes or no"),
    Task.MULTICLASS: N_("One of several classes"),
    Task.REGRESSION: N_("A number"),
}
STATUSES: Final = {
    RunStatus.QUEUED: N_("Waiting"),
    RunStatus.RUNNING: N_("Training"),
    RunStatus.FINISHED: N_("Finished"),
    RunStatus.STOPPED: N_("Stopped, best kept"),
    RunStatus.CANCELLED: N_("Cancelled"),
    RunStatus.FAILED: N_("Did not work"),
    RunStatus.INTERRUPTED: N_("Interrupted"),
}
TYPES: Final = {
    ColumnType.INTEGER: N_("Whole number"),
    ColumnType.DECIMAL: N_("Number"),
    ColumnType.BOOLEAN: N_("Yes or no"),
    ColumnType.TEXT: N_("Text"),
    ColumnType.DATE: N_("Date"),
    ColumnType.DATETIME: N_("Date and time"),
}
SPLITS: Final = {
    SplitKind.RANDOM: N_("At random"),
    SplitKind.TIME: N_("By time: train on the past, test on the latest"),
    SplitKind.GROUP: N_("By group: no group in both parts"),
}
