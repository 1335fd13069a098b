from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from bokeh.document import Document
from panel.io import document

from freemlops.ui import panel_writes
from tests.conftest import awaited


async def two_writes_that_meet(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The second comes while the first is being sent, and finds the socket busy."""
    sent: list[str] = []
    busy, first_is_out = [False], asyncio.Event()

    async def slow(events: list[str]) -> None:
        busy[0] = True
        await first_is_out.wait()
        sent.extend(events)
        busy[0] = False

    def write(doc: Any, connections: Any, events: list[str], run: bool = True) -> list[Any]:
        return [asyncio.ensure_future(slow(events))]

    monkeypatch.setattr(document, "write_events", write)
    monkeypatch.setattr(document, "_is_write_locked", lambda _: busy[0])
    doc, connection = Document(), SimpleNamespace()
    document.schedule_write_events(doc, [connection], ["busy"])  # type: ignore[list-item]
    await asyncio.sleep(0.005)
    document.schedule_write_events(doc, [connection], ["done"])  # type: ignore[list-item]
    await asyncio.sleep(0.005)
    first_is_out.set()
    await asyncio.sleep(0.3)
    return sent


def test_an_update_that_finds_the_socket_busy_is_sent_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    panel_writes.mend()
    panel_writes.mend()
    assert awaited(two_writes_that_meet(monkeypatch)) == ["busy", "done"]
