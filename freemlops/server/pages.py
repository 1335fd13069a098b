"""The pages as one ASGI application, and its life inside the API's."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

from litestar import Litestar

from freemlops.resources import resource
from freemlops.serving.asgi import App


def routes() -> dict[str, str]:
    """URL path → script, one a file in `dashboards/`; `home` answers at `/` too."""
    folder = resource("dashboards")
    found = {f"/{path.stem}": str(path) for path in sorted(folder.glob("*.py"))}
    return {"/": found["/home"], **found}


def pages_app(port: int, hosts: tuple[str, ...]) -> App:
    """The dashboards as an ASGI app, its websockets open to these hosts on this port."""
    from bokeh.core.validation import silence
    from bokeh.core.validation.warnings import EMPTY_LAYOUT
    from panel.io.asgi import build_asgi_app

    import freemlops.ui.route  # noqa: F401 - the first visitor must not wait for the imports

    # Places that are filled later are empty at first, on purpose; each would warn in the log.
    silence(EMPTY_LAYOUT)
    # The Door has compared Origin with Host before; Bokeh's own list only has to let through
    # what passed there.
    made: App = build_asgi_app(
        dict(routes()),
        title="Free MLOps",
        websocket_origin=["*"] if hosts else [f"127.0.0.1:{port}", f"localhost:{port}"],
    )
    return made


def lifespan_of(app: App) -> Callable[[Litestar], AbstractAsyncContextManager[None]]:
    """Litestar drives the pages' start and end: ASGI servers speak to one app only."""

    @contextlib.asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        inbox: asyncio.Queue[Any] = asyncio.Queue()
        outbox: asyncio.Queue[Any] = asyncio.Queue()
        scope = {"type": "lifespan", "asgi": {"version": "3.0"}}
        task = asyncio.ensure_future(app(scope, inbox.get, outbox.put))

        async def step(name: str) -> None:
            await inbox.put({"type": f"lifespan.{name}"})
            got = await outbox.get()
            if got["type"] != f"lifespan.{name}.complete":
                raise RuntimeError(got.get("message", got["type"]))

        await step("startup")
        try:
            yield
        finally:
            await step("shutdown")
            await task

    return lifespan
