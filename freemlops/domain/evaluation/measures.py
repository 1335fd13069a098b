"""All the metrics of the field, each task's: those a run can be trained by, and many more.

Names and values are scikit-learn's. In a question of yes or no, “yes” is the second class.
"""

from __future__ import annotations

from typing import Final

from freemlops.domain.metric import METRICS, Metric
from freemlops.domain.run import Task
from freemlops.domain.words import N_

_BINARY = (Task.BINARY,)
_SEVERAL = (Task.MULTICLASS,)
_CLASSES = (Task.BINARY, Task.MULTICLASS)
_NUMBER = (Task.REGRESSION,)

NO_INTERVAL: Final = frozenset({"ece", "ks", "max_error"})
"""A resample can only miss the largest error, and adds to a largest gap or a sum of gaps: by
simulation, intervals of them hold the truth 80% of the time and less."""
RATES: Final = frozenset({"accuracy", "precision", "recall", "specificity", "top_2"})
"""Shares of rows answered right: when all are right, chance is told by the rule of three."""

MEASURES: Final[dict[str, Metric]] = METRICS | {
    m.name: m
    for m in (
        Metric(
            "average_precision",
            N_("Average precision"),
            N_(
                "How clean the list of likely “yes” stays as it gets longer. A model that guesses "
                "gets the share of “yes”, 1 is perfect."
            ),
            True,
            _BINARY,
        ),
        Metric(
            "brier",
            N_("Brier score"),
            N_("How far the probabilities are from what happened. 0 is perfect, lower is better."),
            False,
            _CLASSES,
        ),
        Metric(
            "precision",
            N_("Precision"),
            N_("When it says “yes”, how often that is right. 1 is perfect."),
            True,
            _BINARY,
        ),
        Metric(
            "recall",
            N_("Recall"),
            N_("How many of the real “yes” it finds. 1 is perfect."),
            True,
            _BINARY,
        ),
        Metric(
            "specificity",
            N_("Specificity"),
            N_("How many of the real “no” it leaves alone. 1 is perfect."),
            True,
            _BINARY,
        ),
        Metric(
            "f1_yes",
            N_("F1 of “yes”"),
            N_("The balance of precision and recall for “yes”. 1 is perfect."),
            True,
            _BINARY,
        ),
        Metric(
            "mcc",
            N_("Matthews correlation"),
            N_("How closely answers and truth go together. 0 is guessing, 1 is perfect."),
            True,
            _CLASSES,
        ),
        Metric(
            "kappa",
            N_("Cohen's kappa"),
            N_("How far the answers agree with the truth beyond luck. 0 is luck, 1 is perfect."),
            True,
            _CLASSES,
        ),
        Metric(
            "gini",
            N_("Gini coefficient"),
            N_("ROC AUC on another scale: 0 is guessing, 1 is perfect."),
            True,
            _BINARY,
        ),
        Metric(
            "ks",
            N_("Kolmogorov–Smirnov"),
            N_("How far the scores of “yes” and “no” lie apart at best. 1 is perfect."),
            True,
            _BINARY,
        ),
        Metric(
            "ece",
            N_("Calibration error"),
            N_("How far “70% sure” is from right 70% of the time, on average. 0 is perfect."),
            False,
            _CLASSES,
        ),
        Metric(
            "f1_weighted",
            N_("F1 by frequency"),
            N_("The balance of precision and recall, common classes counting more. 1 is perfect."),
            True,
            _SEVERAL,
        ),
        Metric(
            "precision_macro",
            N_("Precision, averaged"),
            N_("When it names a class, how often that is right, averaged over the classes."),
            True,
            _SEVERAL,
        ),
        Metric(
            "recall_macro",
            N_("Recall, averaged"),
            N_("How many rows of each class it finds, averaged over the classes."),
            True,
            _SEVERAL,
        ),
        Metric(
            "top_2",
            N_("Right within two"),
            N_("How often the truth is one of its two likeliest classes. 1 is perfect."),
            True,
            _SEVERAL,
        ),
        Metric(
            "roc_auc_ovr",
            N_("ROC AUC, each against the rest"),
            N_("How well it ranks each class above all others. 0.5 is guessing, 1 is perfect."),
            True,
            _SEVERAL,
        ),
        Metric(
            "roc_auc_ovo",
            N_("ROC AUC, each against each"),
            N_("How well it tells any two classes apart. 0.5 is guessing, 1 is perfect."),
            True,
            _SEVERAL,
        ),
        Metric(
            "median_ae",
            N_("Median error"),
            N_("Half of the answers miss the truth by less than this. 0 is perfect."),
            False,
            _NUMBER,
        ),
        Metric(
            "mape",
            N_("Error in percent (MAPE)"),
            N_("The average distance from the truth, as a share of the truth. 0 is perfect."),
            False,
            _NUMBER,
        ),
        Metric(
            "max_error",
            N_("Largest error"),
            N_("The worst miss of all. 0 is perfect."),
            False,
            _NUMBER,
        ),
        Metric(
            "explained_variance",
            N_("Explained variance"),
            N_("Like R², but forgives always being too high or too low. 1 is perfect."),
            True,
            _NUMBER,
        ),
        Metric(
            "msle",
            N_("Squared error of logarithms"),
            N_("Counts misses by how many times too large or small. 0 is perfect."),
            False,
            _NUMBER,
        ),
        Metric(
            "pinball_10",
            N_("Pinball loss, 10%"),
            N_("The average miss, too high counting nine times as much as too low."),
            False,
            _NUMBER,
        ),
        Metric(
            "pinball_90",
            N_("Pinball loss, 90%"),
            N_("The average miss, too low counting nine times as much as too high."),
            False,
            _NUMBER,
        ),
    )
}


def measures_for(task: Task, first: str = "") -> tuple[Metric, ...]:
    """All metrics of the task, `first` (the run's own) before the others."""
    found = [m for m in MEASURES.values() if task in m.tasks]
    return tuple(sorted(found, key=lambda m: m.name != first))
