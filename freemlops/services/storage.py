"""The warehouse as something that takes room and wants to be kept safe."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from freemlops.domain.errors import ConflictError, InvalidError, StorageFullError
from freemlops.domain.space import BackupNote, Restored, Space
from freemlops.services.changes import Changes
from freemlops.warehouse.warehouse import Warehouse


class StorageService:
    """Blocking and thread-safe; everything goes on meanwhile, writes wait for a moment."""

    def __init__(
        self, warehouse: Warehouse, changes: Changes, restored: Callable[[], None]
    ) -> None:
        self._warehouse = warehouse
        self._upkeep = warehouse.upkeep
        self._changes = changes
        self._restored = restored

    def space(self) -> Space:
        return self._upkeep.space()

    def compact(self, watch: Callable[[float], None] = lambda _share: None) -> Space:
        """Give the free blocks of the file back to the disk; `watch` hears the share done.

        Raises `StorageFullError`, and `ConflictError` while an upload is being read.
        """
        return self._upkeep.compact(watch)

    def backup(self, folder: Path) -> BackupNote:
        """A copy of everything, as of now, in a folder of this computer.

        Raises `InvalidError` for a folder that holds other things, `StorageFullError`.
        """
        with _in_words(folder):
            return self._upkeep.backup(_absolute(folder))

    def restore(self, folder: Path) -> Restored:
        """Put a backup in the place of everything; what was is kept as a file beside it.

        Raises `NotFoundError`, `WarehouseError` when it is damaged, `ConflictError` while a
        training goes on.
        """
        if self._warehouse.runs.unfinished():
            raise ConflictError(
                "A training is going on. Wait until it is done, or cancel it, and restore then."
            )
        with _in_words(folder):
            done = self._upkeep.restore(_absolute(folder))
        self._changes.bump_all()
        self._restored()
        return done


@contextmanager
def _in_words(folder: Path) -> Iterator[None]:
    """What the disk refuses, said to a person."""
    try:
        yield
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise StorageFullError(
                "The disk is full, so nothing was saved. Make room on the disk and try again."
            ) from error
        raise InvalidError(
            "The folder “{folder}” can't be used: {problem}.",
            folder=str(folder),
            problem=error.strerror or str(error),
        ) from error


def _absolute(folder: Path) -> Path:
    if not folder.is_absolute() or "\0" in str(folder):
        raise InvalidError("Name the folder with its whole path.")
    return folder
