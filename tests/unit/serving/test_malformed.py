"""Ten thousand bodies that are mostly wrong: no fault, and no memory that stays taken."""

from __future__ import annotations

import json
import random
from collections import Counter
from typing import Any

import psutil

from freemlops.domain.errors import NotFoundError
from freemlops.engine.predict import Predictor
from freemlops.serving import Endpoint, Route, ServedModel
from freemlops.serving.route import answering
from tests.conftest import awaited
from tests.unit.engine.test_predict import SIGNATURE, graph  # noqa: F401 - a fixture

KINDS = (b"application/json", b"text/csv", b"application/vnd.apache.arrow.stream")
ROW: dict[str, Any] = {"age": 40, "paid": True, "color": "red", "since": "2022-05-01"}


class One:
    """The routes of a server with one endpoint."""

    def __init__(self, model: ServedModel) -> None:
        self._route = Route("one", answering(model))

    def known(self, endpoint: str) -> Route | None:
        return self._route if endpoint == "one" else None

    def find(self, endpoint: str) -> Route:
        raise NotFoundError("There is no deployment called “{name}”.", name=endpoint)


async def ask(endpoint: Endpoint, body: bytes, kind: bytes) -> tuple[int, bytes, bytes]:
    """Status, media type and body of an answer; the request comes in two pieces."""
    half = len(body) // 2
    parts = [{"body": body[:half], "more_body": True}, {"body": body[half:], "more_body": False}]
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request"} | parts.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    path = "/api/v1/endpoints/one/predict"
    scope = {"type": "http", "method": "POST", "path": path, "headers": [(b"content-type", kind)]}
    assert Endpoint.matches(scope)
    await endpoint(scope, receive, send)
    return sent[0]["status"], dict(sent[0]["headers"])[b"content-type"], sent[1]["body"]


def test_malformed_bodies_bring_no_fault_and_take_no_memory(graph: bytes) -> None:  # noqa: F811
    endpoint = Endpoint(One(ServedModel(Predictor(graph, SIGNATURE), "one", 1)))
    pick, process = random.Random(5), psutil.Process()
    statuses: Counter[int] = Counter()
    sizes: list[int] = []

    async def run() -> None:
        for n in range(10_000):
            kind = KINDS[0] if pick.random() < 0.7 else pick.choice(KINDS)
            status, media_type, content = await ask(endpoint, malformed(pick), kind)
            statuses[status] += 1
            if status >= 400:
                assert media_type == b"application/problem+json"
                assert json.loads(content)["detail"]
            assert len(content) < 50_000
            if n in (3_000, 9_999):
                sizes.append(process.memory_info().rss)

    awaited(run())
    assert statuses.total() == 10_000
    assert set(statuses) == {200, 400, 422}
    assert min(statuses.values()) > 500
    assert sizes[1] - sizes[0] < 20 * 1024**2


ODD: tuple[Any, ...] = (
    None, True, 0, -1, 10**30, 1.5, "", "x", "\x00", "é" * 300, [], [[]], {}, {"rows": []},
    "2020-13-45", "9999-12-31", "0001-01-01T00:00:00+14:00", 1e308,
)  # fmt: skip


def malformed(pick: random.Random) -> bytes:
    """A body that is mostly wrong: good ones with values, keys and bytes changed."""
    rows = [dict(ROW) for _ in range(pick.randint(1, 4))]
    for row in rows:
        for name in pick.sample(list(row), pick.randint(0, 2)):
            row[name] = pick.choice(ODD)
        if pick.random() < 0.2:
            row.pop(pick.choice(list(row)))
    body: Any = {"rows": rows}
    if pick.random() < 0.3:
        body = {"columns": {k: [r.get(k) for r in rows] for k in ROW}}
        if pick.random() < 0.5:
            body["columns"][pick.choice(list(ROW))] = pick.choice(ODD)
    if pick.random() < 0.1:
        body = pick.choice(ODD)
    content = bytearray(json.dumps(body, ensure_ascii=pick.random() < 0.5).encode())
    if pick.random() < 0.5:
        for _ in range(pick.randint(1, 5)):
            if content:
                content[pick.randrange(len(content))] = pick.randrange(256)
    if pick.random() < 0.1:
        del content[pick.randrange(len(content) + 1) :]
    return bytes(content)
