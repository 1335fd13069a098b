from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from types import SimpleNamespace
from typing import Any

import pytest
from bokeh.core.types import ID
from bokeh.document import Document
from bokeh.server.session import ServerSession
from panel.io import document

from freemlops.ui import panel_writes
from tests.conftest import awaited


@pytest.fixture(autouse=True)
def mended() -> None:
    panel_writes.mend()
    panel_writes.mend()


class Wire:
    """A socket that sends one message after another, each when it is let. The lock is taken when
    a message is sent, not when it is written."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.lock = asyncio.Lock()
        self.let = asyncio.Event()

    def write(self, doc: Any, _: Any, events: list[str], run: bool = True) -> list[Any]:
        made: list[Any] = [self._send(events)]
        if not run:
            return made
        document._WRITE_FUTURES.setdefault(doc, []).extend(made)
        document._dispatch_write_task(doc, document._run_write_futures, doc)
        return made

    async def _send(self, events: list[str]) -> None:
        async with self.lock:
            await self.let.wait()
            self.sent.extend(events)


@pytest.fixture
def wired(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    def run(work: Callable[[Wire, Document], Coroutine[Any, Any, None]]) -> list[str]:
        async def whole() -> list[str]:
            wire = Wire()
            monkeypatch.setattr(document, "write_events", wire.write)
            monkeypatch.setattr(document, "_is_write_blocked", lambda _: wire.lock.locked())
            await work(wire, Document())
            await asyncio.sleep(0.3)
            return wire.sent

        return awaited(whole())

    return run


def scheduled(doc: Document, connection: Any, event: str) -> None:
    events: list[Any] = [event]
    document.schedule_write_events(doc, [connection], events)


CONNECTION = SimpleNamespace(_socket=None, _session=None)


def test_an_update_that_finds_the_socket_busy_is_sent_later(
    wired: Callable[..., list[str]],
) -> None:
    async def work(wire: Wire, doc: Document) -> None:
        scheduled(doc, CONNECTION, "busy")
        await asyncio.sleep(0.005)
        scheduled(doc, CONNECTION, "done")
        await asyncio.sleep(0.005)
        wire.let.set()

    assert wired(work) == ["busy", "done"]


def test_no_update_overtakes_one_that_was_written_before(wired: Callable[..., list[str]]) -> None:
    async def work(wire: Wire, doc: Document) -> None:
        for event in ("page", "tree", "busy"):
            wire.write(doc, [], [event])  # one task awaits all three…
        await asyncio.sleep(0.005)
        wire.write(doc, [], ["done"])  # …and another one this
        await asyncio.sleep(0.005)
        wire.let.set()

    assert wired(work) == ["page", "tree", "busy", "done"]


def test_no_update_overtakes_what_bokeh_is_about_to_send(wired: Callable[..., list[str]]) -> None:
    async def work(wire: Wire, doc: Document) -> None:
        session = SimpleNamespace(_pending_writes=None, _lock=asyncio.Lock())
        wire.let.set()
        async with session._lock:  # a callback is over, and what it changed is being serialized
            scheduled(doc, SimpleNamespace(_socket=None, _session=session), "done")
            await asyncio.sleep(0.05)
            wire.sent.append("busy")

    assert wired(work) == ["busy", "done"]


def test_what_waits_for_the_end_of_a_callback_is_older() -> None:
    session = SimpleNamespace(_pending_writes=["busy"], _lock=asyncio.Lock())
    connection: Any = SimpleNamespace(_socket=None, _session=session)
    assert document._is_write_locked(connection)
    session._pending_writes = []
    assert not document._is_write_locked(connection)


def test_what_a_browser_sends_is_applied_on_the_thread_of_our_own_changes() -> None:
    async def look() -> tuple[int, int]:
        session = ServerSession(ID("one"), Document())
        return threading.get_ident(), await session.with_document_locked(threading.get_ident)

    loop, applied = awaited(look())
    assert loop == applied
