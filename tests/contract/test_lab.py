"""What several machines of a cluster do for one run: they search its families side by side."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import psutil
import pytest

from freemlops.domain.job import TrainJob
from freemlops.domain.run import EventKind, Task
from freemlops.executors.dask import DaskTrainer
from tests.contract.conftest import Cluster
from tests.contract.test_trainers import children, on_cluster
from tests.unit.engine.conftest import MakeJob, make_job, mixed_table
from tests.unit.executors.test_local import Heard, eventually

__all__ = ["make_job"]


@pytest.fixture
def trainer(cluster: Cluster) -> Iterator[DaskTrainer]:
    made = on_cluster(cluster)
    assert eventually(lambda: not children(), 10)
    yield made
    made.close()
    assert eventually(lambda: not children(), 10)


@pytest.fixture
def big_job(make_job: MakeJob) -> TrainJob:
    return make_job(mixed_table(300), Task.BINARY, max_trials=None, budget_s=600)


def lines(heard: Heard, kind: str) -> list[str]:
    return [line["template"] for line in heard.done.data["receipt"][kind]]


def tried(heard: Heard) -> set[str]:
    return {e.data["family"] for e in list(heard.events) if e.kind is EventKind.TRIAL}


def helper_of(trainer: DaskTrainer) -> str:
    (band,) = trainer._bands.values()
    (helper,) = band.helpers
    return helper.address


def child_on(address: str) -> psutil.Process:
    """The process that trains on the Dask worker that listens at `address`."""
    port = int(address.rsplit(":", 1)[1])
    for process in children():
        parent = process.parent()
        if parent and any(c.laddr.port == port for c in parent.net_connections("tcp")):
            return process
    raise AssertionError("nothing trains there")


def test_one_run_is_searched_by_two_machines(trainer: DaskTrainer, make_job: MakeJob) -> None:
    heard = Heard()
    job = make_job(mixed_table(300), Task.BINARY, max_trials=None, budget_s=45)
    job = replace(job, clicked_at=time.time())
    assert trainer.submit(job, heard).wait(90)
    assert heard.done.data["status"] == "finished"
    assert heard.done.data["best"]
    plan = next(e.data for e in heard.events if e.kind is EventKind.PLAN)
    assert plan["machines"] == 2
    told: list[dict[str, Any]] = [
        line for line in heard.done.data["receipt"]["notes"] if "searched" in line["template"]
    ]
    assert told[0]["params"]["trials"] > 0
    theirs = set(str(told[0]["params"]["families"]).split(", "))
    assert tried(heard) & theirs
    assert tried(heard) - theirs
    numbers = [e.data["number"] for e in heard.events if e.kind is EventKind.TRIAL]
    assert numbers == list(range(1, len(numbers) + 1))
    board = {e.data["family"] for e in heard.events if e.kind is EventKind.CANDIDATE}
    assert tried(heard) <= board


def test_a_killed_helper_is_a_line_in_a_run_that_goes_on(
    trainer: DaskTrainer, big_job: TrainJob
) -> None:
    """Its families are searched by who is left."""
    heard = Heard()
    handle = trainer.submit(big_job, heard)
    heard.wait_for(EventKind.TRIAL)
    child_on(helper_of(trainer)).kill()
    assert eventually(lambda: len(tried(heard)) >= 5, 120)
    handle.stop()
    assert handle.wait(5)
    assert heard.done.data["status"] == "stopped"
    assert any("was lost" in line for line in lines(heard, "left_out"))


@pytest.mark.parametrize("how", ["stop", "cancel"])
def test_who_ends_a_run_ends_its_helpers(trainer: DaskTrainer, big_job: TrainJob, how: str) -> None:
    heard = Heard()
    handle = trainer.submit(big_job, heard)
    heard.wait_for(EventKind.TRIAL)
    assert len(children()) == 2
    getattr(handle, how)()
    assert handle.wait(5)
    assert heard.done.data["status"] == ("stopped" if how == "stop" else "cancelled")
    assert not any("was lost" in line for line in lines(heard, "left_out"))
    assert eventually(lambda: not children(), 5)


def test_a_job_that_comes_takes_the_place_of_a_helper(
    trainer: DaskTrainer, big_job: TrainJob, make_job: MakeJob
) -> None:
    one, two = Heard(), Heard()
    running = trainer.submit(big_job, one)
    one.wait_for(EventKind.TRIAL)
    helper = helper_of(trainer)
    short = make_job(mixed_table(120), Task.BINARY, max_trials=2, run="run_2")
    assert trainer.submit(short, two).wait(60)
    assert two.done.data["status"] == "finished"
    assert eventually(lambda: helper not in trainer._helping())
    assert eventually(lambda: len(tried(one)) >= 5, 60)
    running.stop()
    assert running.wait(5)
    assert any("waiting training" in line for line in lines(one, "left_out"))


def test_a_number_of_trials_is_not_shared_out(trainer: DaskTrainer, make_job: MakeJob) -> None:
    heard = Heard()
    job = make_job(mixed_table(120), Task.BINARY, max_trials=3)
    assert trainer.submit(job, heard).wait(60)
    plan = next(e.data for e in heard.events if e.kind is EventKind.PLAN)
    assert plan["machines"] == 1
    assert heard.done.data["receipt"]["trials"] == 3
