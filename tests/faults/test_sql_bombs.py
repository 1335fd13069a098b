"""A query that explodes takes its own process with it, and nothing else."""

# ruff: noqa: E501

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.conftest import LiveServer

BOMBS = {
    "time": "SELECT count(*) FROM range(1000000000) a, range(1000000) b",
    "memory": "SELECT list(a.range || b.range::VARCHAR) FROM range(100000) a, range(100000) b",
    "one value": "SELECT repeat('x', 2000000000)",
    "padding": "SELECT lpad('x', 2000000000, 'y')",
    "grouping": "SELECT i::VARCHAR || repeat('k', 200) AS k, count(*) FROM range(50000000) t(i) GROUP BY k ORDER BY k LIMIT 1",
    "sorting": "SELECT md5(i::VARCHAR) AS m, repeat(m, 50) FROM range(100000000) t(i) ORDER BY m",
    "recursion": "WITH RECURSIVE t(i, s) AS (SELECT 1, 'x' UNION ALL SELECT i + 1, s || s FROM t) SELECT max(i) FROM t",
    "wide product": "SELECT count(*) FROM " + ", ".join(f"range(1000) t{i}" for i in range(12)),
    "list": "SELECT range(10000000000)",
    "huge row": "SELECT repeat('x', 80000000)",
}  # fmt: skip
TOLD = {
    "nesting": "SELECT " + "(" * 20_000 + "1" + ")" * 20_000,
    "nested lists": "SELECT " + "[" * 30_000 + "]" * 30_000,
    "ten megabytes": "SELECT '" + "x" * 10_000_000 + "'",
    "many unions": " UNION ALL ".join(["SELECT 1"] * 12_000),
    "operators": "SELECT " + "1+" * 60_000 + "1",
}


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    made = LiveServer(
        tmp_path_factory.mktemp("bombs") / "home",
        env={"FREEMLOPS_SQL_SECONDS": "4", "FREEMLOPS_SQL_MEMORY_MB": "256"},
    )
    yield made
    made.stop()


def ask(client: httpx.Client, sql: str) -> httpx.Response:
    return client.post("/api/v1/sql", json={"sql": sql})


def healthy(client: httpx.Client) -> bool:
    return client.get("/api/v1/healthz").status_code == 200 and (
        ask(client, "SELECT 42").json()["rows"] == [[42]]
    )


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_kills_only_its_own_process(lab: LiveServer, name: str) -> None:
    with lab.client() as client:
        answer = ask(client, BOMBS[name])
        assert answer.status_code == 422, answer.text[:300]
        assert answer.json()["type"].endswith(("query_limit", "invalid"))
        assert healthy(client)
    assert not list((lab.home / "lab" / "scratch").iterdir())


@pytest.mark.parametrize("name", TOLD)
def test_a_monstrous_text_is_answered_in_words(lab: LiveServer, name: str) -> None:
    with lab.client() as client:
        answer = ask(client, TOLD[name])
        assert answer.status_code in (200, 413, 422), answer.text[:300]
        assert healthy(client)


def test_a_long_answer_is_cut_by_rows_and_by_bytes(lab: LiveServer) -> None:
    with lab.client() as client:
        rows = ask(client, "FROM range(100000000)").json()
        assert (rows["row_count"], rows["truncated"]) == (100_000, True)
        wide = ask(client, "SELECT repeat('x', 10000) FROM range(50000)").json()
        assert wide["truncated"]
        assert 0 < wide["row_count"] < 50_000
        assert healthy(client)
