"""Every call of the OpenAPI document is asked thousands of odd things: no 500, and every answer
is one that the document describes, by status, media type and schema.

The cases follow from the document and a fixed seed. Most of them name things that exist, so that
more than 404 is seen; trainings that start are cancelled at once.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from freemlops.api.app import create_api
from tests.conftest import LiveServer, wait_for
from tests.integration.conftest import loans_csv, put, trained

CHECKS = [
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
]
ROW = {"renda": 1000, "idade": 40, "região": "Recife", "início": "2015-03-01"}
TABLE = "renda,idade,região,início\n1000,40,Recife,2015-03-01\n".encode()
CURVES = ["roc", "precision_recall", "confusion", "calibration", "gain", "scores", "cost"]
FORMATS = ["onnx", "pickle", "requirements", "bundle", "container", "code"]
type Known = dict[str, list[Any]]

for media in ("text/csv", "application/vnd.apache.arrow.stream"):
    schemathesis.serializer(media)(lambda _, value: value)

described = schemathesis.openapi.from_dict(create_api(None).openapi_schema.to_schema())
described.config.seed = 1
described.config.phases.fuzzing.error_feedback.is_enabled = False  # what is asked next depends on
described.config.phases.fuzzing.extra_data_sources.responses = False  # no answer but the seed


@dataclass
class Lab:
    """A server with one of everything, and what names it in paths, queries and bodies.

    `spare`: what the calls may name that delete; `raw`: whole bodies, by the end of the path."""

    client: httpx.Client
    folder: Path
    path: Known
    query: Known
    body: Known
    spare: Known
    raw: dict[str, bytes]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("openapi")
    server = LiveServer(folder / "home", cwd=folder)  # a folder named in a body may be made there
    try:
        with server.client(headers={"Accept-Language": "en"}) as client:
            yield furnished(client, folder)
    finally:
        server.kill()


def made(api: httpx.Client, path: str, **body: Any) -> dict[str, Any]:
    answer = api.post(f"/api/v1/{path}", json=body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def scored(api: httpx.Client, endpoint: str) -> str:
    """The name of a file whose answers can be fetched."""
    path = f"/api/v1/endpoints/{endpoint}/batch"
    batch = str(api.post(path, content=TABLE).json()["batch"])
    wait_for(lambda: api.get(f"{path}/{batch}/result").status_code == 200)
    return batch


def furnished(api: httpx.Client, folder: Path) -> Lab:
    table = loans_csv(60, seed=93)
    dataset = put(api, loans_csv(seed=91), "described").json()["dataset"]
    spare = put(api, loans_csv(60, seed=92), "spare").json()["dataset"]
    run = trained(api, dataset, "inadimplente")
    candidates = [c["candidate"] for c in run["leaderboard"]]
    for name, candidate in zip(
        ("described", "described", "spare"), [*candidates[:2], candidates[0]], strict=True
    ):
        made(api, "models", run=run["run"], name=name, candidate=candidate)
    for name in ("described", "spare"):
        made(api, "deployments", model="described", name=name, version=1)
    asked = {"X-Request-Id": "described-1"}
    api.post("/api/v1/endpoints/described/predict", json={"rows": [ROW]}, headers=asked)
    path = {
        "dataset": [dataset], "version": ["1"], "run": [run["run"]], "candidate": candidates,
        "model": ["described"], "alias": ["champion", "mine"], "name": ["described"],
        "upload": [made(api, "uploads", size=len(table), name="table")["upload"]],
        "sample": ["churn"], "request_id": ["described-1"], "batch": [scored(api, "described")],
    }  # fmt: skip
    query = {
        "column": ["idade", "região"], "target": ["inadimplente"], "true": ["sim"],
        "said": ["sim", "não"], "run": [[run["run"]]], "first": ["1"], "second": ["2"],
        "from": [1], "to": [1], "format": FORMATS, "threshold": [0.5], "miss": [5],
        "false_alarm": [1], "class": ["sim"], "metric": ["roc_auc"], "dataset": [dataset],
        "version": ["1"], "alias": ["champion"], "options": ["{}"],
    }  # fmt: skip
    body = {
        "dataset": [dataset], "target": ["inadimplente", "idade"], "budget_s": [5],
        "version": [1, "2"], "run": [run["run"]], "model": ["described"], "threshold": [0.5, None],
        "name": ["described", "another"], "alias": ["champion", None], "tags": [["one"]],
        "status": ["live"], "needs_key": [False], "rows": [[ROW], [ROW, {}]],
        "scopes": [["predict", "read"]],
        "columns": [{k: [v] for k, v in ROW.items()}], "row_numbers": [[0, 1]], "of": ["sim"],
        "sql": ["SELECT * FROM lab.runs", "SELECT 'é' AS a, [1, 2] AS b, DATE '2020-01-01' AS c"],
        "folder": [str(folder / "backup")], "format": FORMATS,
    }  # fmt: skip
    left = {
        "dataset": [spare], "model": ["spare"], "name": ["spare"], "version": ["1"],
        "id": [made(api, "sql/saved", name="one", sql="SELECT 1")["id"]],
        "key": [made(api, "keys", name="one")["key"]],
        "upload": [made(api, "uploads", size=9)["upload"]],
    }  # fmt: skip
    bundle = api.get("/api/v1/endpoints/spare/bundle").content
    raw = {
        "predict": TABLE, "datasets": table, "{upload}": table, "import": bundle, "batch": TABLE,
    }  # fmt: skip
    return Lab(api, folder, path, query, body, left, raw)


def test_the_document_is_the_one_that_is_served(lab: Lab) -> None:
    assert lab.client.get("/api/schema/openapi.json").json() == described.raw_schema


@described.parametrize()
@settings(
    max_examples=12, derandomize=True, deadline=None, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
def test_every_call_answers_as_described(case: Case, lab: Lab) -> None:
    name_what_exists(case, lab)
    answer = case.call(base_url=str(lab.client.base_url), timeout=60)
    assert answer.status_code != 500, answer.text
    if answer.status_code == 202 and (run := answer.json().get("run")):
        assert lab.client.post(f"/api/v1/runs/{run}/cancel").status_code in (202, 409)
    case.validate_response(answer, checks=CHECKS)


def name_what_exists(case: Case, lab: Lab) -> None:
    """Writes over what was generated, for two of three cases; the same case is always
    treated in the same way."""
    pick = random.Random(repr((case.path_parameters, case.query, case.body)))
    known = lab.path | (
        lab.spare if case.method == "DELETE" and "approval" not in case.path else {}
    )
    if "/curves/" in case.path:
        known = known | {"name": CURVES}
    body = case.body if isinstance(case.body, dict) else {}
    if pick.random() < 0.65:
        fill(case.path_parameters, known, pick)
        fill(case.query, lab.query, pick, share=0.9)
        fill(body, lab.body, pick, share=0.9)
        if case.media_type in ("text/csv", "application/octet-stream"):
            case.body = lab.raw[case.path.rpartition("/")[2]]
            case.headers.update(
                {name: "0" for name in case.headers if name.lower() == "upload-offset"}
            )
    elif str(body.get("folder", "")).startswith("/"):
        body["folder"] = str(lab.folder / "elsewhere")  # never a folder of the machine's own


def fill(place: dict[str, Any], names: Known, pick: random.Random, share: float = 1) -> None:
    for name in place:
        if name in names and pick.random() < share:
            place[name] = pick.choice(names[name])
