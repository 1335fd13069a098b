"""Runs jobs on the machines of a Dask cluster: one job a Dask worker, many side by side.

Machines without a job of their own help in the search of one, until a job needs them.
"""

from __future__ import annotations

import threading
from typing import Any

from distributed import Client

from freemlops.domain.errors import ConflictError
from freemlops.domain.job import TrainJob
from freemlops.executors.band import Band
from freemlops.executors.queued import QueuedTrainer
from freemlops.executors.remote import RemoteWorker
from freemlops.executors.supervisor import Worker

CONNECT_S = 10.0
LEAVE_S = 3.0
MOST_HELPERS = 5
"""Of one run: with its leader as many as there are families."""


class DaskTrainer(QueuedTrainer):
    """A `Trainer` over the cluster whose scheduler listens at `address`.

    Each machine needs Free MLOps in this version. A machine that goes away ends its job with
    what it had sent; the other jobs go on. Raises `ConflictError` when nobody answers there.
    """

    def __init__(self, address: str) -> None:
        try:
            connect: Any = Client  # which has no types
            self._client = connect(address, timeout=CONNECT_S)
        except (OSError, TimeoutError, ValueError) as error:
            raise ConflictError(
                "No Dask scheduler answers at {address}. Start one, or unset FREEMLOPS_EXECUTOR.",
                address=address,
            ) from error
        self._hired: list[RemoteWorker] = []
        self._bands: dict[str, Band] = {}
        self._hiring = threading.Lock()
        super().__init__(self._next, lambda: max(1, len(self._machines())))

    def close(self) -> None:
        super().close()
        with self._hiring:
            bands, self._bands = list(self._bands.values()), {}
        for band in bands:
            band.dissolve()
        for worker in (*self._hired, *(h for band in bands for h in band.helpers)):
            worker.left(LEAVE_S)
        self._client.close()

    def _machines(self) -> list[str]:
        return list(self._client.scheduler_info(n_workers=-1)["workers"])

    def _next(self) -> RemoteWorker:
        """A worker on the machine that has the least to do."""
        with self._hiring:
            self._hired = [w for w in self._hired if w.alive]
            busy = [w.address for w in self._hired]
            helping = self._helping()
            machines = self._machines() or [""]
            free = min(machines, key=lambda m: (busy.count(m), helping.count(m)))
            made = RemoteWorker(self._client, free)
            self._hired.append(made)
        return made

    def _helping(self) -> list[str]:
        """The machines that help in a job that another one leads."""
        return [h.address for band in self._bands.values() for h in band.helpers if h.alive]

    def _begun(self, job: TrainJob, worker: Worker) -> None:
        """Machines that have nothing to do help in the job, whose own place goes before helping.

        Not with a number of trials: the board must not depend on the machines then.
        """
        assert isinstance(worker, RemoteWorker)
        with self._hiring:
            for band in self._bands.values():
                band.give_up(worker.address)
            self._bands[job.run] = band = Band(worker)
            if job.spec.max_trials is not None:
                return
            taken = {*self._helping(), *(b.leader.address for b in self._bands.values())}
            idle = [m for m in self._machines() if m not in taken]
            for machine in idle[:MOST_HELPERS]:
                band.recruit(RemoteWorker(self._client, machine), job)

    def _ended(self, job: TrainJob) -> None:
        with self._hiring:
            band = self._bands.pop(job.run, None)
        if band is not None:
            band.dissolve()
