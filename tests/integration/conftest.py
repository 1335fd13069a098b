"""One small trained and deployed model, shared by the tests that only ask it."""

from __future__ import annotations

import csv
import io
import random
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.conftest import wait_for

CITIES = ("São Paulo", "Recife", "Belém", "Porto Alegre")


def loans_csv(rows: int = 400, seed: int = 7) -> bytes:
    """A small yes/no question with numbers, categories, dates, missing values and accents."""
    made, pick = io.StringIO(), random.Random(seed)
    writer = csv.writer(made)
    writer.writerow(["renda", "idade", "região", "início", "inadimplente"])
    for _ in range(rows):
        income = pick.lognormvariate(8, 0.5)
        city = pick.choice(CITIES)
        risk = 1.5 - income / 2500 + (0.8 if city == "Recife" else 0) + pick.gauss(0, 0.7)
        writer.writerow(
            [
                f"{income:.2f}" if pick.random() > 0.05 else "",
                pick.randint(18, 80),
                city,
                f"20{pick.randint(10, 23)}-{pick.randint(1, 12):02d}-{pick.randint(1, 28):02d}",
                "sim" if risk > 0 else "não",
            ]
        )
    return made.getvalue().encode()


def put(api: httpx.Client, content: bytes, name: str, filename: str = "") -> httpx.Response:
    params = {"name": name, "filename": filename or f"{name}.csv"}
    return api.put("/api/v1/datasets", params=params, content=content)


def trained(api: httpx.Client, dataset: str, target: str, **more: Any) -> dict[str, Any]:
    """A finished run. Two trials and a fixed seed: quick, and the same every time."""
    body = {"dataset": dataset, "target": target, "budget_s": 30, "seed": 1, "max_trials": 2}
    answer = api.post("/api/v1/runs", json=body | more)
    assert answer.status_code == 202, answer.text
    run = answer.json()["run"]

    def over() -> dict[str, Any] | None:
        got: dict[str, Any] = api.get(f"/api/v1/runs/{run}").json()
        return got if got["status"] not in ("queued", "running") else None

    return wait_for(over, timeout=60)  # type: ignore[return-value]


@pytest.fixture(scope="session")
def loans(api: httpx.Client) -> dict[str, Any]:
    answer = put(api, loans_csv(), "empréstimos")
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


@pytest.fixture(scope="session")
def run(api: httpx.Client, loans: dict[str, Any]) -> dict[str, Any]:
    made = trained(api, loans["dataset"], "inadimplente")
    assert made["status"] == "finished", made["error"]
    return made


@pytest.fixture(scope="session")
def endpoint(api: httpx.Client, run: dict[str, Any]) -> str:
    model = api.post("/api/v1/models", json={"run": run["run"], "name": "loans"})
    assert model.status_code == 201, model.text
    made = api.post("/api/v1/deployments", json={"model": "loans", "name": "loans"})
    assert made.status_code == 201, made.text
    return str(made.json()["endpoint"])


@pytest.fixture(scope="session")
def bundle(api: httpx.Client, endpoint: str) -> bytes:
    answer = api.get("/api/v1/models/loans/versions/1/artifact", params={"format": "bundle"})
    assert answer.status_code == 200, answer.text
    return answer.content


@pytest.fixture(scope="session")
def bundle_file(bundle: bytes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("bundles") / "loans.fmlops"
    path.write_bytes(bundle)
    return path


@pytest.fixture(scope="session")
def versions(api: httpx.Client, run: dict[str, Any]) -> str:
    """A model of two versions: the best, then the constant one, which is the champion."""
    constant = next(c["candidate"] for c in run["leaderboard"] if c["family"] == "constant")
    best = next(c["candidate"] for c in run["leaderboard"] if c["family"] != "constant")
    for candidate in (best, constant):
        body = {"run": run["run"], "name": "two", "candidate": candidate}
        assert api.post("/api/v1/models", json=body).status_code == 201
    return "two"


@pytest.fixture
def deployed(api: httpx.Client, versions: str, request: pytest.FixtureRequest) -> Any:
    """A deployment of version 1, of its own for each test."""
    name = request.node.name.replace("_", "-")[:50].strip("-")
    made = api.post("/api/v1/deployments", json={"model": versions, "name": name, "version": 1})
    assert made.status_code == 201, made.text
    yield made.json()["deployment"]
    api.delete(f"/api/v1/deployments/{made.json()['deployment']}")
