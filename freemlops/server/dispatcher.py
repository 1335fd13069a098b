"""Sends each request to the API or to the pages. A dispatcher, not a mount: a mount rewrites
the path and the pages' static files are then not found."""

from __future__ import annotations

from collections.abc import MutableMapping, Sequence
from typing import Any

from freemlops.serving.asgi import App, Receive, Scope, Send, header
from freemlops.serving.endpoint import Endpoint

type Headers = tuple[tuple[bytes, bytes], ...]

WEEK = 7 * 24 * 3600
HINTS: Headers = (
    # Browsers that know this say from the second page on whether the system is dark. Not as a
    # critical hint: Chromium would then ask twice for the first page, for two sessions.
    (b"accept-ch", b"Sec-CH-Prefers-Color-Scheme"),
    (b"vary", b"Sec-CH-Prefers-Color-Scheme, Accept-Language, Cookie"),
    # no other site may show the pages in a frame and have people click in them
    (b"content-security-policy", b"frame-ancestors 'self'"),
    (b"x-frame-options", b"SAMEORIGIN"),
)


def dispatcher(api: App, pages: App) -> App:
    """`/api` and the lifespan go to the API, everything else to the pages."""

    async def dispatch(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if scope["type"] == "lifespan" or path == "/api" or path.startswith("/api/"):
            await api(scope, receive, send)
        else:
            await pages(scope, receive, cached(scope, send))

    return dispatch


def with_endpoint(endpoint: Endpoint, app: App, origins: Sequence[str] = ()) -> App:
    """Predictions go past the framework of `app`, everything else to it. `origins`: pages served
    elsewhere that may read the answers."""

    async def dispatch(scope: Scope, receive: Receive, send: Send) -> None:
        if endpoint.matches(scope):
            if origins and (origin := header(scope, "origin")) in origins:
                send = with_headers(send, _shared_with(origin))
            await endpoint(scope, receive, send)
        else:
            await app(scope, receive, send)

    return dispatch


def _shared_with(origin: str) -> Headers:
    return (
        (b"access-control-allow-origin", origin.encode("latin-1")),
        (b"access-control-allow-credentials", b"true"),
        (b"vary", b"Origin"),
    )


def cached(scope: Scope, send: Send) -> Send:
    """Let browsers keep the pages' scripts, styles and fonts, which come without cache headers.

    A file asked for by its version (`?v=`) never changes under that address.
    """
    path = scope.get("path", "")
    if scope["type"] != "http":
        return send
    if not path.startswith(("/static/", "/components/")):
        return with_headers(send, HINTS)
    fixed = b"v=" in scope.get("query_string", b"")
    rule = b"public, max-age=%d%s" % (WEEK * 52 if fixed else 3600, b", immutable" * fixed)

    return with_headers(send, ((b"cache-control", rule),))


def with_headers(send: Send, headers: Headers) -> Send:
    """Add to a good answer the headers that it does not have yet."""

    async def add(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start" and message["status"] == 200:
            there = {name.lower() for name, _ in message.get("headers", ())}
            new = [pair for pair in headers if pair[0] not in there]
            message["headers"] = [*message.get("headers", ()), *new]
        await send(message)

    return add
