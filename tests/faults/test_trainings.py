"""A training whose process dies, hangs, grows or fills the disk: its best so far is the result."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import psutil
import pyarrow as pa
import pytest

from freemlops.domain.job import TrainJob
from freemlops.domain.run import Event, EventKind, Phase, Task
from freemlops.executors.local import LocalTrainer
from tests.conftest import LiveServer, own_workers, wait_for
from tests.integration.conftest import loans_csv, put
from tests.unit.engine.conftest import MakeJob, make_job
from tests.unit.executors.test_local import Heard

__all__ = ["make_job"]
MEGABYTE = 1024**2
OVER = ("finished", "stopped", "failed", "cancelled")


@pytest.fixture(scope="module")
def own_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    made = LiveServer(tmp_path_factory.mktemp("faults") / "home")
    yield made
    made.kill()


@pytest.fixture
def own(own_server: LiveServer) -> Iterator[httpx.Client]:
    with own_server.client(headers={"Accept-Language": "en"}) as client:
        yield client


def started(api: httpx.Client, budget_s: float) -> str:
    data = put(api, loans_csv(), "loans").json()
    body = {"dataset": data["dataset"], "target": "inadimplente", "budget_s": budget_s}
    answer = api.post("/api/v1/runs", json=body)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["run"])


def got(api: httpx.Client, run: str) -> dict[str, Any]:
    made: dict[str, Any] = api.get(f"/api/v1/runs/{run}").json()
    return made


def over(api: httpx.Client, run: str) -> dict[str, Any]:
    wait_for(lambda: got(api, run)["status"] in OVER, timeout=90)
    return got(api, run)


def busy_worker(server: LiveServer) -> psutil.Process:
    """The worker that trains: the other one that waits uses no time."""
    found = []
    for child in psutil.Process(server.process.pid).children(recursive=True):
        with contextlib.suppress(psutil.Error):
            if "freemlops.executors.worker" in child.cmdline():
                found.append(child)
    return max(found, key=lambda p: p.cpu_times().user)


def assert_usable(api: httpx.Client, run: dict[str, Any], name: str) -> None:
    """What a person does with a result: register, deploy, ask."""
    assert run["status"] == "finished", run["error"]
    assert run["best"] in [c["candidate"] for c in run["leaderboard"]]
    assert api.post("/api/v1/models", json={"run": run["run"], "name": name}).status_code == 201
    made = api.post("/api/v1/deployments", json={"model": name, "name": name})
    assert made.status_code == 201, made.text
    row = {"renda": 2000.0, "idade": 30, "região": "Recife", "início": "2020-01-31"}
    answer = api.post(f"/api/v1/models/{name}/predict", json={"rows": [row]})
    assert answer.status_code == 200, answer.text
    assert answer.json()["predictions"][0]["prediction"] in ("sim", "não")


@pytest.mark.parametrize(
    ("kind", "budget_s", "said"),
    [(signal.SIGKILL, 120.0, "ended unexpectedly"), (signal.SIGSTOP, 12.0, "took too long")],
)
def test_a_training_that_is_killed_or_hangs_leaves_a_model_to_deploy(
    own: httpx.Client, own_server: LiveServer, kind: signal.Signals, budget_s: float, said: str
) -> None:
    """A process that is stopped stands for a fit that never comes back."""
    run = started(own, budget_s)
    wait_for(lambda: len(got(own, run)["leaderboard"]) > 1, timeout=60, step=0.05)
    busy_worker(own_server).send_signal(kind)
    ended = over(own, run)
    assert said in " ".join(ended["receipt"]["left_out"])
    assert "lightgbm" in ended["libraries"]
    assert_usable(own, ended, f"after-{kind.name.lower()}")


def wide(rows: int = 12_000, columns: int = 400) -> pa.Table:
    random = np.random.default_rng(0)
    made = {f"n{i}": random.normal(size=rows) for i in range(columns)}
    made["alvo"] = np.where(made["n0"] + made["n1"] > 0, "sim", "não")
    return pa.table(made)


class Weighed(Heard):
    """Notes how much memory the worker uses when it begins to search."""

    def __init__(self) -> None:
        super().__init__()
        self.bytes = 0

    def __call__(self, run: str, event: Event) -> None:
        if event.data.get("phase") == Phase.SEARCH.value and not self.bytes:
            self.bytes = max(p.memory_info().rss for p in own_workers())
        super().__call__(run, event)


def test_a_training_that_outgrows_its_memory_keeps_its_best(make_job: MakeJob) -> None:
    """The folds of a wide table do not fit beside what the simplest models needed."""
    trainer = LocalTrainer()
    job: TrainJob = make_job(wide(), Task.BINARY, max_trials=None, budget_s=120)
    first = Weighed()
    handle = trainer.submit(job, first)
    wait_for(lambda: first.bytes, timeout=240)
    handle.cancel()
    assert handle.wait(10)
    heard = Heard()
    limit = first.bytes + 30 * MEGABYTE
    again = replace(job, run="run_2", memory_limit_bytes=limit)
    assert trainer.submit(again, heard).wait(240)
    trainer.close()
    assert heard.done.data["status"] == "finished"
    assert heard.done.data["best"] in [
        e.data["id"] for e in heard.events if e.kind is EventKind.CANDIDATE
    ]
    (line,) = heard.done.data["receipt"]["left_out"]
    assert "more memory" in line["template"]
    assert line["params"]["limit_mb"] == limit // MEGABYTE


def mounted(place: Path, size: str) -> None:
    place.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)]
    if subprocess.run(command, capture_output=True).returncode:
        pytest.skip("only root may mount a small disk")


def test_a_disk_that_fills_while_models_are_written_leaves_those_that_fit(
    tmp_path: Path,
) -> None:
    """The forests find no room: the receipt says so, and a smaller model is the result."""
    home = tmp_path / "home"
    server = LiveServer(home)
    place = home / "jobs"
    mounted(place, "700k")
    try:
        with server.client(headers={"Accept-Language": "en"}) as api:
            ended = over(api, started(api, 12.0))
            assert "No space left" in " ".join(ended["receipt"]["left_out"])
            assert_usable(api, ended, "after-full")
    finally:
        server.kill()
        subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_disk_that_is_full_for_the_history_too_ends_the_run_in_words(tmp_path: Path) -> None:
    """Nothing can be stored any more: the run ends, the server lives, room brings it back."""
    disk = tmp_path / "disk"
    mounted(disk, "600m")
    server = LiveServer(disk / "home")
    try:
        with server.client(headers={"Accept-Language": "en"}) as api:
            run = started(api, 12.0)
            wait_for(lambda: len(got(api, run)["leaderboard"]) > 1, timeout=60, step=0.05)
            ballast = disk / "ballast"
            with contextlib.suppress(OSError), ballast.open("wb") as file:
                while True:
                    file.write(bytes(MEGABYTE // 4))
                    file.flush()
            time.sleep(14)  # its budget passes meanwhile, and its end cannot be stored
            ballast.unlink()
            ended = over(api, run)
            assert "Not everything could be stored" in " ".join(ended["receipt"]["left_out"])
            assert_usable(api, ended, "before-full")
            again = over(api, started(api, 12.0))
            assert_usable(api, again, "after-room")
    finally:
        server.kill()
        subprocess.run(["umount", "-l", str(disk)], check=True)
