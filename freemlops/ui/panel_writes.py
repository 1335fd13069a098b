"""Mends a loss of updates in Panel 1.10.

When the socket is busy, Panel keeps events and tries again in a task of its own. An earlier task
that ends meanwhile takes the mark away by which the later one knows that something waits: the
later one then goes home, and what it kept is sent only with the next event. If there is none, a
button stays grey and a spinner turns for ever. Here whatever still waits is tried again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from panel.io import document

type Dispatch = Callable[[Any], Awaitable[None]]


def mend() -> None:
    """Once a process; a Panel that works otherwise is left alone."""
    needed = ("_dispatch_msgs", "_WRITE_EVENTS", "_WRITE_BLOCK", "_dispatch_write_task")
    if all(hasattr(document, name) for name in needed):
        made = _retrying(document._dispatch_msgs)
        if not hasattr(document._dispatch_msgs, "is_mended"):
            document._dispatch_msgs = made


def _retrying(dispatch: Dispatch) -> Dispatch:
    async def dispatch_all(doc: Any) -> None:
        await dispatch(doc)
        if document._WRITE_EVENTS.get(doc) and doc not in document._WRITE_BLOCK:
            document._WRITE_BLOCK[doc] = True
            document._dispatch_write_task(doc, document._dispatch_msgs, doc)

    dispatch_all.is_mended = True  # type: ignore[attr-defined]
    return dispatch_all
