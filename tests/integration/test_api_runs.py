"""Runs over HTTP: what is asked, what is refused, what comes of it."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import httpx
import pytest

from tests.conftest import wait_for
from tests.integration.conftest import put


def test_the_board_has_a_baseline_a_linear_model_boosted_trees_and_a_forest(
    run: dict[str, Any],
) -> None:
    families = {c["family"] for c in run["leaderboard"]}
    assert {"constant", "linear", "lightgbm"} <= families
    assert families & {"random_forest", "extra_trees"}


def test_every_candidate_has_scores_with_intervals_latency_and_size(run: dict[str, Any]) -> None:
    for candidate in run["leaderboard"]:
        score = candidate["holdout"]["roc_auc"]
        assert score["low"] <= score["value"] <= score["high"]
        assert candidate["latency_ms"] > 0
        assert candidate["size_bytes"] > 0
        assert candidate["parity"] <= 1e-5


def test_the_best_beats_the_baseline(run: dict[str, Any]) -> None:
    scores = {c["candidate"]: c["holdout"]["roc_auc"]["value"] for c in run["leaderboard"]}
    baseline = next(c for c in run["leaderboard"] if c["family"] == "constant")
    assert scores[run["best"]] > scores[baseline["candidate"]] + 0.1


def test_the_receipt_says_what_became_of_the_budget(run: dict[str, Any]) -> None:
    receipt = run["receipt"]
    assert receipt["asked_s"] == 30
    assert receipt["used_s"] > 0
    assert receipt["parts"]
    assert abs(sum(receipt["parts"].values()) - receipt["used_s"]) < 1.5


def test_events_tell_the_story_in_order_and_end(api: httpx.Client, run: dict[str, Any]) -> None:
    with api.stream("GET", f"/api/v1/runs/{run['run']}/events") as stream:
        lines = list(stream.iter_lines())
    kinds = [line[6:].strip() for line in lines if line.startswith("event:")]
    assert kinds[0] in ("plan", "phase", "log")
    assert kinds[-1] == "done"
    assert {"plan", "trial", "phase", "log"} <= set(kinds)
    data = [json.loads(line[5:]) for line in lines if line.startswith("data:")]
    assert not [d for d in data if "artifacts" in d]
    ids = [int(line[3:]) for line in lines if line.startswith("id:")]
    assert ids == sorted(ids)


def test_every_candidate_can_be_downloaded_with_its_stamp(
    api: httpx.Client, run: dict[str, Any]
) -> None:
    for candidate in run["leaderboard"]:
        for kind in ("onnx", "pickle"):
            answer = api.get(
                f"/api/v1/runs/{run['run']}/candidates/{candidate['candidate']}/artifact",
                params={"format": kind},
            )
            assert answer.status_code == 200
            digest = hashlib.sha256(answer.content).hexdigest()
            assert answer.headers["x-content-sha256"] == digest
            assert float(answer.headers["x-parity-max-difference"]) <= 1e-5


REFUSED: dict[str, tuple[dict[str, Any], int]] = {
    "unknown dataset": ({"dataset": "ds_nothing"}, 404),
    "unknown version": ({"version": 99}, 404),
    "unknown target": ({"target": "nowhere"}, 422),
    "tiny budget": ({"budget_s": 0.5}, 422),
    "endless budget": ({"budget_s": 1e12}, 422),
    "unknown metric": ({"metric": "magic"}, 422),
    "metric of another task": ({"metric": "rmse"}, 422),
    "unknown task": ({"task": "prophecy"}, 422),
    "unknown field": ({"budget": 5}, 422),
    "unknown excluded column": ({"exclude": ["nowhere"]}, 422),
    "target excluded": ({"exclude": ["inadimplente"]}, 422),
    "time split without a column": ({"split": {"kind": "time"}}, 422),
    "time split by text": ({"split": {"kind": "time", "column": "região"}}, 422),
    "no trials": ({"max_trials": 0}, 422),
    "a date as target": ({"target": "início"}, 422),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_senseless_run_is_refused_in_words(
    api: httpx.Client, loans: dict[str, Any], name: str
) -> None:
    change, status = REFUSED[name]
    body = {"dataset": loans["dataset"], "target": "inadimplente", "budget_s": 15} | change
    answer = api.post("/api/v1/runs", json=body)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert len(answer.json()["detail"]) > 15
    assert "Traceback" not in answer.text


def test_a_wrong_field_is_named_in_the_callers_language(api: httpx.Client) -> None:
    wrong = {"dataset": "x", "target": 5, "budget_s": 15}
    headers = {"Accept-Language": "pt-BR"}
    answers = [
        api.post("/api/v1/runs", json=wrong, headers=headers),
        api.post("/api/v1/runs", json={"dataset": "x"}, headers=headers),
        api.get("/api/v1/runs?limit=0", headers=headers),
    ]
    said = " ".join(a.json()["errors"][0]["message"] for a in answers)
    assert {a.status_code for a in answers} == {422}
    assert "Esperado str" in said
    assert "“target”" in said
    assert "Esperado um valor >= 1" in said


def test_a_target_with_one_class_is_refused(api: httpx.Client) -> None:
    made = put(api, b"a,b\n" + b"1,x\n2,x\n" * 30, "one class").json()
    answer = api.post(
        "/api/v1/runs", json={"dataset": made["dataset"], "target": "b", "budget_s": 15}
    )
    assert answer.status_code == 422
    assert "b" in answer.json()["detail"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b"\xff\xfe", b"null"])
def test_a_body_that_is_no_run_is_refused(api: httpx.Client, body: bytes) -> None:
    answer = api.post("/api/v1/runs", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in (400, 422), answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")


def test_cancel_keeps_nothing_and_says_so(api: httpx.Client, loans: dict[str, Any]) -> None:
    body = {"dataset": loans["dataset"], "target": "inadimplente", "budget_s": 60}
    run = api.post("/api/v1/runs", json=body).json()["run"]
    wait_for(lambda: api.get(f"/api/v1/runs/{run}").json()["status"] == "running")
    assert api.post(f"/api/v1/runs/{run}/cancel").status_code == 202
    wait_for(lambda: api.get(f"/api/v1/runs/{run}").json()["status"] == "cancelled", timeout=5)
    assert api.post("/api/v1/models", json={"run": run}).status_code == 409
    assert api.post(f"/api/v1/runs/{run}/cancel").status_code == 409


def test_stop_keeps_the_best_so_far(api: httpx.Client, loans: dict[str, Any]) -> None:
    body = {"dataset": loans["dataset"], "target": "inadimplente", "budget_s": 60}
    run = api.post("/api/v1/runs", json=body).json()["run"]
    wait_for(lambda: api.get(f"/api/v1/runs/{run}").json()["leaderboard"])
    assert api.post(f"/api/v1/runs/{run}/stop").status_code == 202
    wait_for(lambda: api.get(f"/api/v1/runs/{run}").json()["status"] == "stopped", timeout=10)
    made = api.get(f"/api/v1/runs/{run}").json()
    assert made["best"] in {c["candidate"] for c in made["leaderboard"]}


def test_an_unknown_run_is_not_found(api: httpx.Client) -> None:
    for path in ("", "/events", "/candidates/x/artifact"):
        assert api.get(f"/api/v1/runs/run_nothing{path}").status_code == 404
    assert api.post("/api/v1/runs/run_nothing/stop").status_code == 404
