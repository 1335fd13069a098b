"""Under `panel serve` the pages are already served: start the API beside them, once a process."""

from __future__ import annotations

import asyncio
import atexit
import threading
from typing import cast

import structlog

from freemlops import bootstrap
from freemlops.domain.errors import FreeMLOpsError
from freemlops.settings import from_environment

log = structlog.get_logger(__name__)
_lock = threading.Lock()
_started = False
PORTS_TRIED = 20


def ensure_server() -> None:
    """Start the API on the port after the pages', unless our own server is running already.

    Never raises: a warehouse that is held elsewhere is shown by the page itself.
    """
    global _started
    with _lock:
        if _started or bootstrap.current() is not None:
            return
        try:
            _start(_page_port())
        except FreeMLOpsError as error:
            log.error("api_not_started", error=str(error))
            return
        _started = True


def _page_port() -> int:
    """The port of the page being served, from the request of its session."""
    import panel as pn

    host = str((pn.state.headers or {}).get("Host") or (pn.state.headers or {}).get("host") or "")
    _, _, port = host.rpartition(":")
    return int(port) if port.isdecimal() else 5006


def _start(page_port: int) -> None:
    import uvicorn

    from freemlops.api.app import create_api
    from freemlops.server.asgi import App
    from freemlops.server.door import Door
    from freemlops.server.serve import bind

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
        app = Door(api, None, origins=origins)
        server = uvicorn.Server(uvicorn.Config(app, lifespan="on", log_level="warning"))
        asyncio.run(server.serve(sockets=[bound]))

    threading.Thread(target=run, name="api", daemon=True).start()
    platform.announce(f"http://127.0.0.1:{bound.getsockname()[1]}")
