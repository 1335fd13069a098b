"""The worker process: waits for one job on standard input, sends its events on standard output.

The job is a training, or the help in one that another process leads (`engine.party`).

Started as `python -m freemlops.executors.worker`, so that the parent's main script is never
imported again here (with multiprocessing's spawn it is: seconds and megabytes under a server).
Messages are pickles, one after the other; the parent is the only one at the other end.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import signal
import sys
import threading
import warnings
from collections.abc import Callable
from typing import BinaryIO

from freemlops.domain.job import TrainJob
from freemlops.engine.party import Help, News, Order, Share

NICENESS = 10


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    commands, events = _own_pipes()
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    warnings.filterwarnings("ignore")
    inbox = _Inbox(commands)
    inbox.start()
    # The slow part, done while no job is there yet.
    from freemlops.engine.assist import assist
    from freemlops.engine.train import train

    work = inbox.work()
    lock = threading.Lock()

    def send(message: object) -> None:
        with lock:
            pickle.dump(message, events)
            events.flush()

    if isinstance(work, Help):
        assist(work, send, inbox.share, inbox.reason)
    else:
        train(work, send, inbox.reason, _Line(inbox, send))
    # Threads of the libraries may be at work still: nothing of theirs is needed any more.
    os._exit(0)


class _Line:
    """The `Party` of a job here: its helpers are somewhere behind the parent."""

    def __init__(self, inbox: _Inbox, send: Callable[[object], None]) -> None:
        self._inbox = inbox
        self._send = send

    def news(self) -> list[News]:
        return self._inbox.news()

    def tell(self, order: Order) -> None:
        self._send(order)


class _Inbox(threading.Thread):
    """Reads the parent's commands. When the parent is gone, this process has no purpose."""

    def __init__(self, commands: BinaryIO) -> None:
        super().__init__(name="inbox", daemon=True)
        self._commands = commands
        self._work: TrainJob | Help | None = None
        self._share: Share | None = None
        self._news: queue.SimpleQueue[News] = queue.SimpleQueue()
        self._reason: str | None = None
        self._arrived = threading.Event()

    def run(self) -> None:
        while True:
            try:
                command = pickle.load(self._commands)  # noqa: S301 - from our parent
            except (EOFError, OSError, pickle.UnpicklingError):
                os._exit(1)
            match command:
                case TrainJob() | Help():
                    self._work = command
                    self._arrived.set()
                case str():
                    self._reason = command
                case Share():
                    self._share = command
                case _:
                    self._news.put(command)

    def work(self) -> TrainJob | Help:
        self._arrived.wait()
        assert self._work is not None
        return self._work

    def share(self) -> tuple[str, ...] | None:
        return self._share.families if self._share else None

    def news(self) -> list[News]:
        found: list[News] = []
        with contextlib.suppress(queue.Empty):
            while True:
                found.append(self._news.get_nowait())
        return found

    def reason(self) -> str | None:
        return self._reason


def _own_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Move the pipes away from 0 and 1, where a library's print would garble them."""
    commands, events = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(2, 1)
    os.close(null)
    return os.fdopen(commands, "rb"), os.fdopen(events, "wb")


if __name__ == "__main__":
    main()
    sys.exit(0)
