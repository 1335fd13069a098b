"""Serving when things go wrong: kill -9, damaged files, clients that go away."""

from __future__ import annotations

import contextlib
import json
import time
from pathlib import Path

import duckdb
import httpx
import pytest

from freemlops.warehouse.warehouse import FILE
from tests.conftest import LiveServer, StartServer
from tests.integration.conftest import loans_csv, put, trained
from tests.integration.test_api_predict import ROW

URL = "/api/v1/endpoints/loans/predict"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a model of two versions, the first deployed as `loans`; nobody has it open."""
    made = tmp_path_factory.mktemp("served") / "home"
    server = LiveServer(made)
    with server.client() as client:
        data = put(client, loans_csv(), "loans").json()
        run = trained(client, data["dataset"], "inadimplente")
        is_constant = {c["candidate"]: c["family"] == "constant" for c in run["leaderboard"]}
        for wanted in (True, False):
            chosen = next(c for c, found in is_constant.items() if found is wanted)
            body = {"run": run["run"], "name": "loans", "candidate": chosen}
            assert client.post("/api/v1/models", json=body).status_code == 201
        client.post("/api/v1/deployments", json={"model": "loans", "version": 1})
    server.stop()
    return made


def test_kill_9_loses_at_most_the_last_second_of_the_log(
    start_server: StartServer, home: Path
) -> None:
    server = start_server(home)
    sent: list[tuple[float, str]] = []
    with server.client() as client:
        end = time.monotonic() + 3
        while time.monotonic() < end:
            answer = client.post(URL, json={"rows": [ROW]}).json()
            sent.append((time.monotonic(), answer["request_id"]))
    killed = time.monotonic()
    server.kill()
    with duckdb.connect(str(home / FILE)) as database:
        found = {r for (r,) in database.execute("SELECT request FROM app.prediction").fetchall()}
    old = [request for at, request in sent if at < killed - 1]
    assert len(old) > 100
    assert set(old) <= found


def test_a_damaged_model_is_refused_and_the_version_before_goes_on(
    start_server: StartServer, home: Path
) -> None:
    with duckdb.connect(str(home / FILE)) as database:
        (text,) = database.execute(
            "SELECT artifacts FROM app.model_version WHERE version = 2"
        ).fetchone()  # type: ignore[misc]
        table = f'blob."b_{json.loads(text)["onnx"]["sha256"]}"'
        database.execute(f"UPDATE {table} SET data = '\\x00'::BLOB WHERE seq = 0")
    server = start_server(home)
    with server.client() as client:
        assert client.post(URL, json={"rows": [ROW]}).json()["version"] == 1
        for change in ({"version": 2}, {"shadow": {"version": 2}}):
            refused = client.patch("/api/v1/deployments/loans", json=change)
            assert refused.status_code == 500
            assert "checksum" in refused.json()["detail"]
        alias = client.put("/api/v1/models/loans/aliases/other", json={"version": 2})
        assert alias.status_code == 500
        assert client.post(URL, json={"rows": [ROW]}).json()["version"] == 1
        made = client.post("/api/v1/deployments", json={"model": "loans", "name": "new"})
        assert made.status_code == 500


def test_a_client_that_goes_away_leaves_the_others_alone(
    start_server: StartServer, home: Path
) -> None:
    server = start_server(home)
    with server.client() as client:
        for _ in range(20):
            hasty = httpx.Client(base_url=server.url, timeout=0.001, trust_env=False)
            with hasty, contextlib.suppress(httpx.HTTPError):
                hasty.post(URL, json={"rows": [ROW] * 500})
        assert client.post(URL, json={"rows": [ROW]}).status_code == 200
