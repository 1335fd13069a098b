"""Models that leave the house and come back: exports with proof, bundles, imports, the registry."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import httpx
import pandas as pd
import pytest

from tests.integration.conftest import loans_csv
from tests.integration.test_api_predict import ROW


def fetched(api: httpx.Client, format: str, model: str = "loans", version: int = 1) -> bytes:
    path = f"/api/v1/models/{model}/versions/{version}/artifact"
    answer = api.get(path, params={"format": format})
    assert answer.status_code == 200, answer.text
    assert answer.headers["x-checksum-sha256"] == hashlib.sha256(answer.content).hexdigest()
    return answer.content


@pytest.mark.parametrize("format", ["onnx", "pickle", "skops", "bundle", "container", "code"])
def test_each_export_of_a_candidate_is_stamped_with_its_proof(
    api: httpx.Client, run: dict[str, Any], format: str
) -> None:
    last = run["best"] if format == "skops" else run["leaderboard"][-1]["candidate"]
    for candidate in {run["best"], last}:  # skops takes a process of some seconds each
        path = f"/api/v1/runs/{run['run']}/candidates/{candidate}/artifact"
        answer = api.get(path, params={"format": format})
        assert answer.status_code == 200, answer.text
        told = answer.headers
        assert told["x-checksum-sha256"] == hashlib.sha256(answer.content).hexdigest()
        assert float(told["x-parity-max-difference"]) <= 1e-5
        assert int(told["x-parity-rows"]) > 200
        assert told["x-parity-stamp"].startswith("identical within 1e-5 (max difference")


def test_the_pickle_has_its_exact_requirements(api: httpx.Client, endpoint: str) -> None:
    import lightgbm
    import sklearn

    lines = fetched(api, "requirements").decode().splitlines()
    assert f"lightgbm=={lightgbm.__version__}" in lines
    assert f"scikit-learn=={sklearn.__version__}" in lines


def test_an_unknown_format_is_refused_with_those_there_are(
    api: httpx.Client, endpoint: str
) -> None:
    answer = api.get("/api/v1/models/loans/versions/1/artifact", params={"format": "exe"})
    assert answer.status_code == 422
    assert "bundle" in answer.json()["detail"]


def test_the_script_of_the_winner_gives_the_answers_of_the_endpoint(
    api: httpx.Client, endpoint: str, tmp_path: Path
) -> None:
    """As downloaded, on the original file, in a process that has no Free MLOps."""
    (tmp_path / "loans.csv").write_bytes(loans_csv())
    script = fetched(api, "code")
    (tmp_path / "model.py").write_bytes(script)
    block = "import sys; sys.modules['freemlops'] = None; sys.argv = sys.argv[1:]; import runpy; "
    done = subprocess.run(
        [sys.executable, "-c", block + "runpy.run_path('model.py', run_name='__main__')",
         "model.py", "loans.csv", "--output", "out.csv"],
        cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    made = pd.read_csv(tmp_path / "out.csv")
    frame = pd.read_csv(io.BytesIO(loans_csv())).drop(columns="inadimplente")
    rows = json.loads(frame.to_json(orient="records"))
    answers = api.post(endpoint, json={"rows": rows}).json()["predictions"]
    assert list(made["prediction"]) == [a["prediction"] for a in answers]
    theirs = [a["probabilities"]["sim"] for a in answers]
    assert (made["probability_sim"] - theirs).abs().max() < 1e-5


def test_a_bundle_is_the_same_bytes_each_time_and_names_what_is_in_it(
    api: httpx.Client, bundle: bytes
) -> None:
    assert fetched(api, "bundle") == bundle
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        told = dict(reversed(line.split("  ")) for line in
                    archive.read("checksums.txt").decode().splitlines())  # fmt: skip
        assert set(told) == set(archive.namelist()) - {"checksums.txt"}
        for name, digest in told.items():
            assert hashlib.sha256(archive.read(name)).hexdigest() == digest
        manifest = json.loads(archive.read("manifest.json"))
        assert (manifest["model"], manifest["version"]) == ("loans", 1)
        assert manifest["lineage"]["dataset_name"] == "empréstimos"
        assert "inadimplente" in archive.read("card.pt_BR.md").decode()


def test_an_imported_bundle_answers_as_the_original_and_can_leave_again(
    api: httpx.Client, endpoint: str, bundle: bytes
) -> None:
    answer = api.post("/api/v1/models/import", params={"name": "guest"}, content=bundle)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert (made["run"], made["imported"]["model"], made["imported"]["version"]) == (
        None,
        "loans",
        1,
    )
    assert made["imported"]["max_difference"] <= 1e-5
    again = api.post("/api/v1/models/import", params={"name": "guest"}, content=bundle)
    assert (again.status_code, again.json()["version"]) == (200, made["version"])
    body = {"rows": [ROW, ROW | {"região": "nowhere", "renda": None}]}
    theirs = api.post("/api/v1/models/guest/predict", json=body).json()["predictions"]
    assert theirs == api.post(endpoint, json=body).json()["predictions"]
    onward = fetched(api, "bundle", "guest", made["version"])
    once_more = api.post("/api/v1/models/import", params={"name": "guest-2"}, content=onward)
    assert once_more.status_code == 201, once_more.text
    path = f"/api/v1/models/guest/versions/{made['version']}/artifact"
    assert api.get(path, params={"format": "code"}).status_code == 404
    assert api.get(path, params={"format": "pickle"}).status_code == 404


def test_what_is_no_bundle_is_refused(api: httpx.Client, endpoint: str, bundle: bytes) -> None:
    damaged = bytearray(bundle)
    damaged[len(damaged) // 2] ^= 0xFF
    for content in (b"", b"PK\x03\x04", bundle[: len(bundle) // 2], bytes(damaged)):
        answer = api.post("/api/v1/models/import", content=content)
        assert answer.status_code == 422, answer.text
        assert answer.json()["type"].endswith("import_refused")


def test_notes_tags_and_approval_stay_with_a_version(api: httpx.Client, bundle: bytes) -> None:
    version = api.post("/api/v1/models/import", params={"name": "said"}, content=bundle).json()
    path = f"/api/v1/models/said/versions/{version['version']}"
    api.patch(path, json={"notes": "<b>checked</b>", "tags": ["a", "a", " b "]})
    api.put(f"{path}/approval", json={"note": "fine", "by": "Ana"})
    made = api.patch(path, json={"tags": ["c"]}).json()
    assert (made["notes"], made["tags"]) == ("<b>checked</b>", ["c"])
    assert (made["approval"]["by"], made["approval"]["note"]) == ("Ana", "fine")
    assert made["imported"]["model"] == "loans"
    assert api.delete(f"{path}/approval").json()["approval"] is None
    assert api.patch(path, json={"tags": ["x" * 100]}).status_code == 422


def test_lineage_leads_from_data_to_deployment_and_back(
    api: httpx.Client, run: dict[str, Any], loans: dict[str, Any], endpoint: str
) -> None:
    ends: list[dict[str, Any]] = [
        {"dataset": loans["dataset"]},
        {"run": run["run"]},
        {"model": "loans"},
        {"deployment": "loans"},
    ]
    for asked in ends:
        items = api.get("/api/v1/lineage", params=asked).json()["items"]
        line = next(i for i in items if i["model"] == "loans")
        assert (line["dataset"], line["dataset_version"]) == (loans["dataset"], loans["version"])
        assert (line["run"], line["version"]) == (run["run"], 1)
        assert "loans" in line["deployments"]
        assert "champion" in line["aliases"]
    assert api.get("/api/v1/lineage", params={"deployment": "none"}).json()["items"] == []


def test_two_versions_are_compared(
    api: httpx.Client, run: dict[str, Any], endpoint: str, bundle: bytes
) -> None:
    name = "pair"
    worst = run["leaderboard"][-1]["candidate"]
    for candidate in (run["best"], worst):
        body = {"run": run["run"], "candidate": candidate, "name": name}
        assert api.post("/api/v1/models", json=body).status_code == 201
    path = f"/api/v1/models/{name}/compare"
    made = api.get(path, params={"first": 1, "second": 2}).json()
    assert (made["same_data"], made["same_target"], made["columns"]) == (True, True, [])
    loss = next(m for m in made["metrics"] if m["name"] == "log_loss")
    assert loss["first"]["value"] < loss["second"]["value"]
    third = api.post("/api/v1/models/import", params={"name": name}, content=bundle).json()
    made = api.get(path, params={"first": 1, "second": third["version"]}).json()
    assert made["same_data"] is None
    assert {m["better"] for m in made["metrics"]} <= {None}


def test_a_version_is_kept_whatever_a_deployment_uses_it_for(
    api: httpx.Client, bundle: bytes
) -> None:
    """By number or by alias, to answer, as challenger or shadow, at work or paused."""
    for _ in range(2):
        api.post("/api/v1/models/import", params={"name": "kept"}, content=bundle)
        bundle = fetched(api, "bundle", "kept")
    api.put("/api/v1/models/kept/aliases/green", json={"version": 2})
    api.post("/api/v1/deployments", json={"model": "kept", "version": 1}).raise_for_status()
    path, second = "/api/v1/deployments/kept", "/api/v1/models/kept/versions/2"
    nothing: dict[str, Any] = {"version": 1, "challenger": None, "shadow": None}
    for target in ({"version": 2}, {"alias": "green"}):
        for use in (target, {"challenger": target}, {"shadow": target}):
            for status in ("live", "paused"):
                body = nothing | {"status": status} | use
                if "alias" in body:
                    del body["version"]
                api.patch(path, json=body).raise_for_status()
                refused = api.delete(second)
                assert refused.status_code == 409, body
                assert "“kept”" in refused.json()["detail"]
                if target == {"alias": "green"}:
                    assert api.delete("/api/v1/models/kept/aliases/green").status_code == 409
    api.patch(path, json=nothing).raise_for_status()
    assert api.delete(second).status_code == 204
    api.delete(path)


def test_a_version_in_use_cannot_be_deleted_and_a_number_is_not_given_twice(
    api: httpx.Client, bundle: bytes
) -> None:
    name = "brief"
    first = api.post("/api/v1/models/import", params={"name": name}, content=bundle).json()
    path = f"/api/v1/models/{name}/versions/{first['version']}"
    api.put(f"/api/v1/models/{name}/aliases/blue", json={"version": 1})
    made = api.post("/api/v1/deployments", json={"model": name, "alias": "blue", "name": name})
    assert made.status_code == 201, made.text
    refused = api.delete(path)
    assert refused.status_code == 409
    assert name in refused.json()["detail"]
    assert api.delete(f"/api/v1/models/{name}/aliases/blue").status_code == 409
    assert api.delete(f"/api/v1/deployments/{name}").status_code == 204
    assert api.delete(path).status_code == 204
    assert api.get(path).status_code == 404
    assert api.delete(path).status_code == 404
    again = api.post("/api/v1/models/import", params={"name": name}, content=bundle).json()
    assert (again["version"], again["aliases"]) == (2, [])
    assert fetched(api, "onnx", name, 2) == fetched(api, "onnx")
