"""What the storage calls say."""

from __future__ import annotations

import msgspec

from freemlops.domain.space import BackupNote, Space


class FolderIn(msgspec.Struct, forbid_unknown_fields=True):
    folder: str


class SpaceOut(msgspec.Struct):
    file_bytes: int
    free_in_file_bytes: int
    free_on_disk_bytes: int


class CompactOut(msgspec.Struct):
    before: SpaceOut
    after: SpaceOut


class BackupOut(msgspec.Struct):
    folder: str
    size_bytes: int
    made_at: str


class RestoreOut(msgspec.Struct):
    backup: BackupOut
    former: str | None


def space_out(space: Space) -> SpaceOut:
    return SpaceOut(space.file_bytes, space.free_in_file_bytes, space.free_on_disk_bytes)


def backup_out(note: BackupNote, folder: str) -> BackupOut:
    return BackupOut(folder, note.size_bytes, note.made_at)
