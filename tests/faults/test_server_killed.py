"""kill -9 of the server in the middle of a training loses nothing that was there."""

from __future__ import annotations

from typing import Any

import httpx
import psutil

from tests.conftest import StartServer, wait_for
from tests.integration.conftest import loans_csv, put


def test_after_a_kill_the_run_is_interrupted_and_its_best_can_be_used(
    start_server: StartServer,
) -> None:
    server = start_server()
    with server.client() as client:
        data = put(client, loans_csv(), "loans").json()
        body = {"dataset": data["dataset"], "target": "inadimplente", "budget_s": 60}
        run = client.post("/api/v1/runs", json=body).json()["run"]
        wait_for(lambda: len(client.get(f"/api/v1/runs/{run}").json()["leaderboard"]) >= 2)
    workers = psutil.Process(server.process.pid).children(recursive=True)
    assert workers
    server.kill()
    _, alive = psutil.wait_procs(workers, timeout=10)
    assert not alive, "a worker outlived its server"

    again = start_server(server.home)
    with again.client() as client:
        kept = client.get(f"/api/v1/datasets/{data['dataset']}").json()
        made = client.get(f"/api/v1/runs/{run}").json()
        assert kept["rows"] == data["rows"]
        assert made["status"] == "interrupted"
        assert made["error"]
        assert made["best"] in {c["candidate"] for c in made["leaderboard"]}
        model = client.post("/api/v1/models", json={"run": run, "name": "saved"})
        assert model.status_code == 201, model.text
        deployed = client.post("/api/v1/deployments", json={"model": "saved"}).json()
        row = {"renda": 3000, "idade": 30, "região": "Recife", "início": "2020-05-01"}
        assert client.post(deployed["endpoint"], json={"rows": [row]}).status_code == 200
        with client.stream("GET", f"/api/v1/runs/{run}/events") as stream:
            assert any("event: done" in line for line in stream.iter_lines())


def test_after_a_kill_an_interrupted_run_goes_on_from_what_it_had(
    start_server: StartServer,
) -> None:
    """The models and trials from before the kill are there and are not made again."""
    server = start_server()
    with server.client() as client:
        data = put(client, loans_csv(), "loans").json()
        body = {"dataset": data["dataset"], "target": "inadimplente", "budget_s": 50}
        run = client.post("/api/v1/runs", json=body).json()["run"]
        wait_for(lambda: client.get(f"/api/v1/runs/{run}").json()["phase"] == "search", timeout=45)
        wait_for(lambda: _trials(client, run) >= 2, timeout=60)
    server.kill()

    again = start_server(server.home)
    with again.client() as client:
        before = client.get(f"/api/v1/runs/{run}").json()
        assert before["status"] == "interrupted"
        tried = _trials(client, run)
        assert client.post(f"/api/v1/runs/{run}/continue").status_code == 202
        wait_for(lambda: _trials(client, run) > tried, timeout=60)
        assert client.post(f"/api/v1/runs/{run}/stop").is_success
        made = wait_for(lambda: _over(client, run))
        assert made["status"] == "stopped", made["error"]
        assert 0.9 * 50 <= made["receipt"]["asked_s"] <= 1.3 * 50, "it got what it had left"
        kept = {c["candidate"] for c in before["leaderboard"]}
        assert kept <= {c["candidate"] for c in made["leaderboard"]}
        query = f"SELECT family, params FROM lab.trials WHERE run = '{run}'"
        rows = client.post("/api/v1/sql", json={"sql": query}).json()["rows"]
        asked = [
            (family, sorted((k, str(v)) for k, v in params.items() if k != "n_estimators"))
            for family, params in rows
        ]
        twice = {str(a) for a in asked if asked.count(a) > 1}
        assert len(twice) <= 2, "only what came after the last checkpoint is tried again"


def _trials(client: httpx.Client, run: str) -> int:
    query = f"SELECT count(*) FROM lab.trials WHERE run = '{run}'"
    return int(client.post("/api/v1/sql", json={"sql": query}).json()["rows"][0][0])


def test_ctrl_c_during_a_training_stops_at_once_and_leaves_no_process(
    start_server: StartServer,
) -> None:
    server = start_server()
    with server.client() as client:
        data = put(client, loans_csv(), "loans").json()
        body = {"dataset": data["dataset"], "target": "inadimplente", "budget_s": 60}
        run = client.post("/api/v1/runs", json=body).json()["run"]
        wait_for(lambda: client.get(f"/api/v1/runs/{run}").json()["status"] == "running")
    workers = psutil.Process(server.process.pid).children(recursive=True)
    assert server.stop() == 0
    _, alive = psutil.wait_procs(workers, timeout=5)
    assert not alive


def test_after_a_kill_a_run_that_waited_for_its_turn_is_trained(
    start_server: StartServer,
) -> None:
    server = start_server()
    with server.client() as client:
        data = put(client, loans_csv(), "loans").json()
        body = {"dataset": data["dataset"], "target": "inadimplente"}
        first = client.post("/api/v1/runs", json=body | {"budget_s": 60}).json()["run"]
        wait_for(lambda: client.get(f"/api/v1/runs/{first}").json()["status"] == "running")
        second = client.post("/api/v1/runs", json=body | {"budget_s": 8}).json()["run"]
        assert client.get(f"/api/v1/runs/{second}").json()["status"] == "queued"
    server.kill()

    again = start_server(server.home)
    with again.client() as client:
        assert client.get(f"/api/v1/runs/{first}").json()["status"] == "interrupted"
        made = wait_for(lambda: _over(client, second), timeout=90)
        assert made["status"] == "finished", made["error"]
        assert made["receipt"]["asked_s"] == 8
        assert made["best"] in {c["candidate"] for c in made["leaderboard"]}


def _over(client: httpx.Client, run: str) -> Any:
    got = client.get(f"/api/v1/runs/{run}").json()
    return None if got["status"] in ("queued", "running") else got


def test_a_waiting_run_whose_data_was_deleted_ends_in_words(start_server: StartServer) -> None:
    server = start_server()
    with server.client() as client:
        data = put(client, loans_csv(), "loans").json()
        other = put(client, loans_csv(seed=8), "others").json()
        body = {"target": "inadimplente", "budget_s": 60}
        first = client.post("/api/v1/runs", json=body | {"dataset": data["dataset"]}).json()["run"]
        wait_for(lambda: client.get(f"/api/v1/runs/{first}").json()["status"] == "running")
        waits = client.post("/api/v1/runs", json=body | {"dataset": other["dataset"]}).json()["run"]
        gone = client.delete(f"/api/v1/datasets/{other['dataset']}")
        assert gone.is_success, gone.text
    server.kill()

    again = start_server(server.home)
    with again.client() as client:
        made = wait_for(lambda: _over(client, waits), timeout=30)
        assert made["status"] == "failed"
        assert made["error"]
