"""Many runs over HTTP: filters, pages, facets, notes, comparisons."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.integration.conftest import trained

HOSTILE = ("100%_", "'; DROP TABLE app.run; --", "<script>alert(1)</script>", "ção")


@pytest.fixture(scope="module")
def two(api: httpx.Client, loans: dict[str, Any], run: dict[str, Any]) -> tuple[str, str]:
    """The run of all tests, and one that names itself."""
    other = trained(api, loans["dataset"], "inadimplente", seed=2, name="segunda ação")
    return run["run"], other["run"]


def listed(api: httpx.Client, **params: Any) -> list[str]:
    answer = api.get("/api/v1/runs", params=params)
    assert answer.status_code == 200, answer.text
    return [r["run"] for r in answer.json()["items"]]


def test_the_list_says_what_leads_without_the_board(
    api: httpx.Client, two: tuple[str, str], run: dict[str, Any]
) -> None:
    items = api.get("/api/v1/runs", params={"q": "segunda ACAO"}).json()["items"]
    assert [i["run"] for i in items] == [two[1]]
    whole = api.get(f"/api/v1/runs/{two[1]}").json()
    for name in ("best", "best_family", "best_score", "baseline_score", "receipt", "libraries"):
        assert items[0][name] == whole[name] is not None
    assert items[0]["leaderboard"] == []


def test_filters_and_pages_work_together(
    api: httpx.Client, loans: dict[str, Any], two: tuple[str, str]
) -> None:
    same = {"dataset": loans["dataset"], "status": "finished", "task": "binary"}
    everything = listed(api, **same)
    assert set(two) <= set(everything)
    first = api.get("/api/v1/runs", params={**same, "limit": 1}).json()
    rest = listed(api, **same, cursor=first["cursor"], limit=200)
    assert [first["items"][0]["run"], *rest] == everything
    assert first["total"] == len(everything)
    assert listed(api, **same, target="nothing") == []
    assert set(two) <= set(listed(api, **same, sort="score"))
    assert listed(api, dataset=loans["dataset"], status=["failed", "queued"]) == []


@pytest.mark.parametrize(
    "params",
    [
        {"status": "dreaming"},
        {"sort": "magic"},
        {"task": "prophecy"},
        {"limit": 0},
        {"cursor": "x"},
        {"q": "x" * 201},
        {"created_from": "yesterday"},
        {"least_score": "high"},
    ],
)
def test_a_senseless_filter_is_refused_in_words(api: httpx.Client, params: dict[str, Any]) -> None:
    answer = api.get("/api/v1/runs", params=params)
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")


def test_facets_count_the_runs_of_each_value(
    api: httpx.Client, loans: dict[str, Any], two: tuple[str, str]
) -> None:
    made = api.get("/api/v1/runs/facets", params={"q": "segunda"}).json()
    assert made["total"] == 1
    assert made["dataset"] == [{"value": loans["dataset"], "count": 1, "title": loans["name"]}]
    assert made["status"][0]["value"] == "finished"


@pytest.mark.parametrize("text", HOSTILE)
def test_notes_come_back_as_they_were_written(
    api: httpx.Client, two: tuple[str, str], text: str
) -> None:
    body = {"notes": text, "tags": [text], "starred": True}
    made = api.patch(f"/api/v1/runs/{two[0]}", json=body)
    assert made.status_code == 200, made.text
    assert (made.json()["notes"], made.json()["tags"]) == (text, [text])
    assert two[0] in listed(api, tag=text, starred=True)
    assert two[0] in listed(api, q=text)
    assert two[0] not in listed(api, starred=False)
    assert api.get(f"/api/v1/runs/{two[0]}").json()["starred"] is True


def test_wrong_notes_are_refused_in_words(api: httpx.Client, two: tuple[str, str]) -> None:
    url = f"/api/v1/runs/{two[0]}"
    for body in ({"tags": ["a,b"]}, {"name": "x" * 121}, {"star": True}, {"tags": "a"}):
        assert api.patch(url, json=body).status_code == 422
    assert api.patch("/api/v1/runs/run_nothing", json={"starred": True}).status_code == 404


def test_a_comparison_lays_runs_side_by_side(api: httpx.Client, two: tuple[str, str]) -> None:
    made = api.get("/api/v1/runs/compare", params={"run": list(two)}).json()
    assert [r["run"] for r in made["runs"]] == list(two)
    assert made["differs"] == ["seed"]
    for line in made["runs"]:
        assert {"roc_auc", "accuracy"} <= set(line["holdout"])
        assert line["configuration"]["target"] == "inadimplente"
    assert api.get("/api/v1/runs/compare?run=run_nothing").status_code == 404
    assert api.get("/api/v1/runs/compare").status_code == 422


def test_identifiers_of_new_runs_sort_by_time(api: httpx.Client, two: tuple[str, str]) -> None:
    assert two[0][:8] <= two[1][:8]
