"""Lines below the table that belong to the sheet and not to the data: totals and sources."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from freemlops.engine.ingest.records import Dialect, head_records

TAIL_BYTES: Final = 64 * 1024
MOST_LINES: Final = 10
LEAST_RECORDS: Final = 2
_TOTAL = re.compile(r"(sub|grand )?tota(l|is)( geral| general)?:?|soma:?|sum:?", re.IGNORECASE)
_FOOT = re.compile(
    r"(fontes?|sources?|notas?|notes?|obs|observaç(ão|ões)) *[:.*(].*|\*+ ?\S.*"
    r"|(gerado|exportado|generated|exported) (em|por|on|by) .*"
    r"|\(?\d+ (rows?|records?|linhas?|registros?)\b.*",
    re.IGNORECASE,
)
_SUM = re.compile(r"[-−(]?\s*([A-Z]{0,3}\$|€|£)?\s*[-−]?[\d.,\u00a0\u202f' ]*\d[)%]?")


@dataclass(frozen=True, slots=True)
class Footer:
    """`start` is the byte where the first line left out begins; `lines` are their texts."""

    start: int
    texts: tuple[str, ...]
    total: bool


def find_footer(path: Path, start: int, dialect: Dialect, width: int) -> Footer | None:
    """Totals and sources at the very end, only where they can be nothing else."""
    if width < 2:
        return None
    size = path.stat().st_size
    begin = max(start, size - TAIL_BYTES)
    with path.open("rb") as file:
        file.seek(begin)
        tail = file.read()
    lines = tail.splitlines(keepends=True)
    if begin > start:
        begin, lines = begin + len(lines[0]), lines[1:]
    left = len(lines)
    found: list[str] = []
    total = False
    while left and len(found) < MOST_LINES:
        text = lines[left - 1].decode("utf-8", "ignore").rstrip("\r\n")
        if text.strip():
            kind = _kind(text, dialect, width)
            if kind is None or (total and kind == "total"):
                break
            total = total or kind == "total"
            found.insert(0, text)
        left -= 1
    above = [b.decode("utf-8", "ignore") for b in lines[:left] if b.strip()]
    if not found or (begin == start and len(above) < LEAST_RECORDS):
        return None
    if total and any(_first_is_total(text, dialect) for text in above):
        return None
    return Footer(begin + sum(map(len, lines[:left])), tuple(found), total)


def _kind(text: str, dialect: Dialect, width: int) -> str | None:
    if dialect.quote and text.count(dialect.quote) % 2:
        return None
    records = head_records(text, dialect, 1)
    cells = [c.strip() for c in records[0]] if records else []
    filled = [c for c in cells if c]
    if not filled or not cells[0]:
        return None
    if len(filled) == 1:
        return "foot" if _FOOT.fullmatch(cells[0]) else None
    return "total" if len(cells) <= width + 1 and _is_total(cells) else None


def _is_total(cells: Sequence[str]) -> bool:
    rest = [c for c in cells[1:] if c]
    return bool(_TOTAL.fullmatch(cells[0])) and all(_SUM.fullmatch(c) for c in rest)


def _first_is_total(text: str, dialect: Dialect) -> bool:
    records = head_records(text, dialect, 1)
    return bool(records and records[0] and _TOTAL.fullmatch(records[0][0].strip()))
