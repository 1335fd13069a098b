"""Starts and stops the whole product on one port."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from typing import cast

import uvicorn
from litestar import Litestar

from freemlops import bootstrap
from freemlops.api.app import create_api
from freemlops.bootstrap import Platform
from freemlops.domain.errors import UsageError
from freemlops.server.access import open_access
from freemlops.server.dispatcher import dispatcher, with_endpoint
from freemlops.server.door import Door
from freemlops.server.lost import with_lost_page
from freemlops.server.pages import lifespan_of, pages_app
from freemlops.serving.asgi import App
from freemlops.settings import Settings


class _Uvicorn(uvicorn.Server):
    """Ends on a signal and lets us tidy up: the original raises the signal again, and SIGTERM
    would then end the process before the warehouse is closed."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        with super().capture_signals():
            yield
            self._captured_signals.clear()


@dataclass
class Server:
    """A bound, not yet running server. `generated_password` is shown once by whoever starts it."""

    settings: Settings
    platform: Platform
    socket: socket.socket
    app: App
    generated_password: str | None = None
    _uvicorn: uvicorn.Server | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        host = self.settings.host
        shown = "127.0.0.1" if host in ("0.0.0.0", "::", "localhost") else host
        shown = f"[{shown}]" if ":" in shown else shown
        return f"http://{shown}:{self.socket.getsockname()[1]}"

    def run(self, ready: Callable[[], None] = lambda: None) -> None:
        """Serve until told to stop (Ctrl+C, SIGTERM, `stop`); `ready` is called once listening."""
        config = uvicorn.Config(
            self.app,
            lifespan="on",
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=3,
            ws_max_size=20 * 1024**2,
        )
        self._uvicorn = _Uvicorn(config)
        try:
            asyncio.run(self._serve(self._uvicorn, ready))
        finally:
            self.socket.close()
            bootstrap.shutdown()

    async def _serve(self, server: uvicorn.Server, ready: Callable[[], None]) -> None:
        task = asyncio.ensure_future(server.serve(sockets=[self.socket]))
        while not server.started and not task.done():
            await asyncio.sleep(0.02)
        if server.started:
            self.platform.announce(self.url)
            ready()
        await task

    def stop(self) -> None:
        if self._uvicorn is not None:
            self._uvicorn.should_exit = True


def bind(settings: Settings) -> socket.socket:
    """The listening socket; port 0 takes any free one. Raises `UsageError` when it is taken."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # asyncio turns Nagle off only on sockets that name TCP: without it an answer waits 40 ms
    made = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((settings.host, settings.port))
    except OSError as error:
        made.close()
        raise UsageError(
            "Port {port} on {host} can't be used: {problem}. Choose another one with --port.",
            port=str(settings.port),
            host=settings.host,
            problem=error.strerror or str(error),
        ) from error
    return made


def own_names(settings: Settings) -> tuple[str, ...]:
    """The names under which browsers may call this server, besides loopback and addresses."""
    if settings.is_local:
        return settings.allowed_hosts
    name = socket.gethostname()
    return (settings.host, name, f"{name}.local", *settings.allowed_hosts)


def create(settings: Settings, *, with_pages: bool = True) -> Server:
    """Open the warehouse, bind the port, put everything together.

    Raises `WarehouseHeldError` and `UsageError` before anything is served.
    """
    platform = bootstrap.adopt(bootstrap.build(settings))
    try:
        bound = bind(settings)
        access, generated = None, None
        if not settings.is_local:
            access, generated = open_access(platform.warehouse.settings, settings.password)
        port = bound.getsockname()[1]
        pages = pages_app(port, own_names(settings)) if with_pages else None
        api = create_api(platform, lifespan=[lifespan_of(pages)] if pages else [_nothing])
        asgi = cast(App, api)  # Litestar names the ASGI types its own way
        inner = dispatcher(asgi, with_lost_page(pages)) if pages else asgi
        inner = with_endpoint(platform.endpoint, inner)
        app = Door(inner, access, own_names(settings), keys=platform.keys)
    except BaseException:
        bootstrap.shutdown()
        raise
    return Server(settings, platform, bound, app, generated)


@contextlib.asynccontextmanager
async def _nothing(_: Litestar) -> AsyncIterator[None]:
    yield
