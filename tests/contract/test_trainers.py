"""What every `Trainer` promises, wherever it runs its jobs."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest

from freemlops.domain.errors import ConflictError
from freemlops.domain.job import Trainer, TrainJob
from freemlops.domain.run import Event, EventKind, Task
from freemlops.executors.dask import DaskTrainer
from freemlops.executors.local import LocalTrainer
from tests.contract.conftest import MARK, Cluster
from tests.unit.engine.conftest import MakeJob, make_job, mixed_table
from tests.unit.executors.test_local import Heard, eventually

__all__ = ["make_job"]


@pytest.fixture(params=["local", "dask"])
def trainer(request: pytest.FixtureRequest) -> Iterator[Trainer]:
    made: Trainer
    if request.param == "local":
        made = LocalTrainer()
    else:
        made = on_cluster(request.getfixturevalue("cluster"))
    yield made
    made.close()


def on_cluster(cluster: Cluster, machines: int = 2) -> DaskTrainer:
    made = DaskTrainer(cluster.address)
    assert eventually(lambda: len(made._machines()) >= machines, 60)
    return made


@pytest.fixture
def long_job(make_job: MakeJob) -> TrainJob:
    return make_job(mixed_table(400), Task.BINARY, max_trials=None, budget_s=600)


def children() -> list[psutil.Process]:
    """The processes of these tests that train, whoever started them."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            ours = process.environ().get(MARK) == os.environ[MARK]
            if ours and "freemlops.executors.worker" in process.cmdline():
                found.append(process)
    return found


def test_events_come_numbered_with_their_files_and_done_last(
    trainer: Trainer, make_job: MakeJob
) -> None:
    before = {p.pid for p in children()}
    heard = Heard()
    job = make_job(mixed_table(120), Task.BINARY, max_trials=2)
    assert trainer.submit(job, heard).wait(90)
    assert [e.seq for e in heard.events] == list(range(1, len(heard.events) + 1))
    assert heard.done.data["status"] == "finished"
    assert sum(e.kind is EventKind.DONE for e in heard.events) == 1
    files = [Path(a["path"]) for e in heard.events for a in artifacts(e).values()]
    assert len(files) >= 4
    assert all(path.is_relative_to(job.workdir) and path.stat().st_size for path in files)
    assert eventually(lambda: not {p.pid for p in children()} - before)


def artifacts(event: Event) -> dict[str, Any]:
    return dict(event.data.get("artifacts") or {})


def test_the_clock_starts_with_the_click_wherever_the_job_runs(
    trainer: Trainer, make_job: MakeJob
) -> None:
    heard = Heard()
    job = make_job(mixed_table(120), Task.BINARY, max_trials=None, budget_s=8)
    job = replace(job, clicked_at=time.time())
    assert trainer.submit(job, heard).wait(60)
    used = heard.done.data["receipt"]["used_s"]
    assert used == pytest.approx(time.time() - job.clicked_at, abs=2)


def test_stop_keeps_the_best_within_two_seconds(trainer: Trainer, long_job: TrainJob) -> None:
    heard = Heard()
    handle = trainer.submit(long_job, heard)
    heard.wait_for(EventKind.TRIAL)
    handle.stop()
    handle.stop()
    assert handle.wait(2.5)
    assert heard.done.data["status"] == "stopped"
    assert heard.done.data["best"]


def test_cancel_keeps_nothing_and_leaves_no_process(trainer: Trainer, long_job: TrainJob) -> None:
    before = {p.pid for p in children()}
    heard = Heard()
    handle = trainer.submit(long_job, heard)
    heard.wait_for(EventKind.CANDIDATE)
    handle.cancel()
    assert handle.wait(1.0 if isinstance(trainer, LocalTrainer) else 5)
    assert heard.done.data["status"] == "cancelled"
    assert heard.done.data["best"] is None
    assert eventually(lambda: not {p.pid for p in children()} - before)


def test_a_job_whose_process_is_killed_keeps_its_best(trainer: Trainer, long_job: TrainJob) -> None:
    before = {p.pid for p in children()}
    heard = Heard()
    handle = trainer.submit(long_job, heard)
    heard.wait_for(EventKind.BEST)
    for child in children():
        if child.pid not in before:  # on a cluster there is one that helps, too
            child.kill()
    assert handle.wait(10)
    assert heard.done.data["status"] == "finished"
    assert heard.done.data["best"]
    assert "unexpectedly" in heard.done.data["receipt"]["left_out"][0]["template"]


def test_too_much_memory_ends_a_job_with_a_reason(trainer: Trainer, long_job: TrainJob) -> None:
    heard = Heard()
    small = replace(long_job, memory_limit_bytes=20 * 1024**2)
    assert trainer.submit(small, heard).wait(30)
    assert "memory" in heard.done.data["error"]["template"]


def test_a_waiting_job_can_be_cancelled_and_close_ends_all(
    trainer: Trainer, long_job: TrainJob
) -> None:
    before = {p.pid for p in children()}
    for _ in range(2):
        trainer.submit(replace(long_job, run="run_other"), Heard())
    heard = Heard()
    last = trainer.submit(long_job, heard)
    last.cancel()
    assert last.wait(5)
    assert heard.done.data["status"] == "cancelled"
    trainer.close()
    assert eventually(lambda: not {p.pid for p in children()} - before, 10)


def test_a_cluster_works_on_several_jobs_at_once(cluster: Cluster, make_job: MakeJob) -> None:
    trainer = on_cluster(cluster)
    one, two = Heard(), Heard()
    first = make_job(mixed_table(120), Task.BINARY, max_trials=None, budget_s=600)
    second = make_job(mixed_table(120), Task.BINARY, max_trials=2, run="run_2")
    running = trainer.submit(first, one)
    assert trainer.submit(second, two).wait(90)
    assert two.done.data["status"] == "finished"
    running.stop()
    assert running.wait(10)
    assert one.done.data["status"] == "stopped"
    trainer.close()


def test_a_machine_that_is_lost_ends_only_its_own_job(cluster: Cluster, make_job: MakeJob) -> None:
    trainer = on_cluster(cluster)
    heard = {name: Heard() for name in ("a", "b")}
    handles = {}
    for name in heard:
        job = make_job(mixed_table(300), Task.BINARY, max_trials=None, budget_s=600, run=name)
        handles[name] = trainer.submit(job, heard[name])
    for one in heard.values():
        one.wait_for(EventKind.TRIAL)
    cluster.workers[0].kill()
    ended: Callable[[], list[str]] = lambda: [n for n, h in handles.items() if h.wait(0)]  # noqa: E731
    assert eventually(lambda: len(ended()) == 1, 60)
    (lost,) = ended()
    (other,) = set(heard) - {lost}
    assert heard[lost].done.data["status"] == "finished"
    assert heard[lost].done.data["best"]
    handles[other].stop()
    assert handles[other].wait(10)
    assert heard[other].done.data["status"] == "stopped"
    trainer.close()
    cluster.add_worker()


def test_a_scheduler_that_is_not_there_is_said() -> None:
    with pytest.raises(ConflictError, match="No Dask scheduler"):
        DaskTrainer("tcp://127.0.0.1:9")
