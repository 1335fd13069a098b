"""What takes room on the disk."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Space:
    """Bytes of the warehouse file with its log, those in it that nothing uses, and those that
    are free on its disk."""

    file_bytes: int
    free_in_file_bytes: int
    free_on_disk_bytes: int
