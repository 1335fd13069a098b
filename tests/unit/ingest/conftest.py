"""Small files through `read_table`, as rows of Python values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from freemlops.domain.dataset import ColumnType, Note
from freemlops.engine.ingest import read_table


@dataclass
class Got:
    types: dict[str, str]
    rows: list[tuple[Any, ...]]
    notes: dict[str, Note]

    def said(self, code: str) -> str:
        return str(self.notes[code].message)


type Read = Callable[..., Got]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Read bytes or text as an uploaded file."""

    def go(content: bytes | str, filename: str = "file.csv") -> Got:
        path, scratch = tmp_path / "upload", tmp_path / "scratch"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        scratch.mkdir(exist_ok=True)
        made = read_table(path, filename, scratch)
        table = made.reader.read_all()
        assert table.schema.names == [c.name for c in made.columns]
        assert all(isinstance(c.type, ColumnType) for c in made.columns)
        rows = [tuple(r) for r in zip(*(c.to_pylist() for c in table.columns), strict=True)]
        types = {c.name: c.type.value for c in made.columns}
        return Got(types, rows, {n.code: n for n in made.notes})

    return go
