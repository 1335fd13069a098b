"""Opaque cursors: where the next page starts, by what orders the list and the identifier."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from freemlops.domain.errors import InvalidError
from freemlops.domain.page import MAX_LIMIT, Page

END = datetime(9999, 12, 31)  # noqa: DTZ001 - stored times have no zone


@dataclass(frozen=True, slots=True)
class Place:
    """Rows after this one: older, or as old with a smaller identifier."""

    at: datetime
    id: str

    def params(self, limit: int) -> dict[str, Any]:
        """What a page's query takes; one row more than asked tells whether there is a next one."""
        return {"at": self.at, "id": self.id, "limit": limit + 1}


def clamp(limit: int) -> int:
    return max(1, min(limit, MAX_LIMIT))


def place(cursor: str | None) -> Place:
    """Raises `InvalidError` for a cursor that we did not give out."""
    if cursor is None:
        return Place(END, "")
    try:
        at, id = unpack(cursor)
        found = datetime.fromisoformat(at)
        if found.tzinfo is not None or not isinstance(id, str):
            raise ValueError(cursor)
    except (ValueError, TypeError) as error:
        raise bad_cursor() from error
    return Place(found, id)


def pack(*values: str | float) -> str:
    """An opaque cursor out of what orders the last row of a page."""
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode()


def unpack(cursor: str) -> list[Any]:
    """What `pack` was given. Raises `InvalidError` for a cursor that we did not give out."""
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor.encode()))
    except (ValueError, binascii.Error, RecursionError) as error:
        raise bad_cursor() from error
    if not isinstance(values, list):
        raise bad_cursor()
    return values


def bad_cursor() -> InvalidError:
    return InvalidError("The cursor of this list is not valid. Start again from the first page.")


def page[T](
    rows: list[dict[str, Any]], limit: int, id: str, make: Callable[[list[dict[str, Any]]], list[T]]
) -> Page[T]:
    """A page out of up to `limit + 1` rows that have `created_at` and the column `id`."""
    shown = rows[:limit]
    cursor = None
    if len(rows) > limit:
        cursor = pack(shown[-1]["created_at"].isoformat(), shown[-1][id])
    return Page(tuple(make(shown)), cursor)
