"""SQL over HTTP and from the command line."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import httpx
import pyarrow as pa

import freemlops
from tests.conftest import ROOT, LiveServer, free_environment

ODD = """
SELECT 1 AS n, 9007199254740993 AS big, 0.1::DECIMAL(4, 2) AS d, 'nan'::DOUBLE AS x,
       DATE '2026-01-02' AS day, TIMESTAMP '2026-01-02 03:04:05' AS at, 'é' AS t, NULL AS nothing,
       '\\xAA'::BLOB AS b, [1, 2] AS l, {'a': 9007199254740993} AS s, true AS yes
"""


def ask(api: httpx.Client, sql: str, accept: str = "application/json", **more: Any) -> Any:
    answer = api.post("/api/v1/sql", json={"sql": sql, **more}, headers={"Accept": accept})
    assert answer.status_code == 200, answer.text
    return answer


def test_json_loses_nothing(api: httpx.Client) -> None:
    made = ask(api, ODD).json()
    row = dict(zip((c["name"] for c in made["columns"]), made["rows"][0], strict=True))
    assert row == {
        "n": 1, "big": "9007199254740993", "d": 0.1, "x": None, "day": "2026-01-02",
        "at": "2026-01-02T03:04:05", "t": "é", "nothing": None, "b": "aa", "l": [1, 2],
        "s": {"a": "9007199254740993"}, "yes": True,
    }  # fmt: skip
    assert (made["row_count"], made["truncated"]) == (1, False)
    assert made["seconds"] >= 0
    assert made["as_of"].endswith("Z") or "+00:00" in made["as_of"]


def test_csv_has_no_formulas(api: httpx.Client) -> None:
    sql = "SELECT * FROM (VALUES ('=1+1', -1.5), ('@x', 2), ('plain', NULL)) AS t(\"=a\", b)"
    rows = list(csv.reader(io.StringIO(ask(api, sql, "text/csv").text)))
    assert rows == [["'=a", "b"], ["'=1+1", "-1.5"], ["'@x", "2.0"], ["plain", ""]]


def test_arrow_streams(api: httpx.Client) -> None:
    got = ask(api, "FROM range(5)", "application/vnd.apache.arrow.stream", limit=3)
    assert pa.ipc.open_stream(got.content).read_all().to_pydict() == {"range": [0, 1, 2]}
    assert got.headers["x-truncated"] == "true"


def test_a_trained_run_is_there_at_once(api: httpx.Client, run: dict[str, Any]) -> None:
    sql = f"SELECT status, best_score FROM lab.runs WHERE run = '{run['run']}'"
    ((status, score),) = ask(api, sql).json()["rows"]
    assert status == "finished"
    assert 0 < score <= 1
    assert ask(api, 'SELECT count(*) FROM data."empréstimos"').json()["rows"] == [[400]]
    for recipe in api.get("/api/v1/sql/recipes").json():
        ask(api, recipe["sql"])


def test_errors_say_what_and_where(api: httpx.Client) -> None:
    wrong = api.post("/api/v1/sql", json={"sql": "SELECT\n nam FROM lab.runs"})
    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["line"] == 2
    refused = api.post("/api/v1/sql", json={"sql": "FROM lab.rums"})
    assert "lab.runs" in refused.json()["detail"]


def test_saved_queries_live_on_the_server(api: httpx.Client) -> None:
    made = api.post("/api/v1/sql/saved", json={"name": "mine", "sql": "SELECT 1"}).json()
    assert made in api.get("/api/v1/sql/saved").json()
    assert api.delete(f"/api/v1/sql/saved/{made['id']}").status_code == 204
    assert api.delete(f"/api/v1/sql/saved/{made['id']}").status_code == 404
    assert api.post("/api/v1/sql/saved", json={"name": "", "sql": "SELECT 1"}).status_code == 422


def test_tables_are_listed_with_their_comments(api: httpx.Client) -> None:
    tables = {f"{t['schema']}.{t['name']}": t for t in api.get("/api/v1/sql/tables").json()}
    assert tables["lab.runs"]["about"]
    assert tables["lab.runs"]["columns"][0]["about"]


def test_the_client_gives_frames(server: LiveServer) -> None:
    with freemlops.connect(server.url) as client:
        frame = client.sql("SELECT 1 AS a, 'x' AS b")
    assert frame.to_dict("records") == [{"a": 1, "b": "x"}]


def command(
    server: LiveServer, *arguments: str, text: str = ""
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "freemlops", "--lang", "en", *arguments, "--home", str(server.home)],
        capture_output=True, text=True, input=text, cwd=ROOT, env=free_environment(), timeout=100,
    )  # fmt: skip


def test_the_command_line_asks_and_takes_snapshots(server: LiveServer, tmp_path: Path) -> None:
    assert command(server, "sql", "SELECT 1 AS a", "--format", "csv").stdout == "a\n1\n"
    table = command(server, "sql", "-", text="SELECT '[b]x[/b]' AS v")
    assert "[b]x[/b]" in table.stdout
    bad = command(server, "sql", "DROP TABLE lab.runs")
    assert bad.returncode == 1
    assert "Traceback" not in bad.stderr
    file = tmp_path / "history.duckdb"
    made = command(server, "snapshot", str(file), "--storage-version", "v1.2.0")
    assert made.returncode == 0, made.stderr
    with duckdb.connect(str(file), read_only=True) as stock:
        assert stock.execute("SELECT count(*) >= 0 FROM lab.runs").fetchall() == [(True,)]
