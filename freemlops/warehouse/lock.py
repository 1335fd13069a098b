"""A lock on a file that ends with the process that took it."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import IO

if sys.platform == "win32":
    import msvcrt

    def _take(file: IO[bytes]) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _take(file: IO[bytes]) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)


PATIENCE_S = 0.3
"""A reader that only asks who holds the lock has it for a moment; a taker waits that out."""


class FileLock:
    """One holder on this machine, in whatever process.

    DuckDB's own lock is a POSIX record lock, which is gone as soon as *any* handle of the file
    is closed in the process (measured: open and close the file once, and a second process gets
    in). This one is on a file that nobody else opens.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[bytes] | None = None

    def acquire(self, patience_s: float = PATIENCE_S) -> bool:
        """True when taken. False when somebody else, or this process before, holds it."""
        file = self._path.open("ab")
        until = time.monotonic() + patience_s
        while True:
            try:
                _take(file)
            except (BlockingIOError, PermissionError):
                if time.monotonic() >= until:
                    file.close()
                    return False
                time.sleep(0.02)
            except OSError:
                # A network file system without locks: DuckDB's own one has to do.
                break
            else:
                break
        self._file = file
        return True

    def release(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


def is_held(path: Path) -> bool:
    """Whether some process holds the lock now."""
    if not path.exists() or not os.access(path, os.W_OK):
        return False
    lock = FileLock(path)
    try:
        if not lock.acquire(patience_s=0.0):
            return True
    finally:
        lock.release()
    return False
