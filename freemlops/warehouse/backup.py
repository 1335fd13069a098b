"""Backups: a folder with the file as it was at one moment, and a note that proves it whole."""

from __future__ import annotations

import glob
import hashlib
import json
import os
import shutil
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from freemlops.domain.errors import InvalidError, NotFoundError, StorageFullError, WarehouseError
from freemlops.domain.space import BackupNote

NOTE = "backup.json"
PIECE_BYTES = 8 * 1024**2
SPARE_BYTES = 64 * 1024**2


def check_target(folder: Path) -> None:
    """Raise `InvalidError` unless the folder is new, empty, or an earlier backup."""
    if folder.exists() and not folder.is_dir():
        raise InvalidError(
            "“{folder}” is a file. Name a folder for the backup.", folder=str(folder)
        )
    if folder.is_dir() and any(folder.iterdir()) and not (folder / NOTE).is_file():
        raise InvalidError(
            "The folder “{folder}” holds other things. Name a new or empty folder, or one with an "
            "earlier backup, which is then replaced.",
            folder=str(folder),
        )


def check_room(folder: Path, needed_bytes: int) -> None:
    """Raise `StorageFullError` when the disk of the folder has no room for that much."""
    there = next(p for p in (folder, *folder.parents) if p.exists())
    free = shutil.disk_usage(there).free
    if free < needed_bytes + SPARE_BYTES:
        raise StorageFullError(
            "This needs about {needed} MB and the disk has {free} MB left. Delete datasets that "
            "you no longer need, or make room on the disk, and try again.",
            needed=round(needed_bytes / 1e6),
            free=round(free / 1e6),
        )


class Copier:
    """Copies the open file. Its own handle stays open until the process ends: closing any handle
    of the file would drop the lock by which DuckDB keeps other programs out."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handles: dict[tuple[int, int], int] = {}

    def copy(self, target: Path) -> None:
        """The bytes as they are now; the caller sees to it that nobody commits meanwhile."""
        found = self._path.stat()
        key = (found.st_dev, found.st_ino)
        if key not in self._handles:
            self._handles[key] = os.open(self._path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        handle = self._handles[key]
        os.lseek(handle, 0, os.SEEK_SET)
        with target.open("wb") as out:
            while piece := os.read(handle, PIECE_BYTES):
                out.write(piece)
            out.flush()
            os.fsync(out.fileno())


def seal(folder: Path, migration: int) -> BackupNote:
    """Write the note over the files in `folder`; from then on it is a backup."""
    files = {p.name: digest(p) for p in sorted(folder.iterdir()) if p.name != NOTE}
    size = sum((folder / name).stat().st_size for name in files)
    note = BackupNote(files, size, datetime.now(UTC).isoformat(timespec="seconds"), migration)
    part = folder / f"{NOTE}.part"
    part.write_text(json.dumps(asdict(note), indent=1), encoding="utf-8")
    part.replace(folder / NOTE)
    return note


def take_place(made: Path, folder: Path) -> None:
    """Move the complete backup `made` to where `folder` is: an earlier one goes only then."""
    if folder.exists():
        folder.replace(_old(folder))
    made.replace(folder)
    shutil.rmtree(_old(folder), ignore_errors=True)


def mend(folder: Path) -> None:
    """Clear up after a backup that was killed: what it had begun goes, an earlier one that it
    had moved aside comes back."""
    if _old(folder).exists():
        if folder.exists():
            shutil.rmtree(_old(folder), ignore_errors=True)
        else:
            _old(folder).replace(folder)
    for begun in folder.parent.glob(f"{glob.escape(begun_prefix(folder))}*"):
        shutil.rmtree(begun, ignore_errors=True)


def begun_prefix(folder: Path) -> str:
    """How the name of an unfinished backup begins. It is deleted: nobody else uses such names."""
    return f".{folder.name}.freemlops-begun-"


def _old(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.freemlops-old")


def verify(folder: Path) -> BackupNote:
    """The note of a backup whose files are what it says.

    Raises `NotFoundError` when there is no backup, `WarehouseError` when it is damaged.
    """
    mend(folder)
    try:
        note = BackupNote(**json.loads((folder / NOTE).read_text(encoding="utf-8")))
    except OSError as error:
        raise NotFoundError("There is no backup in “{folder}”.", folder=str(folder)) from error
    except (ValueError, TypeError) as error:
        raise _damaged(folder) from error
    for name, sha256 in note.files.items():
        path = folder / Path(name).name
        if not path.is_file() or digest(path) != sha256:
            raise _damaged(folder)
    return note


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _damaged(folder: Path) -> WarehouseError:
    return WarehouseError(
        "The backup in “{folder}” is damaged: a file in it is not what was written. Take an "
        "earlier backup.",
        folder=str(folder),
    )
