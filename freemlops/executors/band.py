"""The machines that search one run side by side: passes on what leader and helpers say."""

from __future__ import annotations

import threading

from freemlops.domain.job import TrainJob
from freemlops.engine.party import Dismiss, Left, News, Order, Recruited, Share
from freemlops.executors.remote import RemoteWorker


class Band:
    """One leader and its helpers. The leader is told when a helper ends before the search does."""

    def __init__(self, leader: RemoteWorker) -> None:
        self.leader = leader
        self._helpers: dict[str, RemoteWorker] = {}
        self._yielded: set[str] = set()
        self._over = False
        self._lock = threading.Lock()
        leader.on_said = self._order

    @property
    def helpers(self) -> list[RemoteWorker]:
        with self._lock:
            return list(self._helpers.values())

    def recruit(self, worker: RemoteWorker, job: TrainJob) -> None:
        """At most one on a machine: it is named by its address."""
        name = worker.address
        with self._lock:
            self._helpers[name] = worker
        self.leader.tell(Recruited(name))
        worker.on_said = lambda said: self._hear(name, said)
        worker.help(job)

    def give_up(self, machine: str) -> None:
        """The helper on `machine`, if there is one, makes room for another job."""
        with self._lock:
            worker = self._helpers.get(machine)
            if worker is None or not worker.alive:
                return
            self._yielded.add(machine)
        worker.kill()

    def dissolve(self) -> None:
        self._over = True  # who is sent away now is not lost
        for worker in self.helpers:
            worker.kill()

    def _hear(self, name: str, said: Order | News | None) -> None:
        if self._over:
            return
        if said is None:
            self.leader.tell(Left(name, name in self._yielded))
        elif not isinstance(said, Share | Dismiss):
            self.leader.tell(said)

    def _order(self, said: Order | News | None) -> None:
        match said:
            case Share():
                worker = self._helpers.get(said.name)
                if worker is not None:
                    worker.tell(said)
            case Dismiss(None) | None:
                self.dissolve()
            case Dismiss():
                worker = self._helpers.get(said.name or "")
                if worker is not None:
                    worker.kill()
            case _:
                pass
