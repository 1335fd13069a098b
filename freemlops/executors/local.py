"""Runs jobs in child processes of this machine."""

from __future__ import annotations

from freemlops.executors.process import ChildWorker
from freemlops.executors.queued import QueuedTrainer


class LocalTrainer(QueuedTrainer):
    """A `Trainer`; at most `max_parallel` jobs run at once."""

    def __init__(self, max_parallel: int = 1) -> None:
        super().__init__(ChildWorker, lambda: max_parallel)
