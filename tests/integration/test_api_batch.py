"""Files scored by an endpoint: whole, in their own words, and with the place of each mistake."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pyarrow as pa
import pyarrow.ipc as ipc
import pyarrow.parquet as pq
import pytest

from tests.conftest import LiveServer, StartServer, wait_for
from tests.integration.conftest import loans_csv
from tests.integration.test_api_predict import ROW
from tests.integration.test_cli import freemlops

BATCH = "/api/v1/endpoints/loans/batch"
HEAD = "id,renda,idade,região,início\n"


def scored(api: httpx.Client, content: bytes, **params: Any) -> httpx.Response:
    return api.post(BATCH, content=content, params={"wait": "true", **params})


def lines(answer: httpx.Response) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.text)))


def test_a_file_comes_back_with_what_the_endpoint_answers_row_by_row(
    api: httpx.Client, endpoint: str
) -> None:
    text = HEAD + "0042,2500.5,30,Recife,2015-03-01\n0043,,61,Belém,2020-11-12\n"
    got = lines(scored(api, text.encode(), filename="novos.csv"))
    rows = [ROW | {"renda": 2500.5, "idade": 30, "região": "Recife", "início": "2015-03-01"}]
    rows.append(ROW | {"renda": None, "idade": 61, "região": "Belém", "início": "2020-11-12"})
    expected = api.post(endpoint, json={"rows": rows}).json()["predictions"]
    assert [r["id"] for r in got] == ["0042", "0043"]
    assert [r["prediction"] for r in got] == [p["prediction"] for p in expected]
    for one, other in zip(got, expected, strict=True):
        assert float(one["probability_sim"]) == pytest.approx(other["probabilities"]["sim"])
    assert [r["renda"] for r in got] == ["2500.5", ""]


def test_a_file_is_read_as_people_write_it(api: httpx.Client, endpoint: str) -> None:
    """Semicolons, decimal commas, another encoding, a column called as ours, and warnings."""
    text = "prediction;renda;idade;região;início\n1,50;2500,5;30;Recife;01/03/2015\n"
    text += "x;2.500,5;130;Manaus;13/03/2015\n"
    answer = scored(api, text.encode("cp1252"), filename="x.csv")
    got = lines(answer)
    assert [r["prediction"] for r in got] == ["1,50", "x"]
    assert got[0]["início"] == "2015-03-01"
    assert got[0]["prediction_2"] in ("sim", "não")
    assert "Manaus" in got[1]["warnings"]
    assert got[0]["warnings"] == ""
    in_portuguese = api.post(
        BATCH,
        content=text.encode("cp1252"),
        params={"wait": "true"},
        headers={"Accept-Language": "pt-BR"},
    )
    assert lines(in_portuguese)[1]["warnings"] != got[1]["warnings"]


def test_parquet_and_arrow_are_scored_like_csv(api: httpx.Client, endpoint: str) -> None:
    table = pa.table({n: [ROW[n]] * 3 for n in ("renda", "idade", "região", "início")})
    table = table.set_column(3, "início", table["início"].cast(pa.date32()))
    parquet, arrow = io.BytesIO(), io.BytesIO()
    pq.write_table(table, parquet)
    with ipc.new_file(arrow, table.schema) as writer:
        writer.write_table(table)
    answers = [lines(scored(api, made.getvalue())) for made in (parquet, arrow)]
    expected = api.post(endpoint, json={"rows": [ROW] * 3}).json()["predictions"]
    for got in answers:
        assert [r["prediction"] for r in got] == [p["prediction"] for p in expected]


def test_a_batch_is_followed_fetched_and_forgotten(api: httpx.Client, endpoint: str) -> None:
    content = loans_csv(seed=901)
    started = api.post(BATCH, content=content, params={"filename": "a/b/Empréstimos.csv"})
    assert started.status_code == 202, started.text
    place = started.headers["location"]

    def over() -> Any:
        got = api.get(place).json()
        return got if got["state"] not in ("waiting", "scoring") else None

    made: Any = wait_for(over)
    assert (made["state"], made["rows"], made["total"]) == ("done", 400, 400)
    assert made["result"] == f"{place}/result"
    answer = api.get(made["result"])
    assert "Empr%C3%A9stimos-loans.csv" in answer.headers["content-disposition"]
    assert len(lines(answer)) == 400
    assert api.delete(place).status_code == 204
    assert api.get(place).status_code == 404
    assert api.get(made["result"]).status_code == 404


BAD: list[tuple[bytes, int, dict[str, Any]]] = [
    (b"", 422, {}),
    (b"\x00\x01\x02\x03" * 50, 422, {}),
    (b"renda;idade\n", 422, {}),
    ((HEAD + "1,a lot,30,Recife,2015-03-01\n").encode(), 422, {"line": 2, "column": "renda"}),
    ((HEAD + "1,5,30,Recife,2015-03-01\n2,5,30,Recife,soon\n").encode(), 422,
     {"line": 3, "column": "início"}),
    (b"renda,cidade\n5,Recife\n", 422, {"column": "idade"}),
]  # fmt: skip


@pytest.mark.parametrize("language", ["en", "pt-BR"])
@pytest.mark.parametrize("case", BAD, ids=[str(i) for i in range(len(BAD))])
def test_a_bad_file_is_refused_with_the_place_of_the_mistake(
    api: httpx.Client, endpoint: str, case: tuple[bytes, int, dict[str, Any]], language: str
) -> None:
    content, status, place = case
    headers = {"Accept-Language": language}
    answer = api.post(BATCH, content=content, params={"wait": "true"}, headers=headers)
    assert answer.status_code == status, answer.text
    problem = answer.json()
    if place:
        assert any(place.items() <= e.items() for e in problem["errors"]), problem
    english = api.post(BATCH, content=content, params={"wait": "true"}).json()
    assert (problem["detail"] == english["detail"]) is (language == "en")


def test_a_mistake_deep_in_a_file_is_told_by_its_row(api: httpx.Client, endpoint: str) -> None:
    """Of a kind that only the model itself finds, in the second piece that it is given."""
    days = ["2015-03-01"] * 11_999 + ["soon"]
    same = {"renda": 5.0, "idade": 30, "região": "Recife"}
    table = pa.table({n: [v] * len(days) for n, v in same.items()} | {"início": days})
    made = io.BytesIO()
    pq.write_table(table, made)
    answer = scored(api, made.getvalue())
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["row"] == 11_999
    assert answer.json()["errors"][0]["column"] == "início"
    assert "12000" in answer.json()["detail"].replace(",", "")


def test_a_batch_asks_for_the_key_and_the_endpoint_that_a_prediction_does(
    api: httpx.Client, server: LiveServer, endpoint: str
) -> None:
    body = {"model": "loans", "name": "keyed-batch"}
    api.post("/api/v1/deployments", json=body).raise_for_status()
    api.patch("/api/v1/deployments/keyed-batch", json={"needs_key": True}).raise_for_status()
    made = api.post("/api/v1/keys", json={"name": "b", "endpoints": ["keyed-batch"]}).json()
    url, content = "/api/v1/endpoints/keyed-batch/batch", loans_csv(5, seed=902)
    assert api.post(url, content=content).status_code == 401
    with server.client(headers={"Authorization": f"Bearer {made['secret']}"}) as client:
        started = client.post(url, content=content)
        assert started.status_code == 202, started.text
        place = started.json()["batch"]
        assert wait_for(lambda: client.get(f"{url}/{place}").json()["state"] == "done")
        assert client.get(f"{url}/{place}/result").status_code == 200
        assert client.post(BATCH, content=content).status_code == 403
    api.patch("/api/v1/deployments/keyed-batch", json={"status": "paused"}).raise_for_status()
    assert api.post(url, content=content).status_code == 503
    assert api.post("/api/v1/endpoints/nowhere/batch", content=content).status_code == 404
    api.delete("/api/v1/deployments/keyed-batch")


@pytest.mark.parametrize("by", ["endpoint", "bundle"])
def test_the_command_line_scores_by_endpoint_and_by_bundle(
    server: LiveServer, endpoint: str, bundle_file: Path, tmp_path: Path, by: str
) -> None:
    file, out = tmp_path / "novos.csv", tmp_path / "out.csv"
    file.write_bytes(loans_csv(50, seed=903))
    target = "loans" if by == "endpoint" else bundle_file
    done = freemlops("score", target, file, "-o", out, "--home", server.home)
    assert done.returncode == 0, done.stderr
    assert "50 rows answered" in done.stderr
    got = list(csv.DictReader(out.open(encoding="utf-8")))
    assert len(got) == 50
    assert {r["prediction"] for r in got} <= {"sim", "não"}
    file.write_text(HEAD + "1,a lot,30,Recife,2015-03-01\n", encoding="utf-8")
    refused = freemlops("score", target, file, "-o", out, "--home", server.home, "--lang", "pt_BR")
    assert refused.returncode == 1
    assert "linha 2" in refused.stderr or "line 2" in refused.stderr
    assert "renda" in refused.stderr
    assert len(list(csv.DictReader(out.open(encoding="utf-8")))) == 50


def test_the_settings_say_how_large_a_file_may_be_and_how_many_wait(
    start_server: StartServer, bundle: bytes
) -> None:
    limits = {"ROWS": "40", "MB": "1", "FILES": "1"}
    made = start_server(env={f"FREEMLOPS_BATCH_{name}": value for name, value in limits.items()})
    with made.client(headers={"Accept-Language": "en"}) as client:
        client.post("/api/v1/models/import", params={"name": "loans"}, content=bundle)
        body = {"model": "loans", "version": 1}
        client.post("/api/v1/deployments", json=body).raise_for_status()
        assert len(lines(scored(client, loans_csv(40, seed=904)))) == 40
        rows = scored(client, loans_csv(41, seed=905))
        assert (rows.status_code, "At most 40 rows" in rows.text) == (413, True)
        large = scored(client, b" " * (1024**2 + 1))
        assert (large.status_code, "larger than 1 MB" in large.text) == (413, True)

        def piece() -> Iterator[bytes]:
            yield b"renda,"
            wait_for(lambda: list((made.home / "scratch").rglob("file")))  # it has its place
            second = client.post(BATCH, content=loans_csv(5, seed=906))
            assert (second.status_code, "Too many files" in second.text) == (503, True)
            yield b"idade\n"

        assert client.post(BATCH, content=piece()).status_code == 202
