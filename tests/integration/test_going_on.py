"""More time for a training that is over, over HTTP."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.conftest import wait_for
from tests.integration.conftest import loans_csv, put, trained

TARGET = "inadimplente"


@pytest.fixture(scope="module")
def first(api: httpx.Client) -> dict[str, Any]:
    data = put(api, loans_csv(seed=31), "going-on").json()
    made = trained(api, data["dataset"], TARGET, max_trials=None, budget_s=7)
    assert made["status"] == "finished"
    return made


def over(api: httpx.Client, run: str) -> dict[str, Any] | None:
    got: dict[str, Any] = api.get(f"/api/v1/runs/{run}").json()
    return got if got["status"] not in ("queued", "running") else None


def go_on(api: httpx.Client, run: str, budget_s: float) -> dict[str, Any]:
    """Until it is in the search again, then stopped: quick where the machine is quick."""
    answer = api.post(f"/api/v1/runs/{run}/continue", json={"budget_s": budget_s})
    assert answer.status_code == 202, answer.text
    assert answer.json() == {"run": run, "status": "queued"}
    wait_for(lambda: api.get(f"/api/v1/runs/{run}").json()["phase"] == "search", timeout=60)
    api.post(f"/api/v1/runs/{run}/stop")
    return wait_for(lambda: over(api, run), timeout=60)  # type: ignore[return-value]


def test_more_time_adds_to_the_same_run(api: httpx.Client, first: dict[str, Any]) -> None:
    """The board only grows, the events go on in one line, and the receipt tells of both parts."""
    run = first["run"]
    made = go_on(api, run, budget_s=90)
    assert made["status"] == "stopped", made["error"]
    names = [c["candidate"] for c in first["leaderboard"]]
    assert set(names) <= {c["candidate"] for c in made["leaderboard"]}
    assert made["best"] in {c["candidate"] for c in made["leaderboard"]}
    assert made["budget_s"] == 97
    assert made["receipt"]["asked_s"] == 97
    assert made["receipt"]["trials"] >= first["receipt"]["trials"]
    assert made["started_at"] == first["started_at"]
    assert made["continued_at"] > first["finished_at"]
    for scores in first["leaderboard"]:
        kept = next(c for c in made["leaderboard"] if c["candidate"] == scores["candidate"])
        assert kept["holdout"] == scores["holdout"], "an earlier model was judged anew"
    with api.stream("GET", f"/api/v1/runs/{run}/events") as stream:
        lines = [line for line in stream.iter_lines() if line]
    kinds = [line.removeprefix("event: ") for line in lines if line.startswith("event:")]
    numbers = [int(line.removeprefix("id: ")) for line in lines if line.startswith("id:")]
    assert kinds.count("done") == 1
    assert kinds[-1] == "done"
    assert kinds.count("plan") == 2
    assert "memory" not in kinds
    assert numbers == sorted(set(numbers))
    told = api.post("/api/v1/sql", json={"sql": f"SELECT used_s FROM lab.runs WHERE run = '{run}'"})
    assert told.json()["rows"][0][0] == pytest.approx(made["receipt"]["used_s"], abs=2.0)


def test_its_best_can_be_used_after_that(api: httpx.Client, first: dict[str, Any]) -> None:
    model = api.post("/api/v1/models", json={"run": first["run"], "name": "went-on"})
    assert model.status_code == 201, model.text
    deployed = api.post("/api/v1/deployments", json={"model": "went-on"}).json()
    row = {"renda": 3000, "idade": 30, "região": "Recife", "início": "2020-05-01"}
    assert api.post(deployed["endpoint"], json={"rows": [row]}).status_code == 200


def test_stopped_while_it_goes_on_it_keeps_everything(
    api: httpx.Client, first: dict[str, Any]
) -> None:
    for way in ("stop", "cancel"):
        run = first["run"]
        before = api.get(f"/api/v1/runs/{run}").json()
        assert api.post(f"/api/v1/runs/{run}/continue", json={"budget_s": 60}).status_code == 202
        again = api.post(f"/api/v1/runs/{run}/continue", json={"budget_s": 60})
        assert again.status_code == 409, "it is on its way already"
        wait_for(lambda r=run: api.get(f"/api/v1/runs/{r}").json()["status"] == "running")  # type: ignore[misc]
        assert api.post(f"/api/v1/runs/{run}/{way}").status_code == 202
        made: Any = wait_for(lambda r=run: over(api, r), timeout=10)  # type: ignore[misc]
        assert made["status"] == "stopped"
        assert made["best"] == before["best"]
        assert len(made["leaderboard"]) >= len(before["leaderboard"])


@pytest.mark.parametrize("budget", [0, -5, 4.9, 1e9, "soon", None])
def test_refuses_times_that_are_no_promise(
    api: httpx.Client, first: dict[str, Any], budget: Any
) -> None:
    if budget is None:
        budget = "NaN"
    answer = api.post(f"/api/v1/runs/{first['run']}/continue", json={"budget_s": budget})
    assert answer.status_code in (400, 422), answer.text


def test_refuses_runs_that_have_nothing_to_go_on_from(
    api: httpx.Client, run: dict[str, Any], loans: dict[str, Any]
) -> None:
    """A numbered one, a cancelled one, and one that is not there."""
    numbered = api.post(f"/api/v1/runs/{run['run']}/continue", json={"budget_s": 10})
    assert numbered.status_code == 409
    body = {"dataset": loans["dataset"], "target": TARGET, "budget_s": 30}
    started = api.post("/api/v1/runs", json=body).json()["run"]
    early = api.post(f"/api/v1/runs/{started}/continue", json={"budget_s": 10})
    assert early.status_code == 409
    api.post(f"/api/v1/runs/{started}/cancel")
    wait_for(lambda: over(api, started))
    cancelled = api.post(f"/api/v1/runs/{started}/continue", json={"budget_s": 10})
    assert cancelled.status_code == 409
    assert api.post("/api/v1/runs/run_nope/continue", json={}).status_code == 404


def test_refuses_when_the_data_is_gone(api: httpx.Client) -> None:
    data = put(api, loans_csv(rows=200, seed=32), "gone").json()
    made = trained(api, data["dataset"], TARGET, max_trials=None, budget_s=5)
    assert api.delete(f"/api/v1/datasets/{data['dataset']}").is_success
    answer = api.post(f"/api/v1/runs/{made['run']}/continue", json={"budget_s": 10})
    assert answer.status_code == 404
    assert api.get(f"/api/v1/runs/{made['run']}").json()["status"] == made["status"]
