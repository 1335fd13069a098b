"""`POST …/endpoints/{name}/predict` as a bare ASGI function: a framework's routing, injection and
threads cost several times what the model does."""

from __future__ import annotations

import asyncio
import functools
import re
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import msgspec
import structlog

from freemlops.domain.errors import FreeMLOpsError, TooLargeError, UnauthorizedError
from freemlops.i18n import Translator, negotiate, translator
from freemlops.serving import problem, wire
from freemlops.serving.asgi import Receive, Scope, Send
from freemlops.serving.model import ARROW, CSV, PredictionAnswer, new_request_id
from freemlops.serving.route import Answering, Journal, Route, Routes, Served
from freemlops.serving.rows import Table, TypedRows

log = structlog.get_logger(__name__)

MAX_BODY = 64 * 1024**2
INLINE_BYTES = 128 * 1024
"""Larger bodies are read and answered on a thread, so that others don't wait for them. A smaller
one is done sooner than a thread has taken it over (0.1 ms)."""
INLINE_ROWS = 500
MOST_SHADOWS = 256
"""Shadow answers that may wait; a shadow that is too slow misses requests, no one else does."""
KEY = "freemlops.key"
"""Where the door leaves the id of the API key in the ASGI scope."""
_PATH = re.compile(r"/api/v1/endpoints/([^/]+)/predict/?")
_REQUEST_ID = re.compile(r"[A-Za-z0-9_.:-]{1,64}")

_negotiated = functools.lru_cache(256)(negotiate)


@dataclass(slots=True)
class Asked:
    """What the headers of a request say."""

    media_type: str = ""
    accept: str = ""
    language: str = ""
    request_id: str = ""
    key: str | None = None

    @property
    def t(self) -> Translator:
        return translator(_negotiated(self.language))


class _GoneError(Exception):
    """The client closed the connection before it had sent everything."""


class Endpoint:
    """An ASGI app for the requests of which `matches` is true."""

    def __init__(
        self, routes: Routes, journal: Journal | None = None, max_body: int = MAX_BODY
    ) -> None:
        self._routes = routes
        self._journal = journal
        self._max_body = max_body
        self._pool = ThreadPoolExecutor(4, "predict")
        self._shadows = 0

    @staticmethod
    def matches(scope: Scope) -> bool:
        return (
            scope["type"] == "http"
            and scope["path"].endswith(("/predict", "/predict/"))
            and scope["method"] == "POST"
            and _PATH.fullmatch(scope["path"]) is not None
            # explanations take hundreds of answers and are no matter of this lane
            and b"explain" not in scope.get("query_string", b"")
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = asked_of(scope)
        try:
            content, media_type = await self._answered(scope, receive, asked)
            status, extra = 200, {"X-Request-Id": asked.request_id}
        except _GoneError:
            return
        except FreeMLOpsError as error:
            status, extra = problem.status_of(error), problem.headers_of(error)
            body = problem.document_of(error, asked.t, scope["path"])
            content, media_type = _problem(body, asked, extra)
        except Exception as error:
            status, extra = 500, {}
            body = problem.fault(asked.t, scope["path"])
            content, media_type = _problem(body, asked, extra)
            log.error("unexpected", request_id=body["request_id"], exc_info=error)
        if status >= 400 and status != 404 and self._journal is not None:
            self._journal.refuse(_name(scope), status)
        await _send(send, status, content, media_type, extra)

    async def _answered(self, scope: Scope, receive: Receive, asked: Asked) -> tuple[bytes, bytes]:
        started = time.perf_counter()
        name = _name(scope)
        route = self._routes.known(name)
        if route is None:
            loop = asyncio.get_running_loop()
            route = await loop.run_in_executor(self._pool, self._routes.find, name)
        check_key(route, asked)
        body = await self._body(receive)
        by = route.choose(asked.request_id, asked.key)
        table, answer = await self._predict(by, body, asked)
        content = encoded(answer, asked)
        if self._journal is not None:
            took = time.perf_counter() - started
            self._journal.note(Served(route, by, answer, table, took, asked.key, len(body)))
        if route.shadow is not None:
            shadow = Served(route, route.shadow, answer, table, 0.0, asked.key, len(body))
            self._follow(shadow, body, asked)
        return content

    async def _body(self, receive: Receive) -> bytes:
        message = await receive()
        parts = [message.get("body", b"")]
        size = len(parts[0])
        while message.get("more_body"):
            message = await receive()
            parts.append(message.get("body", b""))
            size += len(parts[-1])
            if size > self._max_body:
                break
        if message["type"] == "http.disconnect":
            raise _GoneError
        if size > self._max_body:
            raise TooLargeError("The request body is too large. Send fewer rows at a time.")
        return parts[0] if len(parts) == 1 else b"".join(parts)

    async def _predict(
        self, by: Answering, body: bytes, asked: Asked
    ) -> tuple[Table, PredictionAnswer]:
        loop = asyncio.get_running_loop()
        read = functools.partial(by.model.read, body, asked.media_type)
        is_small = len(body) <= INLINE_BYTES
        table = read() if is_small else await loop.run_in_executor(self._pool, read)
        if is_small and isinstance(table, TypedRows) and len(table) <= INLINE_ROWS:
            made = await by.lane.attempt(table)
            if made is not None:
                return table, by.model.wrap(made, asked.request_id)
        work = functools.partial(by.model.answer, table, body, asked.request_id)
        if is_small and len(table) <= INLINE_ROWS:
            return table, work()
        return table, await loop.run_in_executor(self._pool, work)

    def _follow(self, served: Served, body: bytes, asked: Asked) -> None:
        """Let the shadow answer too, when everybody else has been answered."""
        if self._shadows >= MOST_SHADOWS or self._journal is None:
            return
        self._shadows += 1
        future = asyncio.get_running_loop().run_in_executor(
            self._pool, self._shadow, served, body, asked.media_type
        )
        future.add_done_callback(self._followed)

    def _followed(self, _: asyncio.Future[None]) -> None:
        self._shadows -= 1

    def _shadow(self, served: Served, body: bytes, media_type: str) -> None:
        try:
            started = time.perf_counter()
            model = served.by.model
            table = model.read(body, media_type)
            answer = model.answer(table, body, served.answer.request_id)
            took = time.perf_counter() - started
            if self._journal is not None:
                self._journal.note(replace(served, answer=answer, table=table, took_s=took))
        except FreeMLOpsError as error:
            log.info("shadow_refused", endpoint=served.route.endpoint, problem=str(error))
        except Exception as error:
            log.error("shadow_failed", endpoint=served.route.endpoint, exc_info=error)


def check_key(route: Route, asked: Asked) -> None:
    """Raises `UnauthorizedError` when the endpoint asks for a key and there is none."""
    if route.rules.needs_key and asked.key is None:
        raise UnauthorizedError(
            "This endpoint is answered to holders of a key. Send one as Authorization: Bearer KEY."
        )


def asked_of(scope: Scope) -> Asked:
    """One pass over the headers."""
    made = Asked(key=scope.get(KEY))
    for name, value in scope["headers"]:
        if name == b"content-type":
            made.media_type = value.partition(b";")[0].strip().lower().decode("latin-1")
        elif name == b"accept":
            made.accept = value.decode("latin-1")
        elif name == b"accept-language":
            made.language = value.decode("latin-1")
        elif name == b"x-request-id":
            made.request_id = value.decode("latin-1")
    if not _REQUEST_ID.fullmatch(made.request_id):
        made.request_id = new_request_id()
    return made


def _name(scope: Scope) -> str:
    found = _PATH.fullmatch(scope["path"])
    return str(found.group(1)) if found else ""


def encoded(answer: PredictionAnswer, asked: Asked) -> tuple[bytes, bytes]:
    if CSV in asked.accept:
        return wire.as_csv(answer), b"text/csv; charset=utf-8"
    if ARROW in asked.accept:
        return wire.as_arrow(answer), ARROW.encode()
    return wire.as_json(answer, asked.t), b"application/json"


def _problem(body: dict[str, Any], asked: Asked, extra: dict[str, str]) -> tuple[bytes, bytes]:
    extra["Content-Language"] = asked.t.language.replace("_", "-")
    return msgspec.json.encode(body), problem.MEDIA_TYPE.encode()


async def _send(
    send: Send, status: int, content: bytes, media_type: bytes, extra: dict[str, str]
) -> None:
    headers = [(b"content-type", media_type), (b"content-length", b"%d" % len(content))]
    headers += ((k.lower().encode(), v.encode("latin-1")) for k, v in extra.items())
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})
