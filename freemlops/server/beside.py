"""Under `panel serve` the pages are already served: start the API beside them, once a process."""

from __future__ import annotations

import asyncio
import atexit
import threading
from typing import cast

import structlog

from freemlops import bootstrap
from freemlops.domain.errors import FreeMLOpsError, UsageError
from freemlops.domain.words import N_
from freemlops.serving.asgi import hostname
from freemlops.settings import LOOPBACK, from_environment

log = structlog.get_logger(__name__)
_lock = threading.Lock()
_started = False
PORTS_TRIED = 20
SHARED = N_(
    "`panel serve` is for this computer alone, since it asks nobody for a password. To share "
    "Free MLOps over the network, start it with `freemlops serve --host 0.0.0.0`."
)


def ensure_server() -> FreeMLOpsError | None:
    """Start the API on the port after the pages', unless our own server is running already.

    Returns what keeps the page from being shown, for the page to say it in words.
    """
    global _started
    with _lock:
        if bootstrap.current() is not None and not _started:
            return None  # our own server: its door has looked at this request before
        name, port = _address()
        if name not in LOOPBACK:
            return UsageError(SHARED)
        if not _started:
            try:
                _start(port)
            except FreeMLOpsError as error:
                log.error("api_not_started", error=str(error))
                return error
            _started = True
    return None


def _address() -> tuple[str, int]:
    """Host name and port under which the browser asked for the page."""
    import panel as pn

    headers = {name.lower(): value for name, value in (pn.state.headers or {}).items()}
    host = str(headers.get("host", "localhost:5006"))
    port = host.rpartition(":")[2]
    return hostname(host), int(port) if port.isdecimal() else 5006


def _start(page_port: int) -> None:
    import uvicorn

    from freemlops.api.app import create_api
    from freemlops.server.dispatcher import with_endpoint
    from freemlops.server.door import Door
    from freemlops.server.serve import bind
    from freemlops.serving.asgi import App

    settings = from_environment(host="127.0.0.1", port=page_port + 1)
    platform = bootstrap.adopt(bootstrap.build(settings))
    atexit.register(bootstrap.shutdown)
    bound = None
    for port in range(page_port + 1, page_port + 1 + PORTS_TRIED):
        try:
            bound = bind(from_environment(host="127.0.0.1", port=port))
            break
        except FreeMLOpsError:
            continue
    if bound is None:
        bound = bind(from_environment(host="127.0.0.1", port=0))
    origins = [f"http://{host}:{page_port}" for host in ("127.0.0.1", "localhost")]

    def run() -> None:
        # Built on its own thread: Litestar sets its thread pool where no loop is running yet.
        api = cast(App, create_api(platform, allow_origins=origins))
        app = Door(
            with_endpoint(platform.endpoint, api, origins),
            None,
            origins=origins,
            keys=platform.keys,
        )
        server = uvicorn.Server(uvicorn.Config(app, lifespan="on", log_level="warning"))
        asyncio.run(server.serve(sockets=[bound]))

    threading.Thread(target=run, name="api", daemon=True).start()
    platform.announce(f"http://127.0.0.1:{bound.getsockname()[1]}")
