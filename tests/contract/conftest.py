from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

MARK = "FREEMLOPS_TEST_MARK"
os.environ.setdefault(MARK, uuid.uuid4().hex)  # tells our processes from other people's
ROOT = Path(__file__).parents[2]


@dataclass
class Cluster:
    """A Dask scheduler and two workers, each a process of its own."""

    address: str
    folder: Path
    workers: list[subprocess.Popen[bytes]]

    def add_worker(self) -> None:
        self.workers.append(
            _start(
                self.folder,
                "worker",
                self.address,
                "--nthreads",
                "1",
                "--no-dashboard",
                "--no-nanny",
            )
        )


def _start(folder: Path, kind: str, *arguments: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", f"distributed.cli.dask_{kind}", *arguments]
    return subprocess.Popen(
        command,
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@contextlib.contextmanager
def running_cluster(folder: Path, workers: int) -> Iterator[Cluster]:
    """A cluster that ends with the block; its workers may still be on their way."""
    file = folder / "scheduler.json"
    scheduler = _start(
        folder, "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
        "--scheduler-file", str(file),
    )  # fmt: skip
    made = Cluster("", folder, [])
    try:
        ends = time.monotonic() + 60
        while not file.exists() or not file.read_text():
            assert time.monotonic() < ends, "the scheduler did not start"
            time.sleep(0.1)
        made.address = json.loads(file.read_text())["address"]
        for _ in range(workers):
            made.add_worker()
        yield made
    finally:
        for process in (*made.workers, scheduler):
            process.kill()
            process.wait()


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with running_cluster(tmp_path_factory.mktemp("dask"), 2) as made:
        yield made
