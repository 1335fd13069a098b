"""Named statements out of `store/queries/*.sql`."""

from __future__ import annotations

import re
from functools import cache

from freemlops.resources import resource

_HEADING = re.compile(r"^-- name: *([a-z0-9_]+) *$", re.MULTILINE)


@cache
def queries(noun: str) -> dict[str, str]:
    """The statements of `store/queries/<noun>.sql` by the name in their `-- name:` heading."""
    text = (resource("store") / "queries" / f"{noun}.sql").read_text(encoding="utf-8")
    _, *parts = _HEADING.split(text)
    return {
        name: body.strip().rstrip(";") for name, body in zip(parts[::2], parts[1::2], strict=True)
    }


def quoted(name: str) -> str:
    """`name` as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'
