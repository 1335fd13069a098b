"""Mends how Panel 1.10 and Bokeh 3.10 send updates: none is lost, none overtakes an older one.

- **Lost.** When the socket is busy, Panel keeps events and tries again in a task of its own. An
  earlier task that ends meanwhile takes the mark away by which the later one knows that something
  waits: the later one then goes home, and what it kept is sent only with the next event. Here
  whatever still waits is tried again.
- **Torn.** Bokeh applies what a browser sends in a thread, while our own handlers change the same
  document on the loop. Panel gathers changes in a list of the document and then takes that list,
  which two threads at once do not survive: of 8,000 updates by two threads, two were lost. Here a
  document is changed on the loop alone; only what is sent is still serialized beside it.
- **Overtaken.** Under ASGI a write is a coroutine that takes the lock of the socket only when it
  runs. Two tasks that await lists of them take turns, and what Bokeh sends at the end of a locked
  callback is serialized in a thread before it asks for the lock. So “ready” may reach the browser
  before “busy” does. Here one task at a time sends what was written, in its order, and what comes
  while Bokeh still has something to send waits for that.

Each way a button stays grey and a spinner turns for ever. What the browser itself does wrong to
that end is mended in `assets/page.html`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from weakref import WeakKeyDictionary

from bokeh.server import session as sessions
from panel.io import document

type OfDocument = Callable[[Any], Awaitable[None]]
NEEDED = (
    "_dispatch_msgs", "_WRITE_EVENTS", "_WRITE_BLOCK", "_dispatch_write_task",
    "_run_write_futures", "_is_write_locked",
)  # fmt: skip


def mend() -> None:
    """Once a process; a Panel that works otherwise is left alone."""
    known = hasattr(sessions, "_run_in_executor")
    if not known or not all(hasattr(document, name) for name in NEEDED):
        return
    if not hasattr(document._dispatch_msgs, "is_mended"):
        document._dispatch_msgs = _retrying(document._dispatch_msgs)
        document._run_write_futures = _in_order(document._run_write_futures)
        document._is_write_locked = _patient(document._is_write_locked)
        sessions._run_in_executor = _here


async def _here[T](work: Callable[..., T], *args: Any, **more: Any) -> T:
    return work(*args, **more)


def _retrying(dispatch: OfDocument) -> OfDocument:
    async def dispatch_all(doc: Any) -> None:
        await dispatch(doc)
        if document._WRITE_EVENTS.get(doc) and doc not in document._WRITE_BLOCK:
            document._WRITE_BLOCK[doc] = True
            document._dispatch_write_task(doc, document._dispatch_msgs, doc)

    dispatch_all.is_mended = True  # type: ignore[attr-defined]
    return dispatch_all


def _in_order(run: OfDocument) -> OfDocument:
    turns: WeakKeyDictionary[Any, asyncio.Lock] = WeakKeyDictionary()

    async def run_in_order(doc: Any) -> None:
        async with turns.setdefault(doc, asyncio.Lock()):
            await run(doc)

    return run_in_order


def _patient(is_locked: Callable[[Any], bool]) -> Callable[[Any], bool]:
    def is_locked_or_behind(connection: Any) -> bool:
        return is_locked(connection) or _is_behind(getattr(connection, "_session", None))

    return is_locked_or_behind


def _is_behind(session: Any) -> bool:
    """Whether Bokeh has something to send that is older: it waits for the end of a callback, or
    the callback is over and it is being sent, which is when the lock is held without a list."""
    waiting, lock = getattr(session, "_pending_writes", None), getattr(session, "_lock", None)
    return bool(waiting) or (waiting is None and lock is not None and lock.locked())
