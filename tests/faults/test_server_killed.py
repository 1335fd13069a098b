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
