"""Runs side by side over HTTP: figures, who is ahead, curves and trials."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.integration.conftest import loans_csv, put, trained

URL = "/api/v1/runs/compare"


@pytest.fixture(scope="module")
def data(api: httpx.Client) -> dict[str, Any]:
    made: dict[str, Any] = put(api, loans_csv(rows=600, seed=505), "side by side").json()
    return made


@pytest.fixture(scope="module")
def runs(api: httpx.Client, data: dict[str, Any]) -> dict[str, str]:
    """The same question twice on the same rows, on other rows, on another version, and another."""
    again = put(api, loans_csv(rows=620, seed=506), "side by side").json()
    asked: dict[str, dict[str, Any]] = {
        "a": {"name": "first", "max_trials": 2, "budget_s": 120},
        "b": {"exclude": ["renda"], "metric": "log_loss"},
        "seed": {"seed": 9},
        "version": {"version": again["version"]},
        "number": {"target": "renda"},
    }
    made = {}
    for key, more in asked.items():
        request = {"target": "inadimplente", "version": data["version"], "max_trials": 1} | more
        run = trained(api, data["dataset"], request.pop("target"), **request)
        assert run["status"] == "finished", run["error"]
        made[key] = str(run["run"])
    return made


def figures(api: httpx.Client, *runs: str, **more: Any) -> dict[str, Any]:
    answer = api.get(f"{URL}/figures", params={"runs": ",".join(runs), **more})
    assert answer.status_code == 200, answer.text
    made: dict[str, Any] = answer.json()
    return made


def test_figures_are_those_of_the_evaluation(api: httpx.Client, runs: dict[str, str]) -> None:
    found = figures(api, runs["a"], runs["b"])
    assert found["metric"] == "roc_auc"
    assert figures(api, runs["b"], runs["a"])["metric"] == "log_loss", "that of the first"
    for line in found["runs"]:
        path = f"/api/v1/runs/{line['run']}/candidates/{line['candidate']}/evaluation"
        assert line["metrics"] == api.get(path).json()["metrics"]
        assert line["rows"] == 120 and line["reason"] is None
    assert found["runs"][0]["name"] == "first"


def test_runs_on_the_same_rows_are_told_apart(api: httpx.Client, runs: dict[str, str]) -> None:
    found = figures(api, runs["b"], runs["a"], metric="roc_auc")
    assert found["leader"] == runs["a"], "income decides who pays back"
    assert len({line["holdout"] for line in found["runs"]}) == 1
    (rival,) = found["rivals"]
    assert (rival["run"], rival["ground"], rival["rows"]) == (runs["b"], "same_rows", 120)
    assert rival["tied"] is False and rival["p_leader_better"] > 0.98 and rival["lead"] > 0
    assert rival["sentence"].startswith("“first” is better than")
    assert found["sentences"][0] == rival["sentence"]
    assert found["sentences"][1].startswith("They were trained by different metrics")


@pytest.mark.parametrize(
    ("other", "ground", "words"),
    [
        ("seed", "other_rows", "different rows"),
        ("version", "other_version", "another version of the data"),
        ("number", "other_task", "another kind of question"),
    ],
)
def test_what_cannot_be_compared_is_said(
    api: httpx.Client, runs: dict[str, str], other: str, ground: str, words: str
) -> None:
    found = figures(api, runs["a"], runs[other])
    (rival,) = found["rivals"]
    assert rival["ground"] == ground
    assert rival["p_leader_better"] is None and rival["tied"] is None and rival["lead"] is None
    assert words in rival["sentence"]
    assert found["runs"][0]["holdout"] != found["runs"][1]["holdout"]


def test_the_majority_on_the_same_rows_names_the_leader(
    api: httpx.Client, runs: dict[str, str]
) -> None:
    found = figures(api, runs["number"], runs["a"], runs["b"])
    assert found["leader"] == runs["a"] and found["metric"] == "roc_auc"


def test_words_are_in_the_readers_language(api: httpx.Client, runs: dict[str, str]) -> None:
    query = {"runs": f"{runs['a']},{runs['version']}"}
    answer = api.get(f"{URL}/figures", params=query, headers={"Accept-Language": "pt-BR"})
    assert "outra versão" in answer.json()["sentences"][0]


@pytest.mark.parametrize("name", ["roc", "precision_recall", "calibration", "gain"])
def test_curves_of_yes_or_no_are_those_of_each_run(
    api: httpx.Client, runs: dict[str, str], name: str
) -> None:
    query = {"run": [runs["a"], runs["number"]]}
    found = api.get(f"{URL}/curves/{name}", params=query).json()["items"]
    best = api.get(f"/api/v1/runs/{runs['a']}").json()["best"]
    alone = api.get(f"/api/v1/runs/{runs['a']}/candidates/{best}/curves/{name}").json()
    assert found[0] == {"run": runs["a"], "curve": alone}
    assert found[1]["curve"]["data"] is None and found[1]["curve"]["reason"]


@pytest.mark.parametrize("name", ["truth_by_answer", "residuals", "errors"])
def test_curves_of_numbers(api: httpx.Client, runs: dict[str, str], name: str) -> None:
    query = {"run": [runs["number"], runs["a"]]}
    first, other = api.get(f"{URL}/curves/{name}", params=query).json()["items"]
    assert first["curve"]["rows"] == first["curve"]["data"]["rows"] > 100
    assert other["curve"]["reason"]


def test_trials_come_with_settings_and_score(api: httpx.Client, runs: dict[str, str]) -> None:
    found = api.get(f"{URL}/trials", params={"run": [runs["a"], runs["number"]]}).json()["items"]
    assert [c["metric"] for c in found] == ["roc_auc", "rmse"]
    tried = found[0]["trials"]
    assert len(tried) + found[0]["left_out"] == 2
    assert all(0 <= t["score"] <= 1 and t["params"] and t["at_s"] > 0 for t in tried)


@pytest.mark.parametrize(
    ("path", "params", "status"),
    [
        ("", {"runs": "run_x"}, 404),
        ("", {}, 422),
        ("/figures", {"runs": "run_x"}, 404),
        ("/figures", {"runs": ",,"}, 422),
        ("/figures", {}, 422),
        ("/figures", {"run": [f"run_{n}" for n in range(9)]}, 422),
        ("/figures", {"runs": "x" * 3000}, 422),
        ("/figures", {"runs": "run'; DROP TABLE app.run"}, 404),
        ("/curves/roc", {"runs": "run_x"}, 404),
        ("/curves/roc", {}, 422),
        ("/trials", {"runs": "run_x"}, 404),
        ("/trials", {}, 422),
    ],
)
def test_what_makes_no_sense_is_said(
    api: httpx.Client, path: str, params: dict[str, Any], status: int
) -> None:
    answer = api.get(URL + path, params=params)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json()["detail"]


@pytest.mark.parametrize("path", ["/curves/nope", "/curves/confusion", "/figures?metric=rmse"])
def test_what_does_not_fit_the_question_is_said(
    api: httpx.Client, runs: dict[str, str], path: str
) -> None:
    answer = api.get(URL + path, params={"runs": runs["a"]} | _query(path))
    assert answer.status_code == 422, answer.text


def _query(path: str) -> dict[str, str]:
    return dict([path.partition("?")[2].split("=")]) if "?" in path else {}


def test_a_run_without_a_model_has_a_reason(
    api: httpx.Client, data: dict[str, Any], runs: dict[str, str]
) -> None:
    body = {"dataset": data["dataset"], "target": "inadimplente", "budget_s": 60}
    made = api.post("/api/v1/runs", json=body).json()["run"]
    api.post(f"/api/v1/runs/{made}/cancel")
    found = figures(api, runs["a"], made)
    assert found["leader"] == runs["a"] and found["rivals"] == []
    line = found["runs"][1]
    assert line["metrics"] == [] and line["reason"]
    assert found["sentences"] == ["Only one of them was measured, so there is nothing to compare."]
