"""Small files through `read_table`, as rows of Python values."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from freemlops.domain.dataset import ColumnType, Note
from freemlops.domain.reading import Question, ReadOptions
from freemlops.engine.ingest import read_table


@dataclass
class Got:
    types: dict[str, str]
    rows: list[tuple[Any, ...]]
    notes: dict[str, Note]
    questions: tuple[Question, ...] = ()
    rejects: list[dict[str, str]] = field(default_factory=list)
    words: dict[str, tuple[str, str] | None] = field(default_factory=dict)

    def said(self, code: str) -> str:
        return str(self.notes[code].message)


type Read = Callable[..., Got]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Read bytes or text as an uploaded file."""

    def go(content: bytes | str, filename: str = "file.csv", **options: Any) -> Got:
        path, scratch = tmp_path / "upload", tmp_path / "scratch"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir()
        made = read_table(path, filename, scratch, ReadOptions(**options))
        table = made.reader.read_all()
        assert table.schema.names == [c.name for c in made.columns]
        assert all(isinstance(c.type, ColumnType) for c in made.columns)
        rows = [tuple(r) for r in zip(*(c.to_pylist() for c in table.columns), strict=True)]
        types = {c.name: c.type.value for c in made.columns}
        rejects = []
        if made.rejects is not None:
            with made.rejects.open(encoding="utf-8", newline="") as file:
                rejects = list(csv.DictReader(file))
        assert len(rejects) == made.rejected
        words = {c.name: c.words for c in made.columns}
        notes = {n.code: n for n in made.notes}
        return Got(types, rows, notes, made.questions, rejects, words)

    return go
