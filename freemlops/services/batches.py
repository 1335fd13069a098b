"""Files scored by an endpoint: one at a time, followed from outside, kept for a while."""

from __future__ import annotations

import asyncio
import queue
import secrets
import shutil
import threading
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from freemlops.domain.errors import (
    CancelledError,
    ConflictError,
    FreeMLOpsError,
    NotFoundError,
    TooLargeError,
    UnavailableError,
)
from freemlops.domain.model import ModelVersion
from freemlops.i18n import Translator
from freemlops.services.learnt_reading import Learnt
from freemlops.services.models import ModelService
from freemlops.services.names import clean_filename
from freemlops.services.predictions import PredictionService
from freemlops.services.scratch import Scratch
from freemlops.services.uploads import PIECE_BYTES, SPACE_EVERY, UploadService, empty, pour
from freemlops.serving.model import ServedModel
from freemlops.warehouse.warehouse import Warehouse

if TYPE_CHECKING:
    from freemlops.services.batch_scoring import Progress

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class BatchLimits:
    """Of one file: `rows` and `bytes`. `files` wait or are scored at a time, and more are refused,
    for each takes room on the disk. An answer can be fetched for `kept_s` seconds."""

    rows: int = 20_000_000
    bytes: int = 16 * 1024**3
    files: int = 20
    kept_s: float = 3600.0


class BatchState(StrEnum):
    WAITING = "waiting"
    SCORING = "scoring"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(slots=True)
class Batch:
    """One file. `progress` counts its rows; `error` says why it failed. The answer can be fetched
    for `kept_s` seconds after it was last touched."""

    id: str
    endpoint: str
    filename: str
    folder: Path
    t: Translator
    progress: Progress
    model: ServedModel
    kept_s: float
    state: BatchState = BatchState.WAITING
    error: FreeMLOpsError | None = None
    touched: float = field(default_factory=time.monotonic)
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def source(self) -> Path:
        return self.folder / "file"

    @property
    def result(self) -> Path:
        return self.folder / "result.csv"

    @property
    def result_name(self) -> str:
        stem = self.filename.partition(".")[0] or "file"
        return f"{stem}-{self.endpoint}.csv"


class BatchService:
    """Thread-safe. Answers live as long as the limits say, and no longer than the process."""

    def __init__(
        self,
        warehouse: Warehouse,
        predictions: PredictionService,
        models: ModelService,
        uploads: UploadService,
        scratch: Scratch,
        limits: BatchLimits,
    ) -> None:
        self._limits = limits
        self._runs, self._datasets = warehouse.runs, warehouse.datasets
        self._predictions = predictions
        self._models = models
        self._uploads = uploads
        self._scratch = scratch
        self._lock = threading.Lock()
        self._batches: dict[str, Batch] = {}
        self._queue: queue.SimpleQueue[Batch] = queue.SimpleQueue()
        # One at a time: a batch takes memory and a core, and requests go before it. A daemon, for
        # the first look at a large file can't be stopped and must not hold up the end.
        self._thread = threading.Thread(target=self._loop, name="batch", daemon=True)
        self._thread.start()

    async def receive(
        self, endpoint: str, filename: str, chunks: AsyncIterator[bytes], size: int, t: Translator
    ) -> Batch:
        """Take in a file as it comes and score it. `size` is what was announced, or 0.

        Raises `NotFoundError`, `UnavailableError` (paused, too many), `TooLargeError`,
        `StorageFullError`, `UnreadableFileError` for no bytes at all.
        """
        batch = await asyncio.to_thread(self._begin, endpoint, filename, size, t)

        def count(received: int) -> None:
            self._check_size(received)
            if received % SPACE_EVERY < PIECE_BYTES:
                self._scratch.check_space(received)

        try:
            with batch.source.open("wb") as file:
                received = await pour(chunks, file, count)
            if not received:
                raise empty()
        except BaseException:  # the caller going away, too: nothing may stay on the disk
            self._forget(batch)
            raise
        return self._put(batch)

    def take(self, endpoint: str, upload: str, t: Translator) -> Batch:
        """Score an upload that is whole. Raises what `receive` does, and `ConflictError`."""
        known = self._uploads.get(upload)
        batch = self._begin(endpoint, known.filename, known.size, t)
        try:
            self._uploads.hand_over(upload, batch.source)
        except BaseException:  # the caller going away, too: nothing may stay on the disk
            self._forget(batch)
            raise
        return self._put(batch)

    def get(self, endpoint: str, id: str) -> Batch:
        with self._lock:
            found = self._batches.get(id)
        if found is None or found.endpoint != endpoint:
            raise NotFoundError(
                "This file is not known (any more): answers are kept for {minutes} min. Send it "
                "again.",
                minutes=round(self._limits.kept_s / 60),
            )
        return found

    def result(self, endpoint: str, id: str) -> Batch:
        """A batch whose answer is whole. Raises why it is not."""
        found = self.get(endpoint, id)
        if found.error is not None:
            raise found.error
        if found.state is not BatchState.DONE:
            raise ConflictError("This file is not scored yet. Ask again in a moment.")
        found.touched = time.monotonic()
        return found

    def cancel(self, endpoint: str, id: str) -> None:
        """End it, and forget its answer."""
        found = self.get(endpoint, id)
        found.progress.cancel()
        if found.over.is_set() or found.state is BatchState.WAITING:
            self._forget(found)

    def close(self) -> None:
        """End them all; does not wait."""
        with self._lock:
            every = list(self._batches.values())
        for batch in every:
            batch.progress.cancel()

    def _begin(self, endpoint: str, filename: str, size: int, t: Translator) -> Batch:
        from freemlops.services.batch_scoring import Progress

        self._check_size(size)
        model = self._predictions.find(endpoint).champion.model
        self._drop_old()
        self._scratch.check_space(size * 3)
        with self._lock:
            if sum(not b.over.is_set() for b in self._batches.values()) >= self._limits.files:
                raise UnavailableError("Too many files are being scored. Try again later.")
            made = Batch(
                id=secrets.token_hex(16),
                endpoint=endpoint,
                filename=clean_filename(filename, "rows.csv"),
                folder=self._scratch.keep(),
                t=t,
                progress=Progress(),
                model=model,
                kept_s=self._limits.kept_s,
            )
            self._batches[made.id] = made
        return made

    def _put(self, batch: Batch) -> Batch:
        self._queue.put(batch)
        return batch

    def _loop(self) -> None:
        while True:
            self._score(self._queue.get())

    def _score(self, batch: Batch) -> None:
        from freemlops.services.batch_scoring import RowFile, score_file

        try:
            batch.progress.step(0)
            batch.state = BatchState.SCORING
            version = self._models.get(batch.model.model, batch.model.version)
            learnt = self._learnt(version)
            file = RowFile(batch.source, batch.filename, batch.folder)
            with batch.result.open("wb") as out:
                score_file(
                    batch.model, file, out, learnt, batch.t, batch.progress, self._limits.rows
                )
            batch.state = BatchState.DONE
        except CancelledError:
            batch.state = BatchState.CANCELLED
            self._forget(batch)
        except FreeMLOpsError as error:
            batch.state, batch.error = BatchState.FAILED, error
        except Exception as error:  # whoever waits for it must hear that it is over
            log.error("batch_failed", batch=batch.id, endpoint=batch.endpoint, exc_info=error)
            batch.state = BatchState.FAILED
            batch.error = FreeMLOpsError(
                "This was a fault of Free MLOps, not yours. Its log has the details, under {id}.",
                id=batch.id,
            )
        finally:
            batch.source.unlink(missing_ok=True)
            batch.touched = time.monotonic()
            batch.over.set()

    def _learnt(self, version: ModelVersion) -> Learnt:
        """Without its data, of an imported version or a deleted dataset, only the types."""
        types = {c.name: c.type for c in version.signature.columns}
        try:
            run = self._runs.get(version.run)
            data = self._datasets.get(run.spec.dataset, run.spec.version)
        except NotFoundError:
            return Learnt(types)
        return Learnt(types, {note.code for note in data.notes})

    def _drop_old(self) -> None:
        now = time.monotonic()
        with self._lock:
            old = [
                b for b in self._batches.values() if b.over.is_set() and now - b.touched > b.kept_s
            ]
        for batch in old:
            self._forget(batch)

    def _forget(self, batch: Batch) -> None:
        with self._lock:
            self._batches.pop(batch.id, None)
        batch.progress.cancel()
        batch.over.set()
        shutil.rmtree(batch.folder, ignore_errors=True)

    def _check_size(self, size: int) -> None:
        if size > self._limits.bytes:
            raise TooLargeError(
                "The file is larger than {limit} MB. Cut it into parts.",
                limit=self._limits.bytes // 1024**2,
            )
