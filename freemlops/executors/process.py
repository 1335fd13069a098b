"""A worker process seen from the parent: start it, give it a job, hear it, kill it."""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import subprocess
import sys
import threading
import time
from collections import deque
from pathlib import Path
from typing import Any

import psutil

import freemlops
from freemlops.domain.job import TrainJob

STDERR_LINES = 40


class ChildWorker:
    """One child process. It ends by itself when this process does, however that ends."""

    def __init__(self) -> None:
        self.started = time.monotonic()
        self.events: queue.SimpleQueue[Any] = queue.SimpleQueue()
        """What the child sent: events, orders for its helpers if it has any (`engine.party`), and
        None when there will be no more."""
        self.last_words: deque[str] = deque(maxlen=STDERR_LINES)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "freemlops.executors.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=_environment(),
            start_new_session=True,  # Ctrl-C in the terminal is for the server alone
        )
        for target, name in ((self._read, "events"), (self._listen, "stderr")):
            threading.Thread(target=target, name=f"worker-{name}", daemon=True).start()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    @property
    def exit_code(self) -> int | None:
        return self._process.poll()

    def train(self, job: TrainJob) -> None:
        self._send(job)

    def tell(self, message: object) -> None:
        """Anything else that the worker process understands (`engine.party`)."""
        self._send(message)

    def ask(self, reason: str) -> None:
        """`reason` is "stop" or "cancel"; a child that is gone does not mind."""
        self._send(reason)

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(1.0)
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):
            self._process.stdin.close()

    def memory(self) -> int:
        """Resident bytes, 0 when it is gone."""
        try:
            return int(psutil.Process(self.pid).memory_info().rss)
        except psutil.Error:
            return 0

    def _send(self, message: object) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(OSError, ValueError):
            pickle.dump(message, self._process.stdin)
            self._process.stdin.flush()

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as pipe:
            while True:
                try:
                    self.events.put(pickle.load(pipe))  # noqa: S301 - from our own child
                except (EOFError, OSError, ValueError, pickle.UnpicklingError):
                    break  # the child is gone, maybe in the middle of a message
        self.events.put(None)

    def _listen(self) -> None:
        assert self._process.stderr is not None
        with self._process.stderr as pipe:
            for line in pipe:
                self.last_words.append(line.decode(errors="replace").rstrip())


def _environment() -> dict[str, str]:
    """The child must find this very package, also when it runs from a checkout."""
    root = str(Path(freemlops.__file__).parent.parent)
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    return os.environ | {
        "PYTHONPATH": os.pathsep.join(paths),
        "PYTHONWARNINGS": "ignore",
        "PYTHONUNBUFFERED": "1",
        "OMP_WAIT_POLICY": "PASSIVE",  # waiting threads must not keep the pages' core busy
    }
