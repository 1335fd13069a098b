"""Host, origin and login, decided for every kind of request."""

from __future__ import annotations

from typing import Any

import pytest

from freemlops.server.access import Access, open_access
from freemlops.server.door import COOKIE, Door
from freemlops.server.login import safe_next
from tests.conftest import awaited
from tests.unit.server.test_access import Store


async def inside(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"inside"})


def ask(
    door: Door,
    path: str = "/",
    kind: str = "http",
    method: str = "GET",
    body: bytes = b"",
    query: bytes = b"",
    **headers: str,
) -> list[dict[str, Any]]:
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": f"{kind}.connect" if kind == "websocket" else "http.request", "body": body}

    async def send(message: Any) -> None:
        sent.append(dict(message))

    pairs = {"host": "127.0.0.1:5006"} | {k.replace("_", "-"): v for k, v in headers.items()}
    scope = {
        "type": kind,
        "path": path,
        "method": method,
        "query_string": query,
        "headers": [(k.encode(), v.encode()) for k, v in pairs.items()],
    }
    awaited(door(scope, receive, send))
    return sent


def status(sent: list[dict[str, Any]]) -> int:
    return int(sent[0].get("status", 0))


@pytest.fixture(scope="module")
def access() -> Access:
    return open_access(Store(), "open sesame")[0]


LOCAL = Door(inside, None)


def test_on_this_machine_nobody_logs_in() -> None:
    assert status(ask(LOCAL)) == 200
    assert status(ask(LOCAL, host="localhost:5006")) == 200
    assert status(ask(LOCAL, host="[::1]:5006")) == 200


@pytest.mark.parametrize("host", ["evil.example.org", "127.0.0.1.evil.example.org", "", "10.0.0.9"])
def test_a_foreign_host_name_is_refused(host: str) -> None:
    assert status(ask(LOCAL, host=host)) == 421


def test_a_listed_host_name_is_known() -> None:
    assert status(ask(Door(inside, None, hosts=["nas.local"]), host="nas.local:5006")) == 200


def test_another_sites_script_is_refused_even_on_this_machine() -> None:
    sent = ask(LOCAL, "/api/v1/runs", method="POST", origin="http://evil.example.org")
    assert status(sent) == 403


def test_our_own_page_may_call() -> None:
    sent = ask(LOCAL, "/api/v1/runs", method="POST", origin="http://127.0.0.1:5006")
    assert status(sent) == 200


def test_a_websocket_needs_our_own_origin() -> None:
    def kind(**headers: str) -> str:
        return str(ask(LOCAL, "/ws", kind="websocket", **headers)[0]["type"])

    assert kind(origin="http://127.0.0.1:5006") == "websocket.accept"
    assert kind(origin="http://evil.example.org") == "websocket.close"
    assert kind() == "websocket.close"


def test_pages_lead_to_the_login_and_back(access: Access) -> None:
    sent = ask(Door(inside, access), "/run", query=b"id=1")
    headers = dict(sent[0]["headers"])
    assert status(sent) == 303
    assert headers[b"location"] == b"/login?next=/run%3Fid%3D1"


def test_the_api_and_websockets_are_behind_the_same_door(access: Access) -> None:
    door = Door(inside, access)
    assert status(ask(door, "/api/v1/datasets")) == 401
    sent = ask(door, "/ws", kind="websocket", origin="http://127.0.0.1:5006")
    assert sent[0]["type"] == "websocket.close"
    assert status(ask(door, "/api/v1/datasets", authorization="Bearer open sesame")) == 200
    cookie = f"{COOKIE}={access.session()}"
    assert status(ask(door, "/api/v1/datasets", cookie=cookie)) == 200


def test_health_needs_no_login(access: Access) -> None:
    assert status(ask(Door(inside, access), "/api/v1/healthz")) == 200


def test_the_right_password_sets_a_cookie_that_scripts_cannot_read(access: Access) -> None:
    body = b"password=open+sesame&next=%2Frun%3Fid%3D1"
    sent = ask(Door(inside, access), "/login", method="POST", body=body)
    headers = dict(sent[0]["headers"])
    assert status(sent) == 303
    assert headers[b"location"] == b"/run?id=1"
    assert b"HttpOnly" in headers[b"set-cookie"]


def test_a_wrong_password_says_so_in_the_readers_language(access: Access) -> None:
    sent = ask(
        Door(inside, access), "/login", method="POST", body=b"password=x", accept_language="pt-BR"
    )
    assert status(sent) == 401
    assert "senha" in sent[1]["body"].decode()


@pytest.mark.parametrize("path", ["//evil.example.org", "https://evil.example.org", "/\\evil", ""])
def test_the_login_leads_nowhere_else(path: str) -> None:
    assert safe_next(path) == "/"
