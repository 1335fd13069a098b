"""Commands are clients of the API: of the server that holds the home, or of one of their own."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from freemlops.cli.app import Shell
from freemlops.client import ApiError, Client
from freemlops.domain.errors import FreeMLOpsError, WarehouseHeldError
from freemlops.domain.words import N_
from freemlops.settings import Settings, from_environment
from freemlops.warehouse.owner import read_owner

LOST = N_("The connection to Free MLOps broke ({problem}). Try again.")


class CommandError(FreeMLOpsError):
    """The server refused what the command asked; the words are the server's, translated there."""

    code = "command"


@contextmanager
def connected(shell: Shell, *, warm: bool = False) -> Iterator[Client]:
    """A client of whoever serves this home. `warm`: a training will be asked for soon.

    Raises `WarehouseHeldError` when the home is held by a process that does not answer.
    """
    settings = from_environment(home=shell.home)
    try:
        owner = read_owner(settings.home)
        if owner is not None and owner.url:
            with _client(shell, owner.url) as client:
                yield _alive(client, owner.pid)
        else:
            with _own_server(settings, warm=warm) as url, _client(shell, url) as client:
                yield client
    except ApiError as error:
        raise CommandError("{text}", text="\n".join(error.lines())) from error
    except httpx.TransportError as error:
        raise CommandError(LOST, problem=str(error)) from error


def _client(shell: Shell, url: str) -> Client:
    return Client(url, key=os.environ.get("FREEMLOPS_PASSWORD"), language=shell.t.language)


def _alive(client: Client, pid: int) -> Client:
    try:
        client.call("GET", "/healthz")
    except httpx.TransportError as error:
        raise WarehouseHeldError(
            "Another process (number {pid}) holds this warehouse and does not answer at {url}. "
            "Stop it, or choose another --home.",
            pid=str(pid),
            url=client.url,
        ) from error
    return client


@contextmanager
def _own_server(settings: Settings, *, warm: bool) -> Iterator[str]:
    """The API of this process on a free port of this machine, without pages."""
    from freemlops.server.serve import create

    local = from_environment(home=settings.home, host="127.0.0.1")
    server = create(_any_port(local), with_pages=False)
    if warm:
        server.platform.trainer.warm()
    ready = threading.Event()
    thread = threading.Thread(target=server.run, args=(ready.set,), name="api", daemon=True)
    thread.start()
    while not ready.wait(0.05):
        if not thread.is_alive():
            raise CommandError("Free MLOps could not be started. The log above says why.")
    try:
        yield server.url
    finally:
        server.stop()
        thread.join(10)


def _any_port(settings: Settings) -> Settings:
    import dataclasses

    return dataclasses.replace(settings, port=0)
