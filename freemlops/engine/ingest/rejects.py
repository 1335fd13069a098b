"""What does not make it into the table as it stood in the file, kept for the person."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

MOST_TEXT_CHARS = 10_000
HEADER = ("line", "column", "reason", "text")


class Rejects:
    """A CSV in the scratch folder, made with its first line."""

    def __init__(self, scratch: Path) -> None:
        self._path = scratch / "rejects.csv"
        self.count = 0

    @property
    def path(self) -> Path | None:
        return self._path if self.count else None

    def add(self, found: Iterable[tuple[int, str, str, str]]) -> None:
        """Append lines of physical line, column (empty for the whole line), reason and text."""
        out = None
        try:
            for line, column, reason, text in found:
                if out is None:
                    out = self._path.open("a", encoding="utf-8", newline="")
                    writer = csv.writer(out)
                    if not self.count:
                        writer.writerow(HEADER)
                writer.writerow((line, column, reason, text[:MOST_TEXT_CHARS]))
                self.count += 1
        finally:
            if out is not None:
                out.close()
