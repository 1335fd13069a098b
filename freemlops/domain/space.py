"""What takes room on the disk, and how it is kept safe."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Space:
    """Bytes of the warehouse file with its log, those in it that nothing uses, and those that
    are free on its disk."""

    file_bytes: int
    free_in_file_bytes: int
    free_on_disk_bytes: int


@dataclass(frozen=True, slots=True)
class BackupNote:
    """What is in a backup: its files by name with their sha256, bytes in all, when it was made
    (RFC 3339, UTC), and the last migration of the warehouse."""

    files: dict[str, str]
    size_bytes: int
    made_at: str
    migration: int


@dataclass(frozen=True, slots=True)
class Restored:
    """What became of a restore: the note of the backup, and where the former file is kept, if
    there was one."""

    note: BackupNote
    former: Path | None
