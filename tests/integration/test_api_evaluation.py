"""Evaluation over HTTP, of a model that was trained for it."""

from __future__ import annotations

from typing import Any

import httpx
import pytest


@pytest.fixture(scope="module")
def best(run: dict[str, Any]) -> str:
    return f"/api/v1/runs/{run['run']}/candidates/{run['best']}"


def test_all_metrics_agree_with_the_board_and_have_the_baseline_beside(
    api: httpx.Client, run: dict[str, Any], best: str
) -> None:
    found = api.get(f"{best}/evaluation").json()
    metrics = {m["metric"]: m for m in found["metrics"]}
    assert found["metrics"][0]["metric"] == run["metric"]
    assert len(metrics) >= 15
    assert found["rows"] == 80
    assert found["classes"] == ["não", "sim"]
    candidates = {c["candidate"]: c["holdout"] for c in run["leaderboard"]}
    for name, score in candidates[run["best"]].items():
        for end in ("value", "low", "high"):
            assert metrics[name][end] == pytest.approx(score[end], abs=1e-5), name
        assert metrics[name]["baseline"] == pytest.approx(
            candidates["constant"][name]["value"], abs=1e-5
        )
    assert metrics["average_precision"]["value"] > metrics["average_precision"]["baseline"]


def test_figures_speak_the_readers_language(api: httpx.Client, best: str) -> None:
    english = api.get(f"{best}/evaluation").json()["metrics"]
    found = api.get(f"{best}/evaluation", headers={"Accept-Language": "pt-BR"}).json()["metrics"]
    assert all(a["about"] != b["about"] for a, b in zip(english, found, strict=True))


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("roc", ""),
        ("precision_recall", ""),
        ("confusion", "?threshold=0.3"),
        ("calibration", ""),
        ("gain", ""),
        ("scores", ""),
        ("cost", "?miss=500&false_alarm=5"),
    ],
)
def test_every_curve_of_a_question_of_yes_or_no(
    api: httpx.Client, best: str, name: str, query: str
) -> None:
    answer = api.get(f"{best}/curves/{name}{query}")
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert found["reason"] is None and found["rows"] == 80
    assert found["data"]["rows"] == 80


def test_a_cost_picks_the_threshold_and_says_what_it_saves(api: httpx.Client, best: str) -> None:
    query = "?threshold=0.5&miss=500&false_alarm=5"
    found = api.get(f"{best}/threshold{query}").json()
    assert found["label"] == "sim"
    choices = {c["rule"]: c for c in found["choices"]}
    assert set(choices) == {"f1", "youden", "cost"}
    cost = choices["cost"]
    assert cost["best"]["cost"] == 500 * cost["best"]["misses"] + 5 * cost["best"]["false_alarms"]
    assert cost["saves_over_half"] == found["asked"]["cost"] - cost["best"]["cost"] >= 0
    assert cost["saves_over_never"] > 0
    plain = api.get(f"{best}/threshold").json()
    assert {c["rule"] for c in plain["choices"]} == {"f1", "youden"}


def test_groups_come_with_counts_and_ratios(api: httpx.Client, best: str) -> None:
    found = api.get(f"{best}/groups", params={"column": "região", "metric": "accuracy"}).json()
    assert {g["group"] for g in found["groups"]} == {"São Paulo", "Recife", "Belém", "Porto Alegre"}
    assert sum(g["rows"] for g in found["groups"]) == 80
    assert 0 <= found["parity"] <= 1
    quarters = api.get(f"{best}/groups", params={"column": "idade"}).json()
    assert len(quarters["groups"]) == 4


def test_the_worst_rows_come_with_their_raw_values(api: httpx.Client, best: str) -> None:
    found = api.get(f"{best}/mistakes").json()
    assert len(found["worst"]) == 10
    errors = [m["error"] for m in found["worst"]]
    assert errors == sorted(errors, reverse=True)
    first = found["worst"][0]
    assert first["values"]["inadimplente"] == (first["truth"] == "sim")
    assert {"renda", "idade", "região", "início"} <= set(first["values"])
    assert first["message"].startswith("It said")
    assert found["clusters"] or found["note"]


def test_the_rows_of_a_cell_are_those_counted(api: httpx.Client, best: str) -> None:
    counts = api.get(f"{best}/curves/confusion?threshold=0.4").json()["data"]["counts"]
    query = {"true": "sim", "said": "não", "threshold": 0.4, "limit": 200}
    rows = api.get(f"{best}/rows", params=query).json()["items"]
    assert len(rows) == counts[1][0]
    assert all(r["truth"] == "sim" for r in rows)


def test_the_learning_curve_ends_at_the_boards_score(
    api: httpx.Client, run: dict[str, Any]
) -> None:
    path = f"/api/v1/runs/{run['run']}/learning"
    found = api.get(path, headers={"Accept-Language": "pt-BR"}).json()
    assert (found["candidate"], found["metric"]) == (run["best"], "roc_auc")
    rows = [p["rows"] for p in found["points"]]
    assert rows == sorted(rows)
    assert len(rows) > 1
    board = {c["candidate"]: c["holdout"]["roc_auc"]["value"] for c in run["leaderboard"]}
    assert found["points"][-1]["value"] == pytest.approx(board[run["best"]])
    assert "linhas" in found["sentence"]
    assert api.get("/api/v1/runs/run_x/learning").status_code == 404


def test_the_ties_agree_with_the_board(api: httpx.Client, run: dict[str, Any]) -> None:
    found = api.get(f"/api/v1/runs/{run['run']}/ties").json()
    assert (found["best"], found["source"]) == (run["best"], "holdout")
    board = {c["candidate"]: c["tied_with_best"] for c in run["leaderboard"]}
    for standing in found["standings"]:
        name = standing["candidate"]
        assert standing["tied"] == board[name], name
        assert (standing["p_best_better"] is None) == (name == run["best"])
    assert found["recommended"] in board
    assert sum(s["recommended"] for s in found["standings"]) == 1
    assert found["reason"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/curves/nope", 422),
        ("/curves/residuals", 422),
        ("/curves/cost", 422),
        ("/curves/cost?miss=5", 422),
        ("/curves/cost?miss=nan&false_alarm=1", 422),
        ("/curves/residuals_column?column=idade", 422),
        ("/threshold?threshold=2", 422),
        ("/threshold?threshold=nan", 422),
        ("/groups", 422),
        ("/groups?column=nope", 422),
        ("/groups?column=idade&metric=rmse", 422),
        ("/rows?true=sim&said=talvez", 422),
        ("/rows?true=sim&said=sim&limit=9999", 422),
    ],
)
def test_what_makes_no_sense_is_said(api: httpx.Client, best: str, path: str, status: int) -> None:
    answer = api.get(best + path)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")


def test_a_stranger_is_not_found(api: httpx.Client, run: dict[str, Any]) -> None:
    assert api.get(f"/api/v1/runs/{run['run']}/candidates/x/evaluation").status_code == 404
    assert api.get("/api/v1/runs/run_x/ties").status_code == 404
