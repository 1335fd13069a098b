"""The curves there are for each task, by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from freemlops.domain.errors import InvalidError
from freemlops.domain.evaluation.curves import Curve
from freemlops.domain.evaluation.threshold import HALF, Costs
from freemlops.domain.run import Task
from freemlops.domain.words import Message, say
from freemlops.engine.evaluation import class_curves, number_curves
from freemlops.engine.evaluation.answers import Answers
from freemlops.engine.evaluation.columns import Grouping
from freemlops.engine.evaluation.ladder import Ladder

CURVES: Final = {
    Task.BINARY: (
        "roc", "precision_recall", "confusion", "calibration", "gain", "scores", "cost",
    ),
    Task.MULTICLASS: ("confusion", "classes", "roc_ovr", "calibration"),
    Task.REGRESSION: (
        "predicted_true", "residuals", "residuals_predicted", "residuals_column", "errors",
        "truth_by_answer",
    ),
}  # fmt: skip
_RANKED: Final = ("roc", "precision_recall", "gain", "cost")


@dataclass(frozen=True, slots=True)
class Asked:
    """What some curves want to know: `threshold` the confusion, `costs` the cost, `column` and
    its `grouping` the residuals by column."""

    threshold: float | None = None
    costs: Costs | None = None
    column: str = ""
    grouping: Grouping | None = None


def draw(
    name: str, answers: Answers, ladder: Callable[[], Ladder], asked: Asked
) -> Curve | Message:
    """`answers` without trouble; `ladder` is that of “yes”. A `Message` says why there is none.

    Raises `InvalidError` for costs that are missing.
    """
    if name in _RANKED:
        return _ranked(name, answers, ladder(), asked)
    two = len(answers.classes) == 2
    made: dict[str, Callable[[], Curve]] = {
        "confusion": lambda: class_curves.confusion(
            answers, (asked.threshold if asked.threshold is not None else HALF) if two else None
        ),
        "calibration": lambda: class_curves.calibration(answers),
        "scores": lambda: class_curves.scores_by_class(answers),
        "classes": lambda: class_curves.by_class(answers),
        "roc_ovr": lambda: class_curves.one_versus_rest(answers),
        "predicted_true": lambda: number_curves.predicted_true(answers),
        "residuals": lambda: number_curves.residual_histogram(answers),
        "residuals_predicted": lambda: number_curves.residuals_predicted(answers),
        "residuals_column": lambda: _by_column(answers, asked),
        "errors": lambda: number_curves.error_quantiles(answers),
        "truth_by_answer": lambda: number_curves.truth_by_answer(answers),
    }
    return made[name]()


def _ranked(name: str, answers: Answers, ladder: Ladder, asked: Asked) -> Curve | Message:
    label = answers.classes[1]
    for count, missing in ((ladder.yes, label), (ladder.no, answers.classes[0])):
        if not count:
            return say("No row of “{label}” was held out.", label=missing)
    match name:
        case "roc":
            return class_curves.roc(ladder, label)
        case "precision_recall":
            return class_curves.precision_recall(ladder, label)
        case "gain":
            return class_curves.gain(ladder, label)
        case _:
            if asked.costs is None:
                raise InvalidError("Say what a miss and a false alarm cost.")
            return class_curves.cost(ladder, asked.costs)


def _by_column(answers: Answers, asked: Asked) -> Curve:
    grouping = asked.grouping
    assert grouping is not None
    return number_curves.residuals_by(answers, asked.column, grouping)
