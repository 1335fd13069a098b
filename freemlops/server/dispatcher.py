"""Sends each request to the API or to the pages. A dispatcher, not a mount: a mount rewrites
the path and the pages' static files are then not found."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from freemlops.server.asgi import App, Receive, Scope, Send

WEEK = 7 * 24 * 3600


def dispatcher(api: App, pages: App) -> App:
    """`/api` and the lifespan go to the API, everything else to the pages."""

    async def dispatch(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if scope["type"] == "lifespan" or path == "/api" or path.startswith("/api/"):
            await api(scope, receive, send)
        else:
            await pages(scope, receive, cached(scope, send))

    return dispatch


def cached(scope: Scope, send: Send) -> Send:
    """Let browsers keep the pages' scripts, styles and fonts, which come without cache headers.

    A file asked for by its version (`?v=`) never changes under that address.
    """
    path = scope.get("path", "")
    if not path.startswith(("/static/", "/components/")):
        return send
    fixed = b"v=" in scope.get("query_string", b"")
    rule = b"public, max-age=%d%s" % (WEEK * 52 if fixed else 3600, b", immutable" * fixed)

    async def with_cache(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start" and message["status"] == 200:
            names = {name.lower() for name, _ in message.get("headers", ())}
            if b"cache-control" not in names:
                message["headers"] = [*message["headers"], (b"cache-control", rule)]
        await send(message)

    return with_cache
