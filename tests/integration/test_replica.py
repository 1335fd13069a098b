"""A model served by `serve-model`, without warehouse, pages or any library of the training."""

from __future__ import annotations

import hashlib
import io
import os
import re
import shutil
import signal
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.conftest import wait_for
from tests.integration.replicas import LiveReplica
from tests.integration.test_api_predict import ROW
from tests.integration.test_api_registry import fetched

type Start = Callable[..., LiveReplica]


@pytest.fixture(scope="session")
def replica(bundle_file: Path) -> Iterator[LiveReplica]:
    made = LiveReplica(bundle_file)
    yield made
    assert made.stop() == 0


@pytest.fixture
def start() -> Iterator[Start]:
    started: list[LiveReplica] = []

    def make(*arguments: Any, **options: Any) -> LiveReplica:
        made = LiveReplica(*arguments, **options)
        started.append(made)
        return made

    yield make
    for one in started:
        one.kill()


def test_a_replica_answers_as_its_hub_does(
    api: httpx.Client, endpoint: str, replica: LiveReplica
) -> None:
    body = {"rows": [ROW, ROW | {"região": "Atlantis"}, ROW | {"renda": None}]}
    csv = "renda;idade;região;início\n3000;30;Recife;2020-05-01\n"
    with replica.client() as client:
        assert (
            client.post(endpoint, json=body).json()["predictions"]
            == api.post(endpoint, json=body).json()["predictions"]
        )
        headers = {"Content-Type": "text/csv", "Accept": "text/csv"}
        assert (
            client.post(endpoint, content=csv.encode(), headers=headers).text
            == api.post(endpoint, content=csv.encode(), headers=headers).text
        )
        schema = endpoint.replace("/predict", "/schema")
        assert client.get(schema).json() == api.get(schema).json()


def test_mistakes_are_told_as_by_the_hub(
    api: httpx.Client, endpoint: str, replica: LiveReplica
) -> None:
    wrong: list[dict[str, Any]] = [
        {"rows": [ROW | {"idade": "thirty"}]}, {"rows": []}, {"rows": [{"renda": 1}]}, {},
    ]  # fmt: skip
    with replica.client() as client:
        for body in wrong:
            for language in ("en", "pt-BR"):
                told = {"Accept-Language": language}
                ours = client.post(endpoint, json=body, headers=told)
                theirs = api.post(endpoint, json=body, headers=told)
                assert ours.status_code == theirs.status_code == 422
                assert ours.json()["detail"] == theirs.json()["detail"]
                assert ours.json()["errors"] == theirs.json()["errors"]
        other = client.post("/api/v1/endpoints/nowhere/predict", json={"rows": [ROW]})
        assert other.status_code == 404
        assert "loans" in other.json()["detail"]


def test_a_load_balancer_can_ask_how_it_is(replica: LiveReplica, endpoint: str) -> None:
    with replica.client() as client:
        client.post(endpoint, json={"rows": [ROW]})
        for base in ("", "/api/v1"):
            assert client.get(f"{base}/healthz").json()["status"] == "ok"
            assert client.get(f"{base}/readyz").json()["model"] == "loans"
            told = client.get(f"{base}/metrics").text
            assert re.search(r'freemlops_requests_total\{worker="\d+",status="200"\} [1-9]', told)
            assert re.search(r"freemlops_predict_seconds_count\{[^}]+\} [1-9]", told)
        assert client.get("/").status_code == 404
        assert client.get("/api/v1/models").status_code == 404


def test_a_replica_is_small(replica: LiveReplica) -> None:
    assert replica.memory_mb() < 150


def test_workers_share_the_port_and_a_dead_one_is_replaced(
    start: Start, bundle_file: Path, endpoint: str
) -> None:
    made = start(bundle_file, "--workers", "2")

    def workers() -> set[int]:
        found = set()
        for _ in range(30):
            with made.client() as client:  # a new connection may reach the other one
                answer = client.get("/metrics")
            found |= {int(n) for n in re.findall(r'model_info\{worker="(\d+)"', answer.text)}
        return found

    def both() -> set[int] | None:
        try:
            found = workers()
        except httpx.TransportError:
            return None
        return found if len(found) == 2 else None

    before = wait_for(both, timeout=60)
    assert isinstance(before, set)
    os.kill(min(before), signal.SIGKILL)

    def replaced() -> bool:
        after = both()
        return after is not None and min(before) not in after

    wait_for(replaced, timeout=60)
    with made.client() as client:
        assert client.post(endpoint, json={"rows": [ROW]}).status_code == 200
    assert made.stop() == 0


def test_a_replica_follows_the_alias_of_its_hub_and_outlives_it(
    start_server: Any, start: Start, api: httpx.Client, bundle_file: Path
) -> None:
    """A hub of its own, with two versions: the alias moves, then the hub is killed."""
    hub = start_server()
    url = "/api/v1/endpoints/loans/predict"
    with hub.client() as client:
        for name in ("loans", "other"):
            client.post(
                "/api/v1/models/import", params={"name": name}, content=bundle_file.read_bytes()
            ).raise_for_status()
        onward = client.get(
            "/api/v1/models/other/versions/1/artifact", params={"format": "bundle"}
        ).content
        second = client.post("/api/v1/models/import", params={"name": "loans"}, content=onward)
        assert (second.status_code, second.json()["version"]) == (201, 2)
        client.put("/api/v1/models/loans/aliases/champion", json={"version": 1})
        client.post("/api/v1/deployments", json={"model": "loans", "name": "loans"})
        made = start(f"{hub.url}/api/v1/endpoints/loans", "--every", "0.3")
        with made.client() as ours:
            first = ours.post(url, json={"rows": [ROW]}).json()
            assert (first["model"], first["version"]) == ("loans", 1)
            client.put("/api/v1/models/loans/aliases/champion", json={"version": 2})

            def moved() -> bool:
                return ours.post(url, json={"rows": [ROW]}).json()["version"] == 2

            wait_for(moved, timeout=20)
            etag = client.get("/api/v1/endpoints/loans/bundle").headers["etag"]
            again = client.get("/api/v1/endpoints/loans/bundle", headers={"If-None-Match": etag})
            assert (again.status_code, again.content) == (304, b"")
            hub.kill()
            wait_for(lambda: any("model_kept" in line for line in made.lines), timeout=20)
            assert ours.post(url, json={"rows": [ROW]}).json()["version"] == 2
            assert ours.get("/readyz").status_code == 200


def test_a_replica_with_keys_answers_to_their_holders_alone(
    start: Start, bundle_file: Path, tmp_path: Path, endpoint: str
) -> None:
    """One from the environment, one by its sha256 from a file; health is told to anybody."""
    first, second = "fmk_first-of-two-keys", "fmk_second-of-two-keys"
    file = tmp_path / "keys"
    file.write_text(f"# Ana\n\n{hashlib.sha256(second.encode()).hexdigest()}\n")
    made = start(bundle_file, "--keys", str(file), FREEMLOPS_KEYS=first)
    schema = endpoint.replace("/predict", "/schema")
    with made.client() as client:
        for text in (first, second):
            told = {"Authorization": f"Bearer {text}"}
            assert client.post(endpoint, json={"rows": [ROW]}, headers=told).status_code == 200
            assert client.get(schema, headers=told).status_code == 200
        for headers in ({}, {"Authorization": "Bearer fmk_wrong"}, {"Authorization": first}):
            told = {"Accept-Language": "pt-BR"} | headers
            refused = client.post(endpoint, json={"rows": [ROW]}, headers=told)
            assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
            assert "chave" in refused.json()["detail"]
            assert client.get(schema, headers=headers).status_code == 401
        for path in ("/healthz", "/readyz", "/metrics", "/api/v1/readyz"):
            assert client.get(path).status_code == 200
        assert 'status="401"} 3' in client.get("/metrics").text
    (tmp_path / "none").write_text("# nobody\n")
    (tmp_path / "short").write_text("secret\n")
    for name, words in (("none", "no key"), ("short", "16"), ("gone", "can't be read")):
        wrong = start(bundle_file, "--keys", str(tmp_path / name), ready=False)
        assert wrong.process.wait(60) == 2, wrong.lines
        wait_for(lambda w=wrong, s=words: s in "".join(w.lines), timeout=5)


def test_a_damaged_file_in_its_place_leaves_the_model_that_is_served(
    start: Start, bundle_file: Path, tmp_path: Path, endpoint: str
) -> None:
    path = tmp_path / "model.fmlops"
    shutil.copy(bundle_file, path)
    made = start(path, "--every", "0.3")
    path.write_bytes(path.read_bytes()[:-100])
    wait_for(lambda: any("model_kept" in line for line in made.lines), timeout=20)
    with made.client() as client:
        assert client.post(endpoint, json={"rows": [ROW]}).status_code == 200


def test_what_cannot_be_served_is_told_in_a_sentence(start: Start, tmp_path: Path) -> None:
    (tmp_path / "bad.fmlops").write_bytes(b"no zip at all")
    for target, code, words in (
        (tmp_path / "bad.fmlops", 1, "no bundle"),
        (tmp_path / "gone.fmlops", 1, "can't be read"),
        ("http://127.0.0.1:9/api/v1/endpoints/x", 1, "can't be reached"),
        ("ftp://hub/x", 2, "no address"),
    ):
        made = start(target, ready=False)
        assert made.process.wait(60) == code, made.lines
        wait_for(lambda m=made, w=words: w in "".join(m.lines), timeout=5)
        assert "Traceback" not in "".join(made.lines)


def test_the_container_context_holds_all_that_serving_takes(
    start: Start, api: httpx.Client, endpoint: str, tmp_path: Path
) -> None:
    """Unpacked and run as its Containerfile does, with the package in it and no other."""
    with zipfile.ZipFile(io.BytesIO(fetched(api, "container"))) as archive:
        archive.extractall(tmp_path)
    assert "serve-model" in (tmp_path / "Containerfile").read_text()
    needed = (tmp_path / "requirements.txt").read_text()
    assert re.search(r"^onnxruntime==\d", needed, re.MULTILINE)
    assert not re.search(r"^(flaml|lightgbm|scikit-learn|panel|duckdb|pandas)", needed, re.M)
    made = start(tmp_path / "model.fmlops", cwd=tmp_path, PYTHONPATH=str(tmp_path))
    with made.client() as client:
        ours = client.post(endpoint, json={"rows": [ROW]}).json()["predictions"]
    assert ours == api.post(endpoint, json={"rows": [ROW]}).json()["predictions"]
