"""Errors of endpoints, counted by minute."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from freemlops.services import refusals
from freemlops.services.refusals import Refusals
from freemlops.services.traffic import step_of


def test_errors_are_counted_by_endpoint_status_and_span() -> None:
    made = Refusals()
    for status in (422, 422, 503):
        made.add("a", status)
    made.add("b", 400)
    since = datetime.now(UTC) - timedelta(hours=1)
    assert [(r.status, r.count) for r in made.since("a", since, 900)] == [(422, 2), (503, 1)]
    assert made.since("a", datetime.now(UTC) + timedelta(minutes=2), 60) == []
    assert made.since("c", since, 60) == []


def test_memory_does_not_grow_with_the_names_that_are_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(refusals, "MOST_ENDPOINTS", 2)
    made, since = Refusals(), datetime.now(UTC) - timedelta(hours=1)
    for name in "abc":
        made.add(name, 400)
    assert made.since("b", since, 60)
    assert not made.since("c", since, 60)


@pytest.mark.parametrize("minutes", [60, 24 * 60, 7 * 24 * 60])
def test_a_chart_has_some_sixty_to_a_hundred_bars(minutes: int) -> None:
    assert 60 <= minutes * 60 / step_of(minutes) <= 100
