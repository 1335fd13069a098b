"""Opaque cursors: where the next page starts, by time and identifier."""

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
        at, id = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        found = datetime.fromisoformat(at)
        if found.tzinfo is not None or not isinstance(id, str):
            raise ValueError(cursor)
    except (ValueError, TypeError, binascii.Error) as error:
        raise InvalidError(
            "The cursor of this list is not valid. Start again from the first page."
        ) from error
    return Place(found, id)


def page[T](
    rows: list[dict[str, Any]], limit: int, id: str, make: Callable[[list[dict[str, Any]]], list[T]]
) -> Page[T]:
    """A page out of up to `limit + 1` rows that have `created_at` and the column `id`."""
    shown = rows[:limit]
    cursor = None
    if len(rows) > limit:
        last = json.dumps([shown[-1]["created_at"].isoformat(), shown[-1][id]])
        cursor = base64.urlsafe_b64encode(last.encode()).decode()
    return Page(tuple(make(shown)), cursor)
