"""The few ASGI types and answers that the server writes by hand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

type Scope = MutableMapping[str, Any]
type Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
type Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
type App = Callable[[Scope, Receive, Send], Awaitable[None]]


def header(scope: Scope, name: str) -> str:
    """The first header of that lower-case name, empty when there is none."""
    wanted = name.encode()
    for key, value in scope.get("headers", ()):
        if key == wanted:
            return str(value.decode("latin-1"))
    return ""


def cookies(scope: Scope) -> dict[str, str]:
    pairs = (part.strip().partition("=") for part in header(scope, "cookie").split(";"))
    return {name: value for name, _, value in pairs if name}


def hostname(netloc: str) -> str:
    """`nas.local` of `nas.local:5006`, `::1` of `[::1]:5006`; empty when it is no host."""
    try:
        return (urlsplit(f"//{netloc}").hostname or "").lower()
    except ValueError:
        return ""


async def answer(
    send: Send, status: int, body: str, media_type: str, headers: dict[str, str] | None = None
) -> None:
    """A whole HTTP answer with a UTF-8 body."""
    content = body.encode()
    lines = {
        "content-type": f"{media_type}; charset=utf-8",
        "content-length": str(len(content)),
        "cache-control": "no-store",
    } | (headers or {})
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [(k.encode("latin-1"), v.encode("latin-1")) for k, v in lines.items()],
        }
    )
    await send({"type": "http.response.body", "body": content})


async def refuse_websocket(receive: Receive, send: Send, code: int) -> None:
    """Refuse the handshake; the browser sees HTTP 403."""
    await receive()
    await send({"type": "websocket.close", "code": code})


async def read_form(receive: Receive, limit: int = 16_384) -> bytes:
    """A small request body; what is over `limit` bytes is cut."""
    body = b""
    while len(body) < limit:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    return body[:limit]
