"""Traffic as charts and figures."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import Any

from freemlops.domain.model import DeploymentRules
from freemlops.i18n import translator
from freemlops.services.prediction_log import Traffic
from freemlops.services.refusals import Refused
from freemlops.services.traffic import Flow
from freemlops.ui.charts.traffic import bar_columns, color_of, line_columns
from freemlops.ui.components.traffic_view import figures, no_traffic

T0 = datetime(2026, 1, 1, 12, tzinfo=UTC)
T = translator("en")


def flow(**more: Any) -> Flow:
    made: dict[str, Any] = {
        "since": T0, "until": T0 + timedelta(hours=1), "step_s": 60, "spans": [], "latencies": [],
        "errors": [], "whole": Traffic(T0, [], [], 0, 0, 0),
    }  # fmt: skip
    return Flow(**(made | more))


def span(minute: int, version: int, requests: int) -> dict[str, Any]:
    at = T0 + timedelta(minutes=minute)
    return {"began": at, "version": version, "role": "champion", "requests": requests}


def test_bars_of_a_minute_stand_on_one_another_errors_on_top() -> None:
    made = bar_columns(flow(spans=[span(0, 1, 5), span(0, 2, 3), span(1, 1, 1)],
                            errors=[Refused(T0, 422, 2)]), T)  # fmt: skip
    assert list(zip(made["y"], made["top"], strict=True)) == [(0, 5), (5, 8), (0, 1), (8, 10)]
    assert made["color"][0] == made["color"][2] == color_of(1) != made["color"][1]


def test_a_time_without_requests_breaks_the_lines() -> None:
    took = {"p50_ms": 1.0, "p95_ms": 2.0, "p99_ms": 3.0}
    latencies = [{"began": T0 + timedelta(minutes=m), **took} for m in (0, 1, 9)]
    made = line_columns(flow(latencies=latencies), T)
    assert [math.isnan(v) for v in made["p50_ms"]] == [False, False, True, False]


def test_what_is_sampled_is_said() -> None:
    assert "10.0%" in figures(flow(), DeploymentRules(log_share=0.1), T)
    assert "%" not in figures(flow(), DeploymentRules(), T)


def test_errors_are_told_with_the_time_since_which_they_are_counted() -> None:
    """They live in memory: after a restart, a count of the last hour would be too small."""
    early, late = T0 - timedelta(days=1), T0 + timedelta(minutes=30)
    told = [
        figures(flow(whole=Traffic(T0, [], [], 0, 0, 0, errors_since=at),
                     errors=[Refused(T0, 422, 7)]), DeploymentRules(), T)
        for at in (early, late)
    ]  # fmt: skip
    assert "Errors in this time: 7." in told[0]
    assert f"since the server started, {T.datetime(late)}" in told[1]


def test_nothing_to_see_says_why() -> None:
    assert "off" in no_traffic(DeploymentRules(log_share=0), T)
    assert "code above" in no_traffic(DeploymentRules(), T)
