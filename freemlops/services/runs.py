"""Runs: start one, follow it, stop it; its events become the history in the warehouse."""

from __future__ import annotations

import shutil
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import structlog

from freemlops.domain.dataset import DatasetVersion
from freemlops.domain.errors import ConflictError, FreeMLOpsError, NotFoundError
from freemlops.domain.goal import check_spec
from freemlops.domain.job import JobHandle, Trainer, TrainJob
from freemlops.domain.model import Artifact, Signature
from freemlops.domain.page import Page
from freemlops.domain.ranking import rank
from freemlops.domain.run import (
    Candidate,
    Event,
    EventKind,
    Phase,
    Run,
    RunStatus,
    Trial,
    new_run_id,
)
from freemlops.domain.words import Message, say
from freemlops.services.changes import Changes
from freemlops.services.recorder import Recorder
from freemlops.services.run_request import RunRequest, spec_of
from freemlops.services.warm_start import warmth_for
from freemlops.warehouse import Warehouse

log = structlog.get_logger(__name__)


AGAIN_S = 2.0
"""Between two attempts to store the end of a run, when the disk is full."""


@dataclass(frozen=True, slots=True)
class TrainerLimits:
    """What one training may use of this machine."""

    threads: int
    memory_limit_bytes: int | None


class RunService:
    """Blocking and thread-safe. Events of a run arrive on the trainer's thread, in order."""

    def __init__(
        self,
        warehouse: Warehouse,
        trainer: Trainer,
        jobs: Path,
        changes: Changes,
        limits: TrainerLimits,
    ) -> None:
        self._warehouse = warehouse
        self._store = warehouse.runs
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

    def _queue(self, run: Run, data: DatasetVersion, clicked: float, *, warm: bool) -> None:
        with self._lock:
            self._over[run.id] = threading.Event()
        self._changes.bump("runs", f"run:{run.id}")
        self._preparing.submit(self._prepare, run, data, clicked, warm)

    def _prepare(self, run: Run, data: DatasetVersion, clicked: float, warm: bool) -> None:
        """Hand the data and the job to the trainer; a failure here ends the run, said in words."""
        folder = self._jobs / run.id
        try:
            folder.mkdir(parents=True)
            path = folder / "data.arrow"
            self._warehouse.datasets.write_ipc(data.dataset, data.version, path)
            work = folder / "work"
            work.mkdir()
            job = TrainJob(
                run=run.id,
                spec=run.spec,
                columns=data.columns,
                data=path,
                workdir=work,
                clicked_at=clicked,
                threads=self._limits.threads,
                memory_limit_bytes=self._limits.memory_limit_bytes,
                data_sha256=data.sha256,
                warmth=warmth_for(self._store, run.spec) if warm else None,
            )
            with self._lock:
                if self._early.pop(run.id, None) is None:
                    self._handles[run.id] = self._trainer.submit(job, self._on_event)
                    return
            self._end(run.id, RunStatus.CANCELLED, None)
        except FreeMLOpsError as error:
            self._end(run.id, RunStatus.FAILED, error.message)
        except Exception:  # nothing else would ever tell the person that the run will not start
            log.exception("run_prepare_failed", run=run.id)
            self._end(
                run.id,
                RunStatus.FAILED,
                say("The training could not be started. The log has the details."),
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

    def _end(self, run: str, status: RunStatus, error: Message | None) -> None:
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

    def get(self, run: str) -> Run:
        return self._store.get(run)

    def latest(self, limit: int = 50, cursor: str | None = None) -> Page[Run]:
        return self._store.latest(limit, cursor)

    def candidates(self, run: str) -> tuple[Candidate, ...]:
        """The leaderboard: the run's best, then the others by its metric on the holdout."""
        found = self._store.get(run)
        return rank(self._store.candidates(run), found.spec.metric, found.best)

    def trials(self, run: str) -> tuple[Trial, ...]:
        return self._store.trials(run)

    def events(self, run: str, after: int = 0, limit: int = 1000) -> tuple[Event, ...]:
        return self._store.events(run, after, limit)

    def signature(self, run: str) -> Signature:
        return self._store.signature(run)

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

    def artifact(self, run: str, candidate: str, format: str) -> tuple[Artifact, bytes]:
        """A stored export of a candidate, its checksum verified."""
        found = self._store.artifacts(run, candidate).get(format)
        if found is None:
            raise NotFoundError(
                "This candidate has no export in the format “{format}”.", format=format
            )
        return found, self._warehouse.artifacts.read(found.sha256)

    def close(self) -> None:
        self._closed.set()
        self._preparing.shutdown(wait=False, cancel_futures=True)
        self._trainer.close()
