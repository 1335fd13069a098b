"""The room that the warehouse takes, and its backups, over HTTP."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from litestar import Controller, Request, get, post

from freemlops.api.caller import only_here
from freemlops.api.schemas.storage import (
    BackupOut,
    CompactOut,
    FolderIn,
    RestoreOut,
    SpaceOut,
    backup_out,
    space_out,
)
from freemlops.bootstrap import Platform


class StorageController(Controller):
    path = "/storage"
    tags = ("storage",)

    @get(sync_to_thread=True)
    def space(self, platform: Platform) -> SpaceOut:
        """Bytes of the warehouse, free in it, and free on its disk."""
        return space_out(platform.storage.space())

    @post("/compact", sync_to_thread=True, status_code=200)
    def compact(self, platform: Platform) -> CompactOut:
        """Give the room of what was deleted back to the disk."""
        before = platform.storage.space()
        return CompactOut(space_out(before), space_out(platform.storage.compact()))

    @post("/backup", sync_to_thread=True)
    def backup(
        self, request: Request[Any, Any, Any], platform: Platform, data: FolderIn
    ) -> BackupOut:
        """A copy of everything in a folder of the server; only asked for on that computer."""
        only_here(request)
        return backup_out(platform.storage.backup(Path(data.folder)), data.folder)

    @post("/restore", sync_to_thread=True, status_code=200)
    def restore(
        self, request: Request[Any, Any, Any], platform: Platform, data: FolderIn
    ) -> RestoreOut:
        """Put a backup in the place of everything; only asked for on that computer."""
        only_here(request)
        done = platform.storage.restore(Path(data.folder))
        former = str(done.former) if done.former else None
        return RestoreOut(backup_out(done.note, data.folder), former)
