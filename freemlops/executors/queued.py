"""Jobs in the order they came, each in the hands of one worker that can be killed on its own."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace

import structlog

from freemlops.domain.job import JobHandle, OnEvent, TrainJob
from freemlops.domain.run import RunStatus
from freemlops.executors.ledger import Ledger
from freemlops.executors.supervisor import Supervisor, Worker

log = structlog.get_logger(__name__)
IDLE_S = 900.0
"""A prepared worker that nobody uses is let go after this long: it holds some 300 MB."""


class _Handle:
    """A submitted job: waiting, or in the hands of a supervisor."""

    def __init__(self, trainer: QueuedTrainer, job: TrainJob, on_event: OnEvent) -> None:
        self.job = job
        self.on_event = on_event
        self.over = threading.Event()
        self.supervisor: Supervisor | None = None
        self._trainer = trainer

    def stop(self) -> None:
        self._trainer._end(self, "stop")

    def cancel(self) -> None:
        self._trainer._end(self, "cancel")

    def wait(self, timeout: float | None = None) -> bool:
        return self.over.wait(timeout)


class QueuedTrainer:
    """A `Trainer`. `hire` gives a worker at once, though it may still be starting; `room` tells
    how many may work side by side. The other jobs wait in the order they came.

    The budget of a job that had to wait counts from its turn, not from the click.
    """

    def __init__(self, hire: Callable[[], Worker], room: Callable[[], int]) -> None:
        self._hire = hire
        self._room = room
        self._waiting: deque[_Handle] = deque()
        self._running: set[_Handle] = set()
        self._spare: Worker | None = None
        self._closed = False
        self._lock = threading.RLock()

    def submit(self, job: TrainJob, on_event: OnEvent) -> JobHandle:
        handle = _Handle(self, job, on_event)
        with self._lock:
            if self._closed:
                raise RuntimeError("the trainer is closed")
            if len(self._running) < self._room():
                self._begin(handle)
            else:
                self._waiting.append(handle)
                self.warm()  # its clock starts with its turn, and Python's start would count
        return handle

    def warm(self) -> None:
        with self._lock:
            if self._closed or (self._spare is not None and self._spare.alive):
                return
            self._spare = worker = self._hire()
        timer = threading.Timer(IDLE_S, self._release, [worker])
        timer.daemon = True
        timer.start()

    def close(self) -> None:
        """Kill everything. No event is delivered any more."""
        with self._lock:
            self._closed = True
            handles = [*self._running, *self._waiting]
            self._waiting.clear()
            spare, self._spare = self._spare, None
        if spare is not None:
            spare.kill()
        for handle in handles:
            if handle.supervisor is not None:
                handle.supervisor.abandon()
            handle.over.set()

    def _begin(self, handle: _Handle) -> None:
        self._running.add(handle)
        worker = self._take_worker()
        handle.supervisor = Supervisor(handle.job, worker, handle.on_event)
        self._begun(handle.job, worker)
        threading.Thread(
            target=self._oversee, args=[handle], name=f"train-{handle.job.run}", daemon=True
        ).start()

    def _begun(self, job: TrainJob, worker: Worker) -> None:
        """`job` goes to `worker` now. For who has more to give it."""

    def _ended(self, job: TrainJob) -> None:
        """`job` is over or about to be: what else it was given comes back. May come twice."""

    def _take_worker(self) -> Worker:
        spare, self._spare = self._spare, None
        return spare if spare is not None and spare.alive else self._hire()

    def _oversee(self, handle: _Handle) -> None:
        assert handle.supervisor is not None
        try:
            handle.supervisor.run()
        finally:
            self._ended(handle.job)
            with self._lock:
                self._running.discard(handle)
                if self._waiting and not self._closed:
                    following = self._waiting.popleft()
                    following.job = replace(following.job, clicked_at=time.time())
                    self._begin(following)
                    if self._waiting:
                        self.warm()
            handle.over.set()

    def _end(self, handle: _Handle, reason: str) -> None:
        with self._lock:
            waiting = handle in self._waiting
            if waiting:
                self._waiting.remove(handle)
        if waiting:
            done = Ledger(handle.job).done(RunStatus.CANCELLED, None)
            before = handle.job.earlier.events if handle.job.earlier else 0
            handle.on_event(handle.job.run, replace(done, seq=before + 1))
            handle.over.set()
        elif handle.supervisor is not None:
            self._ended(handle.job)
            handle.supervisor.ask(reason)

    def _release(self, worker: Worker) -> None:
        with self._lock:
            if self._spare is not worker:
                return
            self._spare = None
        worker.kill()
