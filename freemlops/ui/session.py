"""What belongs to one browser tab: language, theme, the words, the URL, and its clean-up."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import panel as pn
import param

from freemlops.bootstrap import platform
from freemlops.i18n import translator
from freemlops.ui.address import choose_language

LANGUAGE_COOKIE = "fm_lang"
THEME_COOKIE = "fm_theme"
SYSTEM_COOKIE = "fm_system"
"""Whether the system is `dark` or `light`; written by the pages' template (`page.html`)."""

type Callback = Callable[[], Awaitable[None] | None]


def _query() -> dict[str, str]:
    location = pn.state.location
    return dict(parse_qsl((location.search or "").removeprefix("?")) if location else ())


def asked_language() -> str:
    """The language of this session: the address, else the cookie, else what the browser asks."""
    return choose_language(
        _query().get("lang"), pn.state.cookies.get(LANGUAGE_COOKIE), _header("accept-language")
    )


class Session:
    """One per served document; made in the page's script, on the session's own loop."""

    def __init__(self) -> None:
        self.query: Mapping[str, str] = _query()
        self.language = asked_language()
        self.t = translator(self.language)
        chosen = self.query.get("theme") or pn.state.cookies.get(THEME_COOKIE)
        # until a person chooses, the page follows the system
        system = _header("sec-ch-prefers-color-scheme") or pn.state.cookies.get(SYSTEM_COOKIE)
        self.dark = (chosen or system) == "dark"
        self.platform = platform()
        self.leave: Callable[[str], None] = lambda _url: None
        self._stops: list[Callable[[], None]] = []
        pn.state.on_session_destroyed(lambda _context: self.close())

    def api_base(self) -> str:
        """The API as this browser reaches it: the port of the API, the host of the page."""
        base = self.platform.api_base().rstrip("/")
        location = pn.state.location
        port = urlsplit(base).port
        if location is None or not location.hostname or port is None:
            return str(base)
        # Behind a reverse proxy page and API share the proxy's port.
        same = str(port) == str(location.port) or not location.port
        shown = f":{location.port}" if location.port else ""
        return f"{location.protocol}//{location.hostname}{shown if same else f':{port}'}"

    def every(self, milliseconds: int, callback: Callback) -> Callable[[], None]:
        """Call back on this session's loop until stopped or the tab is gone; never overlaps."""
        running = False

        async def tick() -> None:
            nonlocal running
            if running:
                return
            running = True
            try:
                result = callback()
                if inspect.isawaitable(result):
                    await result
            finally:
                running = False

        periodic = pn.state.add_periodic_callback(tick, period=milliseconds)

        def stop() -> None:
            if periodic.running:
                periodic.stop()

        self._stops.append(stop)
        return stop

    def follow(
        self, topic: str, callback: Callback, milliseconds: int = 1500
    ) -> Callable[[], None]:
        """Call back after each change of `topic`, by polling its counter."""
        seen = self.platform.changes.version(topic)

        async def look() -> None:
            nonlocal seen
            version = self.platform.changes.version(topic)
            if version != seen:
                seen = version
                result = callback()
                if inspect.isawaitable(result):
                    await result

        return self.every(milliseconds, look)

    def keep_in_url(self, state: param.Parameterized, names: Sequence[str]) -> None:
        """Write these parameters into the URL, now and after each change; empty ones stay out.

        Each change is a step in the browser's history; going back reloads the page with it.
        """

        def write(*_events: object) -> None:
            location = pn.state.location
            if location is None:
                return
            values = {n: getattr(state, n) for n in names}
            kept = {k: v for k, v in self.query.items() if k == "lang"}
            given = {k: v for k, v in values.items() if v is not None and v != ""}
            search = urlencode({**kept, **given})
            location.search = f"?{search}" if search else ""

        state.param.watch(write, list(names))
        write()

    def go(self, url: str) -> None:
        """Leave for another page of ours (see `link`); the top bar does it in the browser."""
        self.leave(url)

    def close(self) -> None:
        """Stop everything that was started for this tab."""
        for stop in self._stops:
            stop()
        self._stops.clear()


async def blocking[T](work: Callable[..., T], *args: Any, **kwargs: Any) -> T:
    """Run a service call off the loop, so that no page waits for another's."""
    return await asyncio.to_thread(work, *args, **kwargs)


def _header(name: str) -> str | None:
    # Title-Case under Tornado, lower-case under ASGI.
    for key, value in pn.state.headers.items():
        if key.lower() == name:
            return value[0] if isinstance(value, list) else value
    return None
