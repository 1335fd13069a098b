"""Uploads in pieces: each begins where the one before it ended, so a broken line costs one."""

from __future__ import annotations

import asyncio
import secrets
import shutil
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import IO

from freemlops.domain.dataset import DatasetVersion
from freemlops.domain.errors import (
    ConflictError,
    NotFoundError,
    TooLargeError,
    UnavailableError,
    UnreadableFileError,
)
from freemlops.domain.reading import Origin
from freemlops.services.intake import IntakeService, Watch
from freemlops.services.names import clean_filename, clean_name

SPACE_EVERY = 64 * 1024**2
"""Bytes between two looks at the free space while a file comes in."""
PIECE_BYTES = 1024**2
IDLE_S = 3600.0
MOST_OPEN = 100
MOST_BYTES = 1024**4


class UploadState(StrEnum):
    RECEIVING = "receiving"
    READING = "reading"


@dataclass(slots=True)
class Upload:
    """A file on its way in: `offset` bytes of `size` are here, `rows` of it are stored."""

    id: str
    name: str
    filename: str
    size: int
    folder: Path
    offset: int = 0
    touched: float = field(default_factory=time.monotonic)
    busy: threading.Lock = field(default_factory=threading.Lock)
    watch: Watch | None = None

    @property
    def path(self) -> Path:
        return self.folder / "upload"

    @property
    def state(self) -> UploadState:
        return UploadState.READING if self.watch else UploadState.RECEIVING

    @property
    def rows(self) -> int:
        return self.watch.rows if self.watch else 0


class UploadService:
    """Thread-safe. Uploads live until they are finished, cancelled, idle for an hour, or until
    the process ends."""

    def __init__(self, intake: IntakeService) -> None:
        self._intake = intake
        self._scratch = intake.scratch
        self._lock = threading.Lock()
        self._uploads: dict[str, Upload] = {}

    def begin(self, name: str, filename: str, size: int) -> Upload:
        """Raises `StorageFullError`, `TooLargeError`, `UnreadableFileError` without any bytes, and
        `UnavailableError` when too many are open."""
        self._drop_idle()
        if size == 0:
            raise empty()
        if size > MOST_BYTES:
            raise TooLargeError("The file is larger than a terabyte.")
        filename = clean_filename(filename, f"{name or 'upload'}.csv")
        name = clean_name(name or Path(filename).stem)
        self._scratch.check_space(size * 3)
        with self._lock:
            if len(self._uploads) >= MOST_OPEN:
                raise UnavailableError("Too many uploads are open. Finish or cancel some first.")
            made = Upload(secrets.token_hex(16), name, filename, size, self._scratch.keep())
            made.path.touch()
            self._uploads[made.id] = made
        return made

    def get(self, id: str) -> Upload:
        with self._lock:
            found = self._uploads.get(id)
        if found is None:
            raise NotFoundError(
                "This upload is not known (any more). Start again by sending the file once more."
            )
        return found

    async def append(self, id: str, offset: int, chunks: AsyncIterator[bytes]) -> Upload:
        """Add bytes that begin at `offset`; what arrives before a broken line is kept.

        Raises `ConflictError` when that is not where the last piece ended, or while another
        piece is coming in; `TooLargeError` over the size that was announced.
        """
        upload = self.get(id)
        if not upload.busy.acquire(blocking=False):
            raise ConflictError("Another piece of this upload is coming in at this moment.")
        try:
            if offset != upload.offset:
                raise ConflictError(
                    "The upload has {offset} bytes. Go on from there.", offset=upload.offset
                )
            await self._take(upload, chunks)
        finally:
            upload.touched = time.monotonic()
            upload.busy.release()
        return upload

    async def _take(self, upload: Upload, chunks: AsyncIterator[bytes]) -> None:
        begun = upload.offset

        def count(received: int) -> None:
            if begun + received > upload.size:
                raise TooLargeError("More bytes came than the upload announced.")
            if received % SPACE_EVERY < PIECE_BYTES:
                self._scratch.check_space(upload.size - begun - received)

        with upload.path.open("r+b") as file:
            file.seek(begun)
            try:
                await pour(chunks, file, count)
            finally:
                upload.offset = min(file.tell(), upload.size)
                file.truncate(upload.offset)

    def finish(self, id: str, origin: Origin) -> tuple[DatasetVersion, bool]:
        """Read the whole file as `IntakeService.add_file` does; the upload is gone afterwards.

        When the file can't be read the upload stays, to be read with other options. Raises
        `ConflictError` when bytes are still missing.
        """
        upload = self.get(id)
        with self._whole(upload):
            upload.watch = Watch()
            try:
                done = self._intake.add_file(
                    upload.path, upload.name, upload.filename, origin, watch=upload.watch
                )
            finally:
                upload.watch = None
        self._remove(upload)
        return done

    @contextmanager
    def _whole(self, upload: Upload) -> Iterator[None]:
        """Nobody else has it meanwhile. Raises `ConflictError` when bytes are missing."""
        if not upload.busy.acquire(blocking=False):
            raise ConflictError("This upload is in use at this moment.")
        try:
            if upload.offset != upload.size:
                raise ConflictError(
                    "Of {size} bytes only {offset} are here. Send the rest first.",
                    size=upload.size,
                    offset=upload.offset,
                )
            yield
        finally:
            upload.touched = time.monotonic()
            upload.busy.release()

    def hand_over(self, id: str, target: Path) -> str:
        """Move the whole file to `target` and forget the upload; gives the name of the file.

        Raises `ConflictError` while bytes are missing.
        """
        upload = self.get(id)
        with self._whole(upload):
            upload.path.replace(target)
        self._remove(upload)
        return upload.filename

    def cancel(self, id: str) -> None:
        """Forget the upload; a reading that goes on ends at its next batch."""
        upload = self.get(id)
        if upload.watch is not None:
            upload.watch.cancel()
        self._remove(upload)

    def _drop_idle(self) -> None:
        now = time.monotonic()
        with self._lock:
            idle = [u for u in self._uploads.values() if now - u.touched > IDLE_S and not u.watch]
        for upload in idle:
            self._remove(upload)

    def _remove(self, upload: Upload) -> None:
        with self._lock:
            self._uploads.pop(upload.id, None)
        shutil.rmtree(upload.folder, ignore_errors=True)


def empty() -> UnreadableFileError:
    return UnreadableFileError(
        "The file is empty. Choose a file with a header line and at least one row."
    )


async def pour(chunks: AsyncIterator[bytes], file: IO[bytes], count: Callable[[int], None]) -> int:
    """Write what comes in, off the loop and in pieces of a megabyte; gives the bytes.

    `count` hears how many there are before each piece is written, and may raise. What came
    before an error is in the file.
    """
    held, received = bytearray(), 0
    try:
        async for chunk in chunks:
            held += chunk
            received += len(chunk)
            if len(held) >= PIECE_BYTES:
                count(received)
                piece, held = held, bytearray()
                await asyncio.to_thread(file.write, piece)
        count(received)
    finally:
        file.write(held)
    return received
