"""Runs jobs on the machines of a Dask cluster: one job a Dask worker, many side by side."""

from __future__ import annotations

import threading
from typing import Any

from distributed import Client

from freemlops.domain.errors import ConflictError
from freemlops.executors.queued import QueuedTrainer
from freemlops.executors.remote import RemoteWorker

CONNECT_S = 10.0
LEAVE_S = 3.0


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
        self._hiring = threading.Lock()
        super().__init__(self._next, lambda: max(1, len(self._machines())))

    def close(self) -> None:
        super().close()
        for worker in self._hired:
            worker.left(LEAVE_S)
        self._client.close()

    def _machines(self) -> list[str]:
        return list(self._client.scheduler_info(n_workers=-1)["workers"])

    def _next(self) -> RemoteWorker:
        """A worker on the machine that has the least to do."""
        with self._hiring:
            self._hired = [w for w in self._hired if w.alive]
            busy = [w.address for w in self._hired]
            machines = self._machines() or [""]
            made = RemoteWorker(self._client, min(machines, key=busy.count))
            self._hired.append(made)
        return made
