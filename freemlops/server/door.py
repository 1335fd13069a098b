"""The one guard before pages, websockets and API: right host, right origin, logged in."""

from __future__ import annotations

import asyncio
import ipaddress
import json
from collections.abc import Iterable
from typing import Protocol
from urllib.parse import parse_qs, quote, urlsplit

from freemlops.domain.errors import ForbiddenError, FreeMLOpsError, UnauthorizedError
from freemlops.domain.words import N_
from freemlops.i18n import negotiate, translator
from freemlops.server.access import SESSION_S, Access
from freemlops.server.login import login_page, safe_next
from freemlops.serving import problem
from freemlops.serving.asgi import (
    App,
    Receive,
    Scope,
    Send,
    answer,
    cookies,
    header,
    hostname,
    read_form,
    refuse_websocket,
)
from freemlops.serving.endpoint import KEY
from freemlops.settings import LOOPBACK

COOKIE = "fm_session"
OPEN_PATHS = frozenset({"/api/v1/healthz", "/api/v1/readyz"})
HOST_REFUSED = N_(
    "This server does not know itself by the name “{host}”. If the name is right, start it with "
    "FREEMLOPS_ALLOWED_HOSTS={host}."
)
ORIGIN_REFUSED = N_("Another site tried to use this server through your browser. Refused.")
LOGIN_NEEDED = N_("Log in on the page, or send the password as Authorization: Bearer PASSWORD.")


class Keys(Protocol):
    """The API keys."""

    def check(self, text: str, method: str, path: str) -> str:
        """The id of the key. Raises `FreeMLOpsError` when it does not open that call."""
        ...


class Door:
    """ASGI middleware. `access` None: only this machine can reach us, nobody needs to log in.

    The Host allow-list stops DNS rebinding; the Origin check stops other sites' scripts, on
    websockets and on every call that carries an Origin.
    """

    def __init__(
        self,
        app: App,
        access: Access | None,
        hosts: Iterable[str] = (),
        origins: Iterable[str] = (),
        keys: Keys | None = None,
    ) -> None:
        self._app = app
        self._access = access
        self._keys = keys
        self._hosts = {h.lower() for h in (*LOOPBACK, *hosts)}
        self._origins = frozenset(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if refusal is not None:
            await self._refuse(scope, receive, send, *refusal)
        elif self._keys is not None and (text := _key(scope)):
            await self._with_key(scope, receive, send, self._keys, text)
        elif scope["path"] == "/login" and self._access is not None:
            await self._login(scope, receive, send, self._access)
        elif self._is_in(scope):
            await self._app(scope, receive, send)
        elif scope["type"] == "http" and not scope["path"].startswith("/api"):
            target = scope["path"] + ("?" + q if (q := _query(scope)) else "")
            await answer(send, 303, "", "text/plain", {"location": f"/login?next={quote(target)}"})
        else:
            await self._refuse(scope, receive, send, 401, LOGIN_NEEDED)

    async def _with_key(
        self, scope: Scope, receive: Receive, send: Send, keys: Keys, text: str
    ) -> None:
        """Whoever shows a key is who the key says, even where nobody needs to log in."""
        path = scope["path"]
        try:
            if scope["type"] != "http" or not path.startswith("/api/"):
                raise ForbiddenError("A key opens the API under /api, not the pages.")
            scope[KEY] = keys.check(text, scope["method"], path)
        except FreeMLOpsError as error:
            if scope["type"] == "websocket":
                await refuse_websocket(receive, send, 4403)
                return
            t = translator(negotiate(header(scope, "accept-language")))
            body = json.dumps(problem.document_of(error, t, path), ensure_ascii=False)
            status, extra = problem.status_of(error), problem.headers_of(error)
            await answer(send, status, body, problem.MEDIA_TYPE, extra)
            return
        await self._app(scope, receive, send)

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        """A status and its reason when host or origin is wrong."""
        host = header(scope, "host")
        if not self._knows(hostname(host)):
            return 421, HOST_REFUSED
        origin = header(scope, "origin")
        if not origin:
            return (403, ORIGIN_REFUSED) if scope["type"] == "websocket" else None
        if urlsplit(origin).netloc.lower() == host.lower() or origin in self._origins:
            return None
        return 403, ORIGIN_REFUSED

    def _knows(self, name: str) -> bool:
        """A listed name, or any literal address when we listen to the network: an address
        can't be rebound, so it is no way in for another site."""
        if name in self._hosts:
            return True
        if self._access is None:
            return False
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return False
        return True

    def _is_in(self, scope: Scope) -> bool:
        if self._access is None or scope["path"] in OPEN_PATHS:
            return True
        if self._access.is_session(cookies(scope).get(COOKIE, "")):
            return True
        credentials = header(scope, "authorization")
        return bool(credentials) and self._access.is_authorized(credentials)

    async def _refuse(
        self, scope: Scope, receive: Receive, send: Send, status: int, reason: str
    ) -> None:
        if scope["type"] == "websocket":
            await refuse_websocket(receive, send, 4000 + status)
            return
        t = translator(negotiate(header(scope, "accept-language")))
        detail = t.text(reason, host=hostname(header(scope, "host")))
        title = t.text(UnauthorizedError.title if status == 401 else N_("Refused"))
        body = problem.document(status, "door", title, detail, scope["path"])
        extra = {"www-authenticate": "Bearer"} if status == 401 else {}
        text = json.dumps(body, ensure_ascii=False)
        await answer(send, status, text, "application/problem+json", extra)

    async def _login(self, scope: Scope, receive: Receive, send: Send, access: Access) -> None:
        t = translator(negotiate(header(scope, "accept-language")))
        if scope["method"] != "POST":
            wanted = parse_qs(_query(scope)).get("next", ["/"])[0]
            await answer(send, 200, login_page(t, safe_next(wanted)), "text/html")
            return
        form = parse_qs((await read_form(receive)).decode("utf-8", "replace"))
        target = safe_next(form.get("next", ["/"])[0])
        # argon2 takes its time on purpose; the loop serves others meanwhile.
        if not await asyncio.to_thread(access.check, form.get("password", [""])[0]):
            await answer(send, 401, login_page(t, target, failed=True), "text/html")
            return
        cookie = f"{COOKIE}={access.session()}; Path=/; Max-Age={SESSION_S}; HttpOnly; SameSite=Lax"
        await answer(
            send, 303, "", "text/plain", {"location": quote(target, "/?&=%"), "set-cookie": cookie}
        )


def _key(scope: Scope) -> str:
    """The API key of a request, empty when it carries none."""
    scheme, _, text = header(scope, "authorization").partition(" ")
    text = text.strip()
    return text if scheme.lower() == "bearer" and text.startswith("fmk_") else ""


def _query(scope: Scope) -> str:
    return str(scope.get("query_string", b"").decode("latin-1"))
