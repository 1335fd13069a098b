"""Lists come in pages: a slice and an opaque cursor to the next one."""

from __future__ import annotations

from dataclasses import dataclass

MAX_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Page[T]:
    """A slice of a list, newest first unless another order was asked. `cursor` is None on the
    last page; `total` counts the whole list, where that is cheap."""

    items: tuple[T, ...]
    cursor: str | None = None
    total: int | None = None
