"""One port, one or several worker processes behind it."""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Callable, Iterator

import uvicorn
from uvicorn.supervisors import Multiprocess

from freemlops.domain.errors import UsageError
from freemlops.replica import app as replica_app
from freemlops.replica.model import Replica
from freemlops.replica.source import open_source


def bind(host: str, port: int) -> socket.socket:
    """The listening socket; port 0 takes any free one. Raises `UsageError` when it is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
    except OSError as error:
        made.close()
        raise UsageError(
            "Port {port} on {host} can't be used: {problem}. Choose another one with --port.",
            port=str(port),
            host=host,
            problem=error.strerror or str(error),
        ) from error
    made.set_inheritable(True)
    return made


def serve(
    target: str,
    bound: socket.socket,
    *,
    workers: int = 1,
    key: str | None = None,
    keys: tuple[str, ...] = (),
    name: str | None = None,
    every_s: float = 5.0,
    ready: Callable[[], None] = lambda: None,
) -> None:
    """Serve until told to stop. `key` is shown to the hub; `keys` are the sha256 of those that
    open this server, none: it is open to all. `ready` is called once one worker has loaded the
    model and listens; with several, when they have been started.

    Raises what `Replica.load` does: a model that can't be served is told before anything listens.
    """
    told = {replica_app.TARGET: target, replica_app.EVERY: str(every_s)}
    given = {replica_app.KEY: key, replica_app.NAME: name, replica_app.KEYS: " ".join(keys)}
    told |= {n: v for n, v in given.items() if v}
    os.environ.update(told)
    # A dead worker is started again by uvicorn, and a worker that hangs for so long is killed.
    config = uvicorn.Config(
        "freemlops.replica.app:create",
        factory=True,
        workers=workers,
        lifespan="on",
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=3,
        timeout_keep_alive=75,
    )
    if workers == 1:
        config.app = replica_app.create()
        config.factory = False
        _One(config, ready).run(sockets=[bound])
        return
    Replica(open_source(target, key, name), every_s).load()  # what is wrong is told here, and once
    ready()
    Multiprocess(config, sockets=[bound]).run()


class _One(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Ends on a signal as on any other end: the original raises the signal once more."""
        with super().capture_signals():
            yield
            self._captured_signals.clear()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()
