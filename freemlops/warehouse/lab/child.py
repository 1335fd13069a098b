"""A query's process seen from the parent: start it, give it the query, kill it in time."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

import freemlops
from freemlops.domain.errors import InvalidError, QueryLimitError, UnavailableError
from freemlops.domain.words import Message
from freemlops.warehouse.lab import limits
from freemlops.warehouse.lab.limits import Limits
from freemlops.warehouse.lab.words import sentence

TICK_S = 0.02


class Child:
    """One process for one query. It ends by itself when this process does."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "freemlops.warehouse.lab.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            start_new_session=True,  # Ctrl-C in the terminal is for the server alone
        )
        self._over = threading.Event()
        self._killed = ""
        self._deadline = 0.0

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def kill(self, reason: str = "cancelled") -> None:
        self._killed = self._killed or reason
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()

    def discard(self) -> None:
        """End it unused."""
        self._end()

    def ask(
        self,
        request: Mapping[str, Any],
        files: Callable[[Sequence[str]], Mapping[str, str]],
        allowed: Limits,
        stop: threading.Event,
    ) -> tuple[dict[str, Any], pa.Table]:
        """The header and the rows of the answer; `files` gives the datasets that are named.

        Raises `InvalidError` for a refused or wrong query, `QueryLimitError` for one that takes
        too much, `UnavailableError` when `stop` was set or this was killed.
        """
        clock = threading.Thread(target=self._watch, args=[stop], daemon=True)
        try:
            with tempfile.TemporaryDirectory(prefix="query-", dir=request["scratch"]) as scratch:
                try:
                    self._receive()  # ready; only now does the query's own time begin
                    self._deadline = time.monotonic() + allowed.seconds
                    clock.start()
                    self._send({**request, "scratch": scratch})
                    return self._talk(str(request["sql"]), files, allowed)
                finally:
                    self._end()
        except (EOFError, OSError, ValueError) as error:
            raise self._why(allowed) from error

    def _talk(
        self, sql: str, files: Callable[[Sequence[str]], Mapping[str, str]], allowed: Limits
    ) -> tuple[dict[str, Any], pa.Table]:
        header = self._receive()
        if header["kind"] == "needs":
            began = time.monotonic()
            found = files(header["data"])
            self._deadline += time.monotonic() - began  # making a file is not the query's time
            self._send({"files": found})
            header = self._receive()
        size = int(header["size"])
        if header["kind"] != "rows":
            raise _error(header, sql, allowed)
        assert self._process.stdout is not None
        content = self._process.stdout.read(size)
        if len(content) < size:
            raise EOFError
        return header, pa.ipc.open_stream(content).read_all()

    def _watch(self, stop: threading.Event) -> None:
        while not self._over.wait(TICK_S):
            if stop.is_set():
                self.kill("cancelled")
            elif time.monotonic() > self._deadline:
                self.kill("seconds")
            else:
                continue
            return

    def _end(self) -> None:
        """Nothing of it stays, whatever it was doing."""
        self._over.set()
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            with contextlib.suppress(OSError):
                pipe.close()

    def _why(self, allowed: Limits) -> Exception:
        """What it means that the process is gone without an answer."""
        if self._killed == "seconds":
            return QueryLimitError(
                "The query took longer than {seconds} seconds and was stopped. Ask for less: "
                "filter with WHERE, sample with USING SAMPLE, or join fewer tables.",
                seconds=round(allowed.seconds),
            )
        if self._killed:
            return UnavailableError("The query was cancelled.")
        return too_much_memory(allowed)

    def _send(self, message: Mapping[str, Any]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(message).encode() + b"\n")
        self._process.stdin.flush()

    def _receive(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline(limits.RESULT_BYTES)
        if not line:
            raise EOFError
        made: dict[str, Any] = json.loads(line)
        return made


def too_much_memory(allowed: Limits) -> QueryLimitError:
    return QueryLimitError(
        "The query needs more than the {memory} MB of memory that one query may use, or is too "
        "deep to be read. Ask for less: fewer columns, a WHERE, a smaller GROUP BY, or no "
        "functions that make long texts.",
        memory=allowed.memory_mb,
    )


def _error(header: Mapping[str, Any], sql: str, allowed: Limits) -> Exception:
    match header["kind"]:
        case "invalid":
            message = Message.from_json(header["message"])
            return InvalidError(message.template, details=(), **message.params)
        case "deep":
            return InvalidError("The query is nested too deeply to be read. Split it with WITH.")
        case "memory":
            return too_much_memory(allowed)
        case "bytes":
            return QueryLimitError(
                "The first row alone is larger than the {size} MB that an answer may have. "
                "Select fewer or shorter columns.",
                size=limits.RESULT_BYTES // 1024**2,
            )
        case _:
            return sentence(str(header["problem"]), header["position"], sql)


def _environment() -> dict[str, str]:
    """Only what Python needs to start: no secret of the server's can be found in the child."""
    root = str(Path(freemlops.__file__).parent.parent)
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    kept = {k: os.environ[k] for k in ("SYSTEMROOT", "LD_LIBRARY_PATH") if k in os.environ}
    return kept | {
        "PYTHONPATH": os.pathsep.join(paths),
        "PYTHONWARNINGS": "ignore",
        "MALLOC_ARENA_MAX": "2",
        "OMP_NUM_THREADS": "1",
        "ARROW_DEFAULT_MEMORY_POOL": "system",
    }
