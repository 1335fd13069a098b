"""The charts that lay runs over one another, as models, without a browser."""

from __future__ import annotations

from bokeh.models import HoverTool, MultiLine, Scatter
from bokeh.plotting import figure

from freemlops.domain.evaluation.comparison import Scored
from freemlops.domain.evaluation.curves import Calibration, CalibrationBin, Histogram, Roc
from freemlops.domain.run import Trial
from freemlops.i18n import translator
from freemlops.ui.charts.overlaid import overlaid
from freemlops.ui.charts.trial_lines import Tried, parallel, trial_cloud

T = translator("en")
TRIED = [
    Tried("AB"[n % 2], "#0f8a84", Scored(
        Trial(n, "lightgbm", 0.2, 1.0, float(n), {"num_leaves": 4 + n, "extra_trees": n > 2}),
        0.8 + n / 100,
    ))
    for n in range(5)
]  # fmt: skip


def assert_even(plot: figure) -> None:
    """Bokeh draws columns of different length only as far as the shortest goes."""
    for renderer in plot.renderers:
        assert len({len(c) for c in renderer.data_source.data.values()}) == 1


def hovered(plot: figure) -> list[str]:
    """What is said under the mouse, in the order of the lines."""
    tools = [t for t in plot.tools if isinstance(t, HoverTool)]
    return [str(r.data_source.data["said"][0]) for t in tools for r in t.renderers]


def test_each_run_is_a_line_of_its_own_with_its_letter() -> None:
    curve = Roc("yes", (0, 0.5, 1), (0, 0.9, 1), (1, 0.5, 0), 0.7, 20, False)
    plot = overlaid("roc", [("A", "#0f8a84", curve), ("B", "#c2761b", curve)], T)
    assert_even(plot)
    assert [w[:2] for w in hovered(plot)] == ["A.", "B."]
    assert [i.label.value for i in plot.legend[0].items] == ["A", "B"]
    dashes = {str(r.glyph.line_dash) for r in plot.renderers[1:]}
    assert len(dashes) == 2, "two lines that run alike are both seen"


def test_bins_and_residuals_lie_over_one_another_too() -> None:
    bins = Calibration("", (CalibrationBin(1, 3, 9, 2, 2.5, 2, 3),), 0.5, 9)
    counts = Histogram((-1, 0, 1), ("",), ((3, 6),), 9)
    parts = [("A", "#0f8a84"), ("B", "#c2761b")]
    for name, curve in (("truth_by_answer", bins), ("calibration", bins), ("residuals", counts)):
        plot = overlaid(name, [(*p, curve) for p in parts], T)
        assert_even(plot)
        assert len(hovered(plot)) == 2


def test_each_trial_is_a_dot_and_a_line_that_tell_its_settings() -> None:
    cloud = trial_cloud(TRIED, "ROC AUC", T, higher_is_better=True)
    lines = parallel(TRIED, "ROC AUC", T, higher_is_better=True)
    for plot, glyph in ((cloud, Scatter), (lines, MultiLine)):
        assert_even(plot)
        drawn = [r for r in plot.renderers if isinstance(r.glyph, glyph)]
        assert sum(len(r.data_source.data["said"]) for r in drawn) == len(TRIED)
        assert all("leaves of a tree" in words for words in hovered(plot))


def test_a_low_error_stands_on_top_and_the_best_is_thick() -> None:
    plot = parallel(TRIED, "RMSE", T, higher_is_better=False)
    drawn = [r.data_source.data for r in plot.renderers if isinstance(r.glyph, MultiLine)]
    assert drawn[0]["ys"][0][-1] == 1.0, "the least error"
    assert [list(d["width"]).index(4) for d in drawn] == [0, 0]
