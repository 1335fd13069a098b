"""Axes end where the data does, with round numbers, whatever the data is."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from freemlops.i18n import translator
from freemlops.report.axis import numbers, parts, ticks

T = translator("en")
FLOATS = st.floats(allow_nan=True, allow_infinity=True)


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0, 1, (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)),
        (-3, 7, (-2.0, 0.0, 2.0, 4.0, 6.0)),
        (0.5, 0.5, ()),
        (0, math.inf, ()),
    ],
)
def test_ticks_are_round(low: float, high: float, expected: tuple[float, ...]) -> None:
    assert ticks(low, high) == expected


@given(st.floats(-1e12, 1e12), st.floats(1e-6, 1e12))
def test_ticks_are_few_and_between_the_ends(low: float, reach: float) -> None:
    made = ticks(low, low + reach)
    assert len(made) <= 6
    assert all(low - reach * 1e-6 <= tick <= low + reach * (1 + 1e-6) for tick in made)
    assert sorted(set(made)) == list(made)


@given(st.lists(FLOATS, max_size=20), FLOATS)
def test_every_number_has_its_place_on_the_axis(values: list[float], value: float) -> None:
    axis = numbers("x", values, T)
    assert math.isfinite(axis.low) and axis.low < axis.high
    if not math.isnan(value):
        assert 0 <= axis.share(value) <= 1
    assert len(axis.labels) == len(axis.ticks)


def test_steps_below_a_percent_are_not_rounded_away() -> None:
    assert parts("share", 0.09, T).labels == ("0%", "2%", "4%", "6%", "8%")
    assert parts("share", 0.118, T).labels == ("0.0%", "2.5%", "5.0%", "7.5%", "10.0%")
