"""The folder for what is in the works, on the disk of the warehouse."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from freemlops.domain.errors import StorageFullError

SPARE_BYTES = 256 * 1024**2
"""Kept free on the disk whatever is uploaded: the warehouse needs room for its own log."""


class Scratch:
    """Empty at the start of the process: what a crash left in it is nobody's."""

    def __init__(self, path: Path) -> None:
        self._path = path
        shutil.rmtree(path, ignore_errors=True)

    @contextmanager
    def folder(self) -> Iterator[Path]:
        """A folder that is gone afterwards."""
        made = self.keep()
        try:
            yield made
        finally:
            shutil.rmtree(made, ignore_errors=True)

    def keep(self) -> Path:
        """A folder that the caller removes."""
        self._path.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(dir=self._path))

    def check_space(self, needed_bytes: int) -> None:
        """Raise `StorageFullError` when writing `needed_bytes` would fill the disk."""
        free = shutil.disk_usage(self._path.parent).free
        if free < needed_bytes + SPARE_BYTES:
            raise StorageFullError(
                "This needs about {needed} MB and the disk has {free} MB left. Delete datasets "
                "that you no longer need, or make room on the disk, and try again.",
                needed=round(needed_bytes / 1e6),
                free=round(free / 1e6),
            )
