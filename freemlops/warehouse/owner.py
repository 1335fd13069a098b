"""Who owns the warehouse on this machine: a lock, and a note for people with pid and URL."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import psutil

from freemlops.domain.errors import WarehouseHeldError
from freemlops.warehouse.lock import FileLock, is_held

NOTE = "owner.json"
LOCK = "owner.lock"


@dataclass(frozen=True, slots=True)
class Owner:
    """The process that holds a home. `url` is None until its server listens."""

    pid: int
    url: str | None


class Ownership:
    """This process's claim on a home, from `take` until `release`."""

    def __init__(self, home: Path, lock: FileLock) -> None:
        self._home = home
        self._lock = lock
        self._started = datetime.now(UTC).isoformat()

    @classmethod
    def take(cls, home: Path, url: str | None) -> Self:
        """Raises `WarehouseHeldError` with `pid` and `url` when the home is held."""
        lock = FileLock(home / LOCK)
        if not lock.acquire():
            raise held(_read_note(home))
        claim = cls(home, lock)
        claim.announce(url)
        return claim

    def announce(self, url: str | None) -> None:
        """Rewrite the note, whole or not at all."""
        note = {"pid": os.getpid(), "url": url, "started": self._started}
        part = self._home / f"{NOTE}.part"
        part.write_text(json.dumps(note), encoding="utf-8")
        part.replace(self._home / NOTE)

    def release(self) -> None:
        (self._home / NOTE).unlink(missing_ok=True)
        self._lock.release()


def read_owner(home: Path) -> Owner | None:
    """Who holds this home now; None when nobody does, whatever note a dead process left."""
    owner = _read_note(home)
    if owner is None or not psutil.pid_exists(owner.pid) or not is_held(home / LOCK):
        return None
    return owner


def _read_note(home: Path) -> Owner | None:
    try:
        note: Any = json.loads((home / NOTE).read_text(encoding="utf-8"))
        return Owner(int(note["pid"]), str(note["url"]) if note.get("url") else None)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def held(owner: Owner | None) -> WarehouseHeldError:
    """The error that tells a person who holds the home, and what to do."""
    pid = str(owner.pid) if owner else "?"
    if owner and owner.url:
        return WarehouseHeldError(
            "Free MLOps is already running (process {pid}) at {url}. Open that address in your "
            "browser, or stop that process first.",
            pid=pid,
            url=owner.url,
        )
    return WarehouseHeldError(
        "Another process ({pid}) is using this data directory. Stop it first, or choose another "
        "directory with --home.",
        pid=pid,
        url="",
    )
