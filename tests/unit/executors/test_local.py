"""Real worker processes: each test says what the parent promises about one, beyond what every
`Trainer` does (`tests/contract`)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from freemlops.domain.job import TrainJob
from freemlops.domain.run import Event, EventKind, Task
from freemlops.executors.local import LocalTrainer
from tests.conftest import own_workers
from tests.unit.engine.conftest import MakeJob, make_job, mixed_table

__all__ = ["make_job"]


class Heard:
    """Collects the events of a job, and waits for a kind of them."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._changed = threading.Condition()

    def __call__(self, run: str, event: Event) -> None:
        with self._changed:
            self.events.append(event)
            self._changed.notify_all()

    def wait_for(self, kind: EventKind, timeout: float = 60) -> None:
        with self._changed:
            assert self._changed.wait_for(
                lambda: any(e.kind is kind for e in self.events), timeout
            ), [e.kind for e in self.events]

    @property
    def done(self) -> Event:
        assert self.events[-1].kind is EventKind.DONE
        return self.events[-1]


@pytest.fixture
def trainer() -> Iterator[LocalTrainer]:
    made = LocalTrainer()
    yield made
    made.close()


@pytest.fixture
def long_job(make_job: MakeJob) -> TrainJob:
    return make_job(mixed_table(400), Task.BINARY, max_trials=None, budget_s=600)


def eventually(true: Callable[[], bool], timeout: float = 5.0) -> bool:
    ends = time.monotonic() + timeout
    while time.monotonic() < ends:
        if true():
            return True
        time.sleep(0.05)
    return true()


def test_a_worker_killed_before_any_candidate_is_a_failed_run(
    trainer: LocalTrainer, long_job: TrainJob
) -> None:
    heard = Heard()
    handle = trainer.submit(long_job, heard)
    assert eventually(lambda: bool(own_workers()))
    own_workers()[0].kill()
    assert handle.wait(5)
    assert heard.done.data["status"] == "failed"
    assert heard.done.data["error"]


def test_the_parent_holds_the_clock(
    trainer: LocalTrainer, long_job: TrainJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that hangs is ended just after its budget, with what it had."""
    trainer.warm()
    heard = Heard()
    handle = trainer.submit(long_job, heard)
    heard.wait_for(EventKind.TRIAL)
    own_workers()[0].suspend()
    supervisor = handle.supervisor  # type: ignore[attr-defined]
    short = replace(long_job.spec, budget_s=time.time() - long_job.clicked_at + 0.5)
    monkeypatch.setattr(supervisor, "_job", replace(long_job, spec=short))
    assert handle.wait(10)
    assert heard.done.data["status"] == "finished"
    assert "too long" in heard.done.data["receipt"]["left_out"][0]["template"]


def test_the_second_job_waits_and_can_be_cancelled_there(
    trainer: LocalTrainer, long_job: TrainJob, make_job: MakeJob
) -> None:
    first, second, third = Heard(), Heard(), Heard()
    short = make_job(mixed_table(120), Task.BINARY, max_trials=1, run="run_3")
    running = trainer.submit(long_job, first)
    waiting = trainer.submit(long_job, second)
    last = trainer.submit(short, third)
    waiting.cancel()
    assert waiting.wait(1)
    assert second.done.data["status"] == "cancelled"
    first.wait_for(EventKind.PHASE)
    assert not third.events
    running.cancel()
    assert last.wait(90)
    assert third.done.data["status"] == "finished"


def test_warm_prepares_one_worker_that_the_next_job_uses(
    trainer: LocalTrainer, make_job: MakeJob
) -> None:
    trainer.warm()
    trainer.warm()
    assert len(own_workers()) == 1
    pid = own_workers()[0].pid
    heard = Heard()
    handle = trainer.submit(make_job(mixed_table(120), Task.BINARY, max_trials=1), heard)
    assert [w.pid for w in own_workers()] == [pid]
    assert handle.wait(90)


def test_close_ends_every_worker(trainer: LocalTrainer, long_job: TrainJob) -> None:
    trainer.submit(long_job, Heard())
    trainer.warm()
    assert len(own_workers()) == 2
    trainer.close()
    assert eventually(lambda: not own_workers())


def test_workers_ignore_ctrl_c_and_are_nice(trainer: LocalTrainer, long_job: TrainJob) -> None:
    heard = Heard()
    trainer.submit(long_job, heard)
    heard.wait_for(EventKind.PHASE)
    child = own_workers()[0]
    assert child.nice() >= 10
    child.send_signal(signal.SIGINT)
    count = len(heard.events)
    assert eventually(lambda: len(heard.events) > count)


def test_no_worker_outlives_a_server_that_was_killed(tmp_path: Path) -> None:
    """kill -9 of the parent leaves no orphan, not even one that is still importing."""
    code = (
        "import time; from freemlops.executors.local import LocalTrainer; "
        "t = LocalTrainer(); t.warm(); print(t._spare.pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    assert psutil.pid_exists(child)
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    assert eventually(lambda: not psutil.pid_exists(child), 10)


def test_a_listener_that_fails_does_not_end_the_job(
    trainer: LocalTrainer, make_job: MakeJob
) -> None:
    def broken(run: str, event: Event) -> None:
        raise ValueError("listener")

    job = make_job(mixed_table(120), Task.BINARY, max_trials=1)
    assert trainer.submit(job, broken).wait(90)
