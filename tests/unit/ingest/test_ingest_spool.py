"""What is kept while the file is looked at is what a second reading would give."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from freemlops.engine.ingest import read_table
from freemlops.engine.ingest.spool import Spool

from .conftest import Read
from .test_ingest_corpus import CORPUS


@pytest.mark.parametrize("name", CORPUS)
def test_the_kept_rows_are_those_of_the_file(
    name: str, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = CORPUS[name][0]
    kept = read(content)
    monkeypatch.setattr(Spool, "batches", lambda *_: None)
    again = read(content)
    assert kept == again


def kept_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> list[bool]:
    """Whether the rows came from what was kept."""
    used: list[bool] = []
    batches = Spool.batches

    def spy(self: Spool, *arguments: Any) -> Any:
        found = batches(self, *arguments)
        used.append(found is not None)
        return found

    monkeypatch.setattr(Spool, "batches", spy)
    path, scratch = tmp_path / "x.csv", tmp_path / "scratch"
    path.write_text(text)
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir()
    table = read_table(path, "x.csv", scratch)
    assert table.reader.read_all().num_rows == text.count("\n") - 1
    assert [p.name for p in scratch.iterdir()] == []
    return used


def test_a_file_is_read_once_when_its_types_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = "".join(
        f"{i},{i / 7:.3f},word {i % 9},2024-01-{i % 28 + 1:02}\n" for i in range(300_000)
    )
    assert kept_batches(tmp_path, monkeypatch, f"a,b,c,d\n{rows}") == [True]


def test_a_file_is_read_again_when_a_late_row_changes_a_type(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = "".join(f"{i},{i}\n" for i in range(900_000))
    assert kept_batches(tmp_path, monkeypatch, f"a,b\n{rows}01,x\n") == [False]
