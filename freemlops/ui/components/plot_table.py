"""The numbers behind a plot, for those who can't see it or want them exactly."""

from __future__ import annotations

from freemlops.domain.evaluation.curves import Curve
from freemlops.i18n import Translator
from freemlops.report.curve_rows import curve_rows
from freemlops.ui.components.folds import table_fold
from freemlops.ui.components.safe import Markup

MOST_LINES = 60


def plot_table(made: Curve, t: Translator, title: str = "", *, shares: bool = True) -> Markup:
    """Folded; of long curves some lines only, evenly apart. `shares`: a calibration is of
    probabilities."""
    head, lines = curve_rows(made, t, MOST_LINES, shares=shares)
    return table_fold(title or t.text("As a table"), head, lines, "fm-plot-table")
