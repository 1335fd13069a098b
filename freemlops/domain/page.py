"""Lists come in pages: a slice and an opaque cursor to the next one."""

from __future__ import annotations

from dataclasses import dataclass

MAX_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Page[T]:
    """A slice of a list, newest first. `cursor` is None on the last page."""

    items: tuple[T, ...]
    cursor: str | None = None
