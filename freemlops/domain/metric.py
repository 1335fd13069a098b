"""The metrics of each task: names as in scikit-learn, direction, and plain words."""

from __future__ import annotations

from dataclasses import dataclass

from freemlops.domain.run import Task
from freemlops.domain.words import N_


@dataclass(frozen=True, slots=True)
class Metric:
    """`higher_is_better` gives the direction; `title` and `about` are gettext templates."""

    name: str
    title: str
    about: str
    higher_is_better: bool
    tasks: tuple[Task, ...]


_CLASSES = (Task.BINARY, Task.MULTICLASS)
METRICS: dict[str, Metric] = {
    m.name: m
    for m in (
        Metric(
            "roc_auc",
            N_("ROC AUC"),
            N_(
                "How often the model ranks a real “yes” above a real “no”. "
                "0.5 is guessing, 1 is perfect."
            ),
            True,
            (Task.BINARY,),
        ),
        Metric(
            "log_loss",
            N_("Log loss"),
            N_("How surprised the model is by the truth. 0 is perfect, lower is better."),
            False,
            _CLASSES,
        ),
        Metric(
            "accuracy",
            N_("Accuracy"),
            N_("The share of rows answered right. 1 is perfect."),
            True,
            _CLASSES,
        ),
        Metric(
            "balanced_accuracy",
            N_("Balanced accuracy"),
            N_("The share answered right, each class counting the same. 1 is perfect."),
            True,
            _CLASSES,
        ),
        Metric(
            "f1",
            N_("F1"),
            N_("The balance of precision and recall, averaged over the classes. 1 is perfect."),
            True,
            _CLASSES,
        ),
        Metric(
            "rmse",
            N_("Typical error (RMSE)"),
            N_("The typical distance from the truth, large misses counting more. 0 is perfect."),
            False,
            (Task.REGRESSION,),
        ),
        Metric(
            "mae",
            N_("Average error (MAE)"),
            N_("The average distance from the truth. 0 is perfect."),
            False,
            (Task.REGRESSION,),
        ),
        Metric(
            "r2",
            N_("R²"),
            N_("The share of the ups and downs that is explained. 0 is guessing, 1 is perfect."),
            True,
            (Task.REGRESSION,),
        ),
    )
}

DEFAULT_METRIC: dict[Task, str] = {
    Task.BINARY: "roc_auc",
    Task.MULTICLASS: "log_loss",
    Task.REGRESSION: "rmse",
}


def metrics_for(task: Task) -> tuple[Metric, ...]:
    """The metrics a person may choose for `task`, its default first."""
    names = [m for m in METRICS.values() if task in m.tasks]
    return tuple(sorted(names, key=lambda m: m.name != DEFAULT_METRIC[task]))
