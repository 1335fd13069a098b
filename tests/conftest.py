"""Fixtures: a real server in a process of its own, and a real browser that may reach only it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

ROOT = Path(__file__).parent.parent
READY = re.compile(r"(http://[\w.:\[\]-]+)")


class LiveServer:
    """`freemlops serve` as people start it, in its own process group, on a free port."""

    def __init__(
        self,
        home: Path,
        *arguments: str,
        env: dict[str, str] | None = None,
        timeout: float = 60,
        cwd: Path = ROOT,
    ) -> None:
        self.home = home
        command = [sys.executable, "-m", "freemlops", "serve", "--no-browser", "--port", "0"]
        self.process = subprocess.Popen(
            [*command, "--home", str(home), "--lang", "en", *arguments],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **(env or {})},
            cwd=cwd,
            start_new_session=True,
        )
        self.lines: list[str] = []
        self._ready = threading.Event()
        self.url = ""
        threading.Thread(target=self._read, daemon=True).start()
        if not self._ready.wait(timeout) or not self.url:
            self.kill()
            raise AssertionError("the server did not start:\n" + "".join(self.lines))

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.lines.append(line)
            if "is ready at" in line and (found := READY.search(line)):
                self.url = found.group(1)
                self._ready.set()
        self._ready.set()

    def client(self, **options: object) -> httpx.Client:
        return httpx.Client(base_url=self.url, timeout=60, trust_env=False, **options)  # type: ignore[arg-type]

    def stop(self) -> int:
        """Ctrl+C; the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        try:
            return self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError("the server did not stop on Ctrl+C") from None

    def kill(self) -> None:
        """kill -9, of the server process alone: its workers must notice by themselves."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(20)


type StartServer = Callable[..., LiveServer]


@pytest.fixture
def start_server(tmp_path: Path) -> Iterator[StartServer]:
    """Start servers by hand; all are gone after the test."""
    started: list[LiveServer] = []

    def start(home: Path | None = None, *arguments: str, **options: object) -> LiveServer:
        made = LiveServer(home or tmp_path / "home", *arguments, **options)  # type: ignore[arg-type]
        started.append(made)
        return made

    yield start
    for server in started:
        server.kill()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """One server for all tests that only add to it."""
    made = LiveServer(tmp_path_factory.mktemp("live") / "home")
    yield made
    with contextlib.suppress(AssertionError):
        made.stop()


@pytest.fixture(scope="session")
def api(server: LiveServer) -> Iterator[httpx.Client]:
    def tell(response: httpx.Response) -> None:
        if response.status_code >= 500:  # a failing test shows what the server said
            print("".join(server.lines[-60:]))

    hooks = {"response": [tell]}
    with server.client(headers={"Accept-Language": "en"}, event_hooks=hooks) as client:
        yield client


def wait_for(check: Callable[[], object], timeout: float = 30, step: float = 0.1) -> object:
    """The first truthy answer of `check`; fails after `timeout` seconds."""
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        if found := check():
            return found
        time.sleep(step)
    raise AssertionError("waited in vain")


def awaited[T](work: Coroutine[Any, Any, T]) -> T:
    """What `work` comes to, on a thread of its own: an open browser leaves a loop running on
    this one, where `asyncio.run` refuses."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


def own_workers() -> list[psutil.Process]:
    """The worker processes that this process started itself. Those of the servers that other
    tests left running are its descendants too, but no children; the dead have no command line."""
    found = []
    for child in psutil.Process().children():
        with contextlib.suppress(psutil.Error):
            if "freemlops.executors.worker" in child.cmdline():
                found.append(child)
    return found


def free_environment(**more: str) -> dict[str, str]:
    """This process's environment without any FREEMLOPS_ setting."""
    return {k: v for k, v in os.environ.items() if not k.startswith("FREEMLOPS_")} | more
