"""Beside the distributions of scipy.stats, which are too slow to load for a page."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from freemlops.engine.evaluation.chances import drawn, higher, stray


@pytest.mark.parametrize(
    ("marked", "rows", "of_them", "draws"),
    [
        (0, 50, 10, 5), (3, 50, 10, 5), (5, 50, 10, 5), (6, 50, 10, 5), (45, 50, 48, 46),
        (400, 10_000, 3_000, 900), (12, 20_000, 100, 1_500), (0, 10, 0, 4), (4, 10, 10, 4),
    ],
)  # fmt: skip
def test_marked_rows_among_those_drawn(marked: int, rows: int, of_them: int, draws: int) -> None:
    known = stats.hypergeom.sf(marked - 1, rows, of_them, draws)
    assert drawn(marked, rows, of_them, draws) == pytest.approx(known, rel=1e-8, abs=1e-300)


@pytest.mark.parametrize("lead", [-0.5, 0.0, 0.3, 2.0])
def test_one_mean_above_another(lead: float) -> None:
    random = np.random.default_rng(3)
    own, others = random.normal(lead, 2, 30), random.normal(0, 1, 200)
    known = stats.ttest_ind(own, others, equal_var=False, alternative="greater")
    assert higher(own, others) == pytest.approx(known.pvalue, rel=1e-9)


def test_of_equal_values_nothing_is_said() -> None:
    assert higher(np.ones(5), np.ones(9)) is None


@pytest.mark.parametrize("skew", [-3.0, -0.4, -1e-3, -1e-9, 0.0, 1e-9, 1e-3, 0.2, 1.0, 4.0])
@pytest.mark.parametrize("at", [-6.0, -2.0, -0.1, 0.0, 0.7, 3.0, 9.0])
def test_a_value_that_strays(at: float, skew: float) -> None:
    known = stats.pearson3(skew)
    both = min(1.0, 2 * min(known.cdf(at), known.sf(at)))
    assert stray(at, skew) == pytest.approx(both, rel=1e-4, abs=1e-12)
