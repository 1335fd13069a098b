"""The names of things in words: tasks, states, phases, model families, column types."""

from __future__ import annotations

from typing import Final

from freemlops.domain.dataset import ColumnType
from freemlops.domain.family import family_title
from freemlops.domain.run import Phase, Run, RunStatus, SplitKind, Task
from freemlops.domain.words import N_
from freemlops.i18n import Translator
from freemlops.ui.components.safe import Markup, tag

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
_TONES: Final = {
    RunStatus.QUEUED: "live",
    RunStatus.RUNNING: "live",
    RunStatus.FINISHED: "good",
    RunStatus.STOPPED: "good",
    RunStatus.FAILED: "bad",
    RunStatus.INTERRUPTED: "warn",
}
PHASES: Final = {
    Phase.WAITING: N_("Waiting for its turn"),
    Phase.READ: N_("Reading the data"),
    Phase.FLOOR: N_("Training the first simple models"),
    Phase.SEARCH: N_("Searching for better models"),
    Phase.ENSEMBLE: N_("Combining the best models"),
    Phase.REFIT: N_("Training the winner on all rows"),
    Phase.EXPORT: N_("Packing the winner and checking the copy"),
    Phase.DONE: N_("Done"),
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


def family(name: str, t: Translator) -> str:
    """The family in words; its own name when we have none."""
    return t.text(family_title(name))


def plain_number(value: float, t: Translator) -> str:
    """A number from the data, where 1987 may be a year: no thousands sign under 10,000."""
    whole = float(value).is_integer() and abs(value) < 10_000
    return str(int(value)) if whole else t.number(value)


def score_text(value: float, t: Translator) -> str:
    """A score: three decimals where scores are close to one another, else as fits its size."""
    digits = 3 if abs(value) < 10 else None
    if digits and value < 1 <= round(value, digits):
        digits = 5  # 0.9996 is not 1
    return t.number(value, digits)


def status_chip(status: RunStatus, t: Translator) -> Markup:
    return tag(
        "span", t.text(STATUSES[status]), class_=f"chip fm-status {_TONES.get(status, '')}".strip()
    )


def run_title(run: Run, t: Translator) -> str:
    """The name that a person gave the run, else what it predicts and from what."""
    return title_of(run.spec.name, run.spec.target, run.dataset_name, t)


def title_of(name: str, target: str, dataset_name: str, t: Translator) -> str:
    """As `run_title`, from the parts of a run."""
    if name:
        return name
    if target.casefold() == dataset_name.casefold():
        return target
    return t.text("{target} from {dataset}", target=target, dataset=dataset_name)
