"""Runs: start one, follow it, stop it; its events become the history in the warehouse."""

from __future__ import annotations

import shutil
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import structlog

from freemlops.domain.dataset import DatasetVersion
from freemlops.domain.errors import ConflictError, FreeMLOpsError, NotFoundError
from freemlops.domain.goal import check_budget, check_spec
from freemlops.domain.job import Earlier, JobHandle, Trainer
from freemlops.domain.ranking import rank
from freemlops.domain.run import (
    Continued,
    Event,
    EventKind,
    Phase,
    Run,
    RunStatus,
    new_run_id,
)
from freemlops.domain.words import Message, say
from freemlops.services.changes import Changes
from freemlops.services.going_on import earlier_of, time_left, used_by, why_not
from freemlops.services.recorder import Recorder
from freemlops.services.run_job import TrainerLimits, job_of
from freemlops.services.run_reading import RunReading
from freemlops.services.run_request import RunRequest, spec_of
from freemlops.services.warm_start import warmth_for
from freemlops.warehouse.warehouse import Warehouse

log = structlog.get_logger(__name__)


SETTLE_S = 5.0
"""A run that has just ended is cleared away within this."""
AGAIN_S = 2.0
"""Between two attempts to store the end of a run, when the disk is full."""


class RunService(RunReading):
    """Blocking and thread-safe. Events of a run arrive on the trainer's thread, in order."""

    def __init__(
        self,
        warehouse: Warehouse,
        trainer: Trainer,
        jobs: Path,
        changes: Changes,
        limits: TrainerLimits,
    ) -> None:
        super().__init__(warehouse)
        self._trainer = trainer
        self._jobs = jobs
        self._changes = changes
        self._limits = limits
        self._handles: dict[str, JobHandle] = {}
        self._over: dict[str, threading.Event] = {}
        self._early: dict[str, str] = {}
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._preparing = ThreadPoolExecutor(2, "prepare")
        self._recorder = Recorder(warehouse, changes)
        self.recover()

    def start(self, request: RunRequest) -> Run:
        """Queue a run and return at once; reading the data goes on behind.

        Raises `NotFoundError` (dataset) and `InvalidError` (what cannot be trained).
        """
        clicked = time.time()
        data = self._warehouse.datasets.get(request.dataset, request.version)
        spec = spec_of(request, data)
        check_spec(spec, data.columns, data.rows)
        now = datetime.now(UTC)
        run = Run(
            id=new_run_id(now),
            spec=spec,
            dataset_name=data.name,
            status=RunStatus.QUEUED,
            phase=Phase.WAITING,
            progress=0.0,
            created_at=now,
        )
        self._store.add(run)
        self._queue(run, data, clicked, warm=request.warm_start)
        return run

    def expect(self) -> None:
        """A training is likely soon: what takes time to start is started. Returns at once."""
        self._trainer.warm()

    def go_on(self, run: str, budget_s: float | None = None) -> Run:
        """Give a run that is over more time, from where it ended; it only gets better.

        Without `budget_s` an interrupted run gets what it had left. Raises `ConflictError` for a
        run that can't go on, `NotFoundError` when it or its data is gone, and `InvalidError`.
        """
        clicked = time.time()
        self.wait(run, SETTLE_S)
        known = self._store.get(run)
        refused = why_not(known)
        if refused is not None:
            raise refused
        data = self._warehouse.datasets.get(known.spec.dataset, known.spec.version)
        used = used_by(self._warehouse, known)
        if budget_s is None:
            interrupted = known.status is RunStatus.INTERRUPTED
            budget_s = time_left(known, used) if interrupted else known.spec.budget_s
        check_budget(budget_s)
        earlier = earlier_of(self._warehouse, known)
        asked = earlier.receipt.asked_s + budget_s
        with self._lock:
            if run in self._over:
                raise ConflictError("This training is still going on.")
            self._over[run] = threading.Event()
        self._store.go_on(run, asked, Continued(datetime.now(UTC), budget_s, used))
        self._changes.bump("runs", f"run:{run}")
        spec = replace(known.spec, budget_s=budget_s)
        again = replace(known, spec=spec)
        self._preparing.submit(self._prepare, again, data, clicked, False, earlier, known)
        return self._store.get(run)

    def _queue(self, run: Run, data: DatasetVersion, clicked: float, *, warm: bool) -> None:
        with self._lock:
            self._over[run.id] = threading.Event()
        self._changes.bump("runs", f"run:{run.id}")
        self._preparing.submit(self._prepare, run, data, clicked, warm)

    def _prepare(
        self,
        run: Run,
        data: DatasetVersion,
        clicked: float,
        warm: bool,
        earlier: Earlier | None = None,
        before: Run | None = None,
    ) -> None:
        """Hand the data and the job to the trainer; a failure here ends the run, said in words.

        `before` is the run as it was before it was asked to go on from `earlier`.
        """
        try:
            self._trainer.warm()  # it starts while the data is being written
            folder = self._jobs / run.id
            job = job_of(self._warehouse, self._limits, run, data, folder, clicked)
            warmth = warmth_for(self._store, run.spec) if warm else None
            job = replace(job, warmth=warmth, earlier=earlier)
            with self._lock:
                if self._early.pop(run.id, None) is None:
                    self._handles[run.id] = self._trainer.submit(job, self._on_event)
                    return
            self._end(run.id, RunStatus.CANCELLED, None, before)
        except FreeMLOpsError as error:
            self._end(run.id, RunStatus.FAILED, error.message, before)
        except Exception:  # nothing else would ever tell the person that the run will not start
            log.exception("run_prepare_failed", run=run.id)
            self._end(
                run.id,
                RunStatus.FAILED,
                say("The training could not be started. The log has the details."),
                before,
            )

    def _on_event(self, run: str, event: Event) -> None:
        """The end is told again until it is stored: a run must not seem to train for ever."""
        stored = self._recorder.record(run, event)
        if event.kind is not EventKind.DONE:
            return
        if stored:
            self._clear(run)
        elif not self._closed.is_set():
            again = threading.Timer(AGAIN_S, self._on_event, (run, event))
            again.daemon = True
            again.start()

    def _end(
        self, run: str, status: RunStatus, error: Message | None, before: Run | None = None
    ) -> None:
        """Of a run that did not begin, or did not begin again: that one is as it was `before`."""
        if before is not None:
            self._store.give_back(replace(before, error=error or before.error))
            self._clear(run)
            return
        self._store.update(
            run,
            status=status,
            phase=Phase.DONE,
            progress=1.0,
            finished_at=datetime.now(UTC),
            error=error,
        )
        self._clear(run)

    def _clear(self, run: str) -> None:
        shutil.rmtree(self._jobs / run, ignore_errors=True)
        with self._lock:
            self._handles.pop(run, None)
            over = self._over.pop(run, None)
        self._changes.bump("runs", f"run:{run}")
        if not self._closed.is_set():
            self.expect()  # who has trained once may do it again
        if over is not None:
            over.set()

    def recover(self) -> None:
        """What the last process left behind: a run that trained is interrupted, its best
        candidate kept; one that still waited for its turn waits again."""
        shutil.rmtree(self._jobs, ignore_errors=True)
        for run in self._store.unfinished():
            if run.status is RunStatus.QUEUED and not self._store.events(run.id, limit=1):
                self._queue_again(run)
            else:
                self._interrupt(run)

    def _interrupt(self, run: Run) -> None:
        board = rank(self._store.candidates(run.id), run.spec.metric, run.best)
        self._store.update(
            run.id,
            status=RunStatus.INTERRUPTED,
            phase=Phase.DONE,
            finished_at=datetime.now(UTC),
            best=board[0].id if board else None,
            error=say(
                "Free MLOps was closed while this run was training. "
                "What had been trained until then is kept."
            ),
        )

    def _queue_again(self, run: Run) -> None:
        """Its budget counts from now on: nobody saw the time that it lost."""
        try:
            data = self._warehouse.datasets.get(run.spec.dataset, run.spec.version)
        except NotFoundError as error:
            self._end(run.id, RunStatus.FAILED, error.message)
            return
        log.info("run_queued_again", run=run.id)
        self._queue(run, data, time.time(), warm=False)  # what was asked is not known any more

    def stop(self, run: str) -> None:
        """Keep the best so far. Raises `ConflictError` when the run is over."""
        self._signal(run, keep=True)

    def cancel(self, run: str) -> None:
        """Keep nothing. Raises `ConflictError` when the run is over."""
        self._signal(run, keep=False)

    def _signal(self, run: str, *, keep: bool) -> None:
        status = self._store.get(run).status
        with self._lock:
            handle = self._handles.get(run)
            if handle is None and not status.is_over and run in self._over:
                self._early[run] = "stop"  # not handed over yet: nothing to keep
                return
        if status.is_over or handle is None:
            raise ConflictError("This run is already over.")
        if keep:
            handle.stop()
        else:
            handle.cancel()

    def wait(self, run: str, timeout: float | None = None) -> bool:
        """True when the run is over; waits at most `timeout` seconds."""
        with self._lock:
            over = self._over.get(run)
        return over.wait(timeout) if over is not None else self.get(run).status.is_over

    def close(self) -> None:
        self._closed.set()
        self._preparing.shutdown(wait=False, cancel_futures=True)
        self._trainer.close()
