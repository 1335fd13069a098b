"""The plots of a result in words: their names, and what each says to whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from freemlops.domain.run import Task
from freemlops.domain.words import N_


@dataclass(frozen=True, slots=True)
class PlotWords:
    """Gettext templates: `what` it is, whether it is `good`, what one can `do`."""

    title: str
    what: str
    good: str
    do: str


PLOTS: Final = {
    "roc": PlotWords(
        N_("ROC curve"),
        N_(
            "For every threshold, how many real “yes” are found (up) and how many “no” are called "
            "“yes” by mistake (right)."
        ),
        N_(
            "The more the line bends to the upper left, the better. On the dashed line the model "
            "guesses."
        ),
        N_("Choose the point where false alarms still cost less than they bring."),
    ),
    "precision_recall": PlotWords(
        N_("Precision and recall"),
        N_(
            "For every threshold, how many of the real “yes” are found (right) and how often a "
            "“yes” is right (up)."
        ),
        N_(
            "High and to the right is good. The dashed line is the share of “yes” in the data, "
            "which is what guessing gets."
        ),
        N_("Where “yes” is rare, look at this plot rather than at the ROC curve."),
    ),
    "confusion": PlotWords(
        N_("Right and wrong, class by class"),
        N_("Each line is a true class, each column what the model said; the numbers are rows."),
        N_("The diagonal is right, everything beside it is wrong."),
        N_(
            "Click a cell to see the rows in it. Two classes that are mixed up may lack a column "
            "that tells them apart."
        ),
    ),
    "calibration": PlotWords(
        N_("Can the probabilities be believed?"),
        N_(
            "Rows with about the same probability together: what the model gave (right) and how "
            "often it came true (up). Larger dots are more rows, the upright lines hold 95%."
        ),
        N_(
            "On the dashed line the model keeps its word. Below it promises too much, above too "
            "little."
        ),
        N_("Use the probabilities as they are only where the dots are near the line."),
    ),
    "gain": PlotWords(
        N_("Gain: whom to look at first"),
        N_(
            "Look at the rows that the model finds likeliest first: how many (right), and how many "
            "of all “yes” are among them (up)."
        ),
        N_("The farther above the dashed line, the more you find with the same effort."),
        N_("If you can only look at some, such as one in ten customers, read here what you get."),
    ),
    "scores": PlotWords(
        N_("Probabilities of each class"),
        N_("How many rows got which probability, for each true class by itself."),
        N_("The hills should lie apart. Where they lie over each other the model can't tell."),
        N_("Rows in the middle are those to let a person decide."),
    ),
    "cost": PlotWords(
        N_("What mistakes cost"),
        N_("The cost of all test rows at each threshold, by the costs given above."),
        N_("The lowest point is the best threshold. The dashed line is always saying “no”."),
        N_("Change the costs above and watch where the lowest point goes."),
    ),
    "classes": PlotWords(
        N_("Each class by itself"),
        N_("How many rows of the class are found, and how often it is right when it says so."),
        N_("Both bars long is good. Short bars show the classes that the model has trouble with."),
        N_("Classes with few rows need more examples."),
    ),
    "roc_ovr": PlotWords(
        N_("ROC of each class against the others"),
        N_("As many ROC curves as classes: the class against all others together."),
        N_("The more a line bends to the upper left, the better that class is told apart."),
        N_("Compare the lines: the lowest is the class to work on."),
    ),
    "predicted_true": PlotWords(
        N_("Answer and truth"),
        N_("Each row: the truth (right) and what the model said (up). Darker is more rows."),
        N_("Near the dashed line is right. A cloud that lies flat says that extremes are missed."),
        N_("Look for places far from the line: which rows are there?"),
    ),
    "residuals": PlotWords(
        N_("How far off it is"),
        N_("The answer minus the truth, and how many rows have it."),
        N_(
            "A narrow hill around 0 is good. A hill beside 0 says that all answers are too high or "
            "too low."
        ),
        N_("Long tails are few but large mistakes: look at those rows first."),
    ),
    "residuals_predicted": PlotWords(
        N_("How far off it is, by the answer"),
        N_("The answer (right) and how far it is from the truth (up)."),
        N_(
            "An even band around 0 is good. A fan says that large answers are less sure, a bend "
            "that something is missing."
        ),
        N_(
            "A fan often goes away when the logarithm of the target is predicted; that is tried by "
            "itself where it can help."
        ),
    ),
    "residuals_column": PlotWords(
        N_("How far off it is, by a column"),
        N_("For each value of the column: the middle half of the mistakes, their median as a dot."),
        N_("Bars around 0 are good. A bar beside 0 is a group that gets too much or too little."),
        N_("A group that is always off may need a column of its own or more rows."),
    ),
    "truth_by_answer": PlotWords(
        N_("The truth by the answer"),
        N_(
            "Rows with similar answers are put together: what the model said on average (right) "
            "and what was true on average (up), with the range in which that lies 95 times in 100."
        ),
        N_("Near the dashed line is right. Flatter than it says that extremes are overdone."),
        N_("Where the line leaves the dashed one, the model needs more rows or other columns."),
    ),
    "errors": PlotWords(
        N_("How often it is how far off"),
        N_("The share of the rows (right) that is missed by at most so much (up)."),
        N_("Flat and low for long is good; the rise at the right end are the worst rows."),
        N_("Read the height at 50% for a typical mistake, at 90% for a bad one."),
    ),
}

OF_TASK: Final = {
    Task.BINARY: (
        "confusion", "roc", "precision_recall", "calibration", "gain", "scores", "cost",
    ),
    Task.MULTICLASS: ("confusion", "classes", "roc_ovr", "calibration"),
    Task.REGRESSION: (
        "predicted_true", "residuals", "residuals_predicted", "residuals_column", "errors",
    ),
}  # fmt: skip
"""In the order in which they are offered."""
