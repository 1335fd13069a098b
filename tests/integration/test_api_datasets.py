"""Datasets over HTTP, good files and bad ones."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.integration.conftest import loans_csv, put


def test_a_csv_becomes_a_typed_version(loans: dict[str, Any]) -> None:
    types = {c["name"]: c["type"] for c in loans["columns"]}
    assert loans["rows"] == 400
    assert loans["version"] == 1
    assert types["renda"] == "decimal"
    assert types["idade"] == "integer"
    assert types["região"] == "text"
    assert types["início"] == "date"
    assert next(c for c in loans["columns"] if c["name"] == "renda")["missing"] > 0


def test_the_same_bytes_again_are_the_same_version(api: httpx.Client) -> None:
    first = put(api, b"a,b\n1,2\n3,4\n", "same")
    again = put(api, b"a,b\n1,2\n3,4\n", "same")
    other = put(api, b"a,b\n1,2\n3,5\n", "same")
    assert [r.status_code for r in (first, again, other)] == [201, 200, 201]
    assert first.json()["version"] == again.json()["version"] == 1
    assert other.json()["version"] == 2
    assert other.json()["dataset"] == first.json()["dataset"]


def test_rows_come_back_as_they_went_in(api: httpx.Client, loans: dict[str, Any]) -> None:
    rows = api.get(f"/api/v1/datasets/{loans['dataset']}/versions/1/rows?limit=3").json()["items"]
    assert rows[0]["região"] in ("São Paulo", "Recife", "Belém", "Porto Alegre")
    assert len(rows) == 3


def test_lists_come_in_pages(api: httpx.Client) -> None:
    for n in range(3):
        put(api, f"a,b\n{n},2\n3,4\n".encode(), f"page {n}")
    first = api.get("/api/v1/datasets?limit=2").json()
    second = api.get("/api/v1/datasets", params={"limit": 2, "cursor": first["cursor"]}).json()
    assert len(first["items"]) == 2
    assert not {d["dataset"] for d in first["items"]} & {d["dataset"] for d in second["items"]}


def test_a_deleted_dataset_is_gone(api: httpx.Client) -> None:
    made = put(api, b"a,b\n9,2\n3,4\n", "gone").json()
    assert api.delete(f"/api/v1/datasets/{made['dataset']}").status_code == 204
    assert api.get(f"/api/v1/datasets/{made['dataset']}").status_code == 404
    answer = api.post(
        "/api/v1/runs", json={"dataset": made["dataset"], "target": "a", "budget_s": 15}
    )
    assert answer.status_code == 404


def test_a_dataset_behind_a_deployment_is_kept(
    api: httpx.Client, endpoint: str, loans: dict[str, Any]
) -> None:
    answer = api.delete(f"/api/v1/datasets/{loans['dataset']}")
    assert answer.status_code == 409
    assert "loans" in answer.json()["detail"]


BAD_FILES = {
    "empty": b"",
    "only a header": b"a,b,c\n",
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40,
    "a web page": b"<!doctype html><html><body>not found</body></html>",
    "zeros": b"\x00" * 5000,
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_what_is_no_table_is_refused_in_words_and_leaves_nothing(
    api: httpx.Client, name: str
) -> None:
    before = api.get("/api/v1/datasets?limit=200").json()["items"]
    for language in ("en", "pt-BR"):
        answer = api.put(
            "/api/v1/datasets",
            params={"name": f"bad {name}", "filename": "bad.csv"},
            content=BAD_FILES[name],
            headers={"Accept-Language": language},
        )
        problem = answer.json()
        assert answer.status_code == 422, answer.text
        assert answer.headers["content-type"].startswith("application/problem+json")
        assert answer.headers["content-language"] == language
        assert len(problem["detail"]) > 20
    assert api.get("/api/v1/datasets?limit=200").json()["items"] == before


def test_a_hostile_file_name_stays_a_name(api: httpx.Client) -> None:
    answer = api.put(
        "/api/v1/datasets",
        params={"name": "../../etc/passwd\n<script>", "filename": "../../../tmp/x.csv"},
        content=b"a,b\n5,2\n3,4\n",
    )
    assert answer.status_code == 201
    assert answer.json()["name"] == "../../etc/passwd <script>"
    assert answer.json()["filename"] == "x.csv"


def test_every_sample_loads_and_has_its_target(api: httpx.Client) -> None:
    for sample in api.get("/api/v1/samples").json():
        made = api.post(f"/api/v1/samples/{sample['sample']}")
        assert made.status_code == 201, made.text
        assert sample["target"] in {c["name"] for c in made.json()["columns"]}
        assert made.json()["synthetic"] == sample["synthetic"]
        assert made.json()["rows"] == sample["rows"]


def test_equal_files_sent_at_once_are_one_version(api: httpx.Client) -> None:
    with ThreadPoolExecutor(6) as pool:
        sent = [pool.submit(put, api, loans_csv(seed=11), "six at once") for _ in range(6)]
        answers = [s.result() for s in sent]
    assert sorted(a.status_code for a in answers) == [200] * 5 + [201]
    assert {(a.json()["dataset"], a.json()["version"]) for a in answers} == {
        (answers[0].json()["dataset"], 1)
    }


def test_names_of_files_are_kept_without_what_cannot_be_seen(api: httpx.Client) -> None:
    made = put(api, loans_csv(seed=12), "", "regia\u0303o\u202evsc\x00.csv")
    assert made.status_code == 201, made.text
    assert made.json()["name"] == "regi\u00e3ovsc"
