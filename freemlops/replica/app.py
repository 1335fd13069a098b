"""The ASGI app of a replica: predictions, the schema, and what load balancers ask."""

from __future__ import annotations

import functools
import json
import os
import sys
from typing import Any

import msgspec
import structlog

from freemlops import __version__
from freemlops.domain.errors import FreeMLOpsError, NotFoundError, UnauthorizedError
from freemlops.i18n import negotiate, translator
from freemlops.replica.keys import Keys
from freemlops.replica.model import Replica
from freemlops.replica.source import open_source
from freemlops.replica.tally import Tally
from freemlops.serving import problem
from freemlops.serving.asgi import App, Receive, Scope, Send, answer, header
from freemlops.serving.endpoint import Endpoint
from freemlops.serving.row_schema import row_schema

TARGET, KEY, NAME, EVERY, KEYS = (
    f"FREEMLOPS_REPLICA_{part}" for part in ("TARGET", "KEY", "NAME", "EVERY", "KEYS")
)
"""How the command tells its workers what to serve."""
BASE = "/api/v1"
OPEN = ("/healthz", "/readyz", "/metrics")
"""Answered without a key."""


def create() -> App:
    """The app of one worker, from the environment; the model is loaded before it listens."""
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    env = os.environ
    source = open_source(env[TARGET], env.get(KEY), env.get(NAME))
    replica = Replica(source, float(env.get(EVERY, "5")))
    replica.load()
    replica.start()
    return replica_app(replica, Keys(env.get(KEYS, "").split()))


def replica_app(replica: Replica, keys: Keys) -> App:
    tally = Tally()
    predict = tally.counted(_guarded(Endpoint(replica, tally), keys))
    tell = _guarded(functools.partial(_told, replica, tally), keys)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(replica, receive, send)
        elif scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
        elif Endpoint.matches(scope):
            await predict(scope, receive, send)
        else:
            await tell(scope, receive, send)

    return app


async def _lifespan(replica: Replica, receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            replica.close()
            return


def _guarded(app: App, keys: Keys) -> App:
    """What load balancers and Prometheus ask stays open."""

    async def guard(scope: Scope, receive: Receive, send: Send) -> None:
        if _plain(scope) not in OPEN:
            try:
                keys.check(scope)
            except UnauthorizedError as error:
                await _refuse(error, scope, send)
                return
        await app(scope, receive, send)

    return guard


async def _told(replica: Replica, tally: Tally, scope: Scope, _: Receive, send: Send) -> None:
    try:
        body, media_type = _answer(replica, tally, scope)
        await answer(send, 200, body, media_type)
    except FreeMLOpsError as error:
        await _refuse(error, scope, send)


async def _refuse(error: FreeMLOpsError, scope: Scope, send: Send) -> None:
    t = translator(negotiate(header(scope, "accept-language")))
    body = msgspec.json.encode(problem.document_of(error, t, scope["path"])).decode()
    extra = problem.headers_of(error)
    await answer(send, problem.status_of(error), body, problem.MEDIA_TYPE, extra)


def _plain(scope: Scope) -> str:
    """`/healthz` of `/healthz/` and `/api/v1/healthz`."""
    return str(scope["path"]).rstrip("/").removeprefix(BASE)


def _answer(replica: Replica, tally: Tally, scope: Scope) -> tuple[str, str]:
    path, plain = scope["path"].rstrip("/"), _plain(scope)
    if scope["method"] in ("GET", "HEAD"):
        if plain == "/healthz":
            return _json({"status": "ok", "version": __version__})
        model = replica.route.champion.model
        if plain == "/readyz":
            made = {"status": "ready", "model": model.model, "version": model.version}
            return _json(made | {"endpoint": replica.route.endpoint, "sha256": replica.sha256})
        if plain == "/metrics":
            return tally.text(model.model, model.version), "text/plain; version=0.0.4"
        if path == f"{BASE}/endpoints/{replica.route.endpoint}/schema":
            return _json(row_schema(model.signature, replica.route.endpoint))
    raise NotFoundError("There is nothing at this address: {path}.", path=scope["path"][:200])


def _json(value: Any) -> tuple[str, str]:
    return json.dumps(value, ensure_ascii=False), "application/json"
