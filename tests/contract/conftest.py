from __future__ import annotations

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


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    import json

    folder = tmp_path_factory.mktemp("dask")
    file = folder / "scheduler.json"
    scheduler = _start(
        folder, "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
        "--scheduler-file", str(file),
    )  # fmt: skip
    ends = time.monotonic() + 60
    while not file.exists() or not file.read_text():
        assert time.monotonic() < ends, "the scheduler did not start"
        time.sleep(0.1)
    made = Cluster(json.loads(file.read_text())["address"], folder, [])
    for _ in range(2):
        made.add_worker()
    yield made
    for process in (*made.workers, scheduler):
        process.kill()
        process.wait()
