"""What an endpoint takes as a body, and what it says of one that it can't take."""

from __future__ import annotations

import json
import time
from typing import Any

import httpx
import pyarrow as pa
import pytest

from tests.integration.test_api_predict import ROW

ARROW = "application/vnd.apache.arrow.stream"


def test_arrow_is_answered_like_json(api: httpx.Client, endpoint: str) -> None:
    rows = [ROW, ROW | {"renda": None}, ROW | {"idade": 70}]
    table = pa.Table.from_pylist(rows)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    headers = {"Content-Type": ARROW, "Accept": ARROW}
    answer = api.post(endpoint, content=sink.getvalue().to_pybytes(), headers=headers)
    assert answer.status_code == 200, answer.text
    got = pa.ipc.open_stream(answer.content).read_all().to_pylist()
    expected = api.post(endpoint, json={"rows": rows}).json()["predictions"]
    assert [r["prediction"] for r in got] == [p["prediction"] for p in expected]
    assert [r["probability_sim"] for r in got] == [p["probabilities"]["sim"] for p in expected]


def test_a_compressed_or_broken_arrow_stream_is_refused(api: httpx.Client, endpoint: str) -> None:
    table, sink = pa.table({"renda": [1.0] * 1000}), pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with pa.ipc.new_stream(sink, table.schema, options=options) as writer:
        writer.write_table(table)
    packed = sink.getvalue().to_pybytes()
    for body, words in ((packed, "without compression"), (packed[:90], "Arrow"), (b"", "Arrow")):
        answer = api.post(endpoint, content=body, headers={"Content-Type": ARROW})
        assert answer.status_code == 400, answer.text
        assert words in answer.json()["detail"]


def test_a_request_of_too_many_rows_is_refused_before_it_takes_the_memory(
    api: httpx.Client, endpoint: str
) -> None:
    many = b'{"rows": [' + b"{}," * 10_000_000 + b"{}]}"
    started = time.monotonic()
    answer = api.post(endpoint, content=many)
    assert answer.status_code == 413, answer.text
    assert "100,000" in answer.json()["detail"]
    assert time.monotonic() - started < 20
    csv = b"renda\n" + b"1\n" * 100_001
    answer = api.post(endpoint, content=csv, headers={"Content-Type": "text/csv"})
    assert answer.status_code == 413
    assert api.post(endpoint, content=b" " * (65 * 1024**2)).status_code == 413


def test_100_000_rows_are_answered(api: httpx.Client, endpoint: str) -> None:
    columns = {name: [value] * 100_000 for name, value in ROW.items()}
    answer = api.post(endpoint, json={"columns": columns}, headers={"Accept": "text/csv"})
    assert answer.status_code == 200
    assert answer.text.count("\n") == 100_001


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"idade": 10**9}, 200),
        ({"idade": 10**400}, 422),
        ({"região": "x" * 1_000_000}, 200),
        ({"início": "2020-05-01T10:00:00Z"}, 200),
        ({"início": "2020-05-01 10:00"}, 200),
        ({"início": "01/05/2020"}, 422),
        ({"extra": {"a": [1, {}]}}, 200),
        ({"idade": [1]}, 422),
        ({"idade": True}, 422),
    ],
)
def test_a_strange_value_is_answered_or_named(
    api: httpx.Client, endpoint: str, changes: dict[str, Any], status: int
) -> None:
    answer = api.post(endpoint, json={"rows": [ROW, ROW | changes]})
    assert answer.status_code == status, answer.text[:300]
    assert len(answer.content) < 5_000
    if status == 422:
        (item,) = answer.json()["errors"]
        assert (item["row"], item["column"]) == (1, next(iter(changes)))


@pytest.mark.parametrize("text", [b"NaN", b"Infinity", b"-Infinity", b"1e999"])
def test_numbers_that_json_does_not_know_are_refused(
    api: httpx.Client, endpoint: str, text: bytes
) -> None:
    body = json.dumps({"rows": [ROW | {"idade": 0}]}).encode().replace(b": 0", b": " + text)
    answer = api.post(endpoint, content=body)
    assert answer.status_code == 400, answer.text
    assert "JSON" in answer.json()["detail"]
