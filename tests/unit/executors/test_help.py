"""A leader and a helper, two real worker processes, and this test between them."""

from __future__ import annotations

import contextlib
import queue
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from freemlops.domain.run import Event, EventKind, Task
from freemlops.engine.party import Dismiss, Found, Help, Left, Recruited
from freemlops.executors.process import ChildWorker
from tests.unit.engine.conftest import MakeJob, make_job, mixed_table

__all__ = ["make_job"]


class Pair:
    """Passes on what the two say, until the leader is done."""

    def __init__(self) -> None:
        self.leader, self.helper = ChildWorker(), ChildWorker()
        self.events: list[Event] = []
        self.found: list[Found] = []

    def run(self, lose_after: int | None = None) -> None:
        """The helper is killed after `lose_after` trials."""
        gone = False
        while not self._is_over:
            for said in _drain(self.helper):
                if said is None:
                    gone = True
                    self.leader.tell(Left("far"))
                    continue
                self.leader.tell(said)
                if isinstance(said, Found):
                    self.found.append(said)
            for said in _drain(self.leader):
                if said is None:
                    assert self._is_over, list(self.leader.last_words)
                elif isinstance(said, Event):
                    self.events.append(said)
                elif isinstance(said, Dismiss):
                    self.helper.kill()
                else:
                    self.helper.tell(said)
            if not gone and lose_after is not None and len(self.found) >= lose_after:
                self.helper.kill()
            time.sleep(0.02)

    @property
    def _is_over(self) -> bool:
        return bool(self.events) and self.events[-1].kind is EventKind.DONE

    def trials(self) -> list[dict[str, Any]]:
        return [dict(e.data) for e in self.events if e.kind is EventKind.TRIAL]


def _drain(worker: ChildWorker) -> Iterator[Any]:
    with contextlib.suppress(queue.Empty):
        while True:
            yield worker.events.get_nowait()


@pytest.fixture
def pair() -> Iterator[Pair]:
    made = Pair()
    yield made
    made.leader.kill()
    made.helper.kill()


def begin(pair: Pair, make_job: MakeJob, budget_s: float) -> None:
    job = make_job(mixed_table(300), Task.BINARY, max_trials=None, budget_s=budget_s)
    job = replace(job, clicked_at=time.time())
    pair.leader.tell(Recruited("far"))
    pair.helper.tell(Help(job, "far"))
    pair.leader.train(job)


def test_two_processes_search_one_run_and_every_family_is_tried(
    pair: Pair, make_job: MakeJob
) -> None:
    begin(pair, make_job, 40)
    pair.run()
    theirs = {f.unwrap().family for f in pair.found}
    trials = pair.trials()
    assert len(theirs) >= 2
    assert {t["family"] for t in trials} - theirs
    assert [t["number"] for t in trials] == list(range(1, len(trials) + 1))
    done = pair.events[-1].data
    assert done["status"] == "finished"
    assert any("searched {families}" in n["template"] for n in done["receipt"]["notes"])
    plan = next(e.data for e in pair.events if e.kind is EventKind.PLAN)
    assert plan["machines"] == 2
    board = {e.data["family"] for e in pair.events if e.kind is EventKind.CANDIDATE}
    assert theirs & board


def test_the_families_of_a_helper_that_died_are_searched_on_by_the_leader(
    pair: Pair, make_job: MakeJob
) -> None:
    begin(pair, make_job, 70)
    pair.run(lose_after=1)
    done = pair.events[-1].data
    assert done["status"] == "finished"
    assert any("was lost" in line["template"] for line in done["receipt"]["left_out"])
    tried = {t["family"] for t in pair.trials()}
    assert len(tried) >= 5
