"""DuckDB's complaint about a query as a sentence with its place."""

from __future__ import annotations

from freemlops.domain.errors import Detail, InvalidError
from freemlops.domain.words import say

LONGEST = 500


def sentence(problem: str, position: int | None, sql: str) -> InvalidError:
    """`position` counts bytes of the UTF-8 text, as DuckDB does; None when it has no place."""
    problem = _shortened(problem)
    if position is None or position > len(sql.encode()):
        return InvalidError("DuckDB can't run this: {problem}", problem=problem)
    before = sql.encode()[:position].decode(errors="ignore")
    line = before.count("\n") + 1
    place = len(before) - (before.rfind("\n") + 1) + 1
    detail = Detail(say("Line {line}, character {place}", line=line, place=place), line=line)
    return InvalidError(
        "DuckDB can't run this (line {line}, character {place}): {problem}",
        details=[detail],
        line=line,
        place=place,
        problem=problem,
    )


def _shortened(problem: str) -> str:
    """Without the picture of the line, on one line, and not for ever."""
    text = " ".join(problem.split("\n\nLINE", 1)[0].split())
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
