"""The worker process: waits for one job on standard input, sends its events on standard output.

Started as `python -m freemlops.executors.worker`, so that the parent's main script is never
imported again here (with multiprocessing's spawn it is: seconds and megabytes under a server).
Messages are pickles, one after the other; the parent is the only one at the other end.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
import threading
import warnings
from typing import BinaryIO

from freemlops.domain.job import TrainJob
from freemlops.domain.run import Event

NICENESS = 10


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    commands, events = _own_pipes()
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    warnings.filterwarnings("ignore")
    inbox = _Inbox(commands)
    inbox.start()
    from freemlops.engine.train import train  # the slow part, done while no job is there yet

    job = inbox.job()
    lock = threading.Lock()

    def emit(event: Event) -> None:
        with lock:
            pickle.dump(event, events)
            events.flush()

    train(job, emit, inbox.reason)
    # Threads of the libraries may be at work still: nothing of theirs is needed any more.
    os._exit(0)


class _Inbox(threading.Thread):
    """Reads the parent's commands. When the parent is gone, this process has no purpose."""

    def __init__(self, commands: BinaryIO) -> None:
        super().__init__(name="inbox", daemon=True)
        self._commands = commands
        self._job: TrainJob | None = None
        self._reason: str | None = None
        self._arrived = threading.Event()

    def run(self) -> None:
        while True:
            try:
                command = pickle.load(self._commands)  # noqa: S301 - from our parent
            except (EOFError, OSError, pickle.UnpicklingError):
                os._exit(1)
            if isinstance(command, TrainJob):
                self._job = command
                self._arrived.set()
            else:
                self._reason = str(command)

    def job(self) -> TrainJob:
        self._arrived.wait()
        assert self._job is not None
        return self._job

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
