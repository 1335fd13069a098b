"""Any small table, written in three dialects, comes back with its values and types."""

from __future__ import annotations

import csv
import io
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from freemlops.engine.ingest import read_table
from freemlops.engine.samples import SAMPLES, write_sample


@dataclass(frozen=True)
class Style:
    encoding: str
    separator: str
    comma: bool
    date: str

    def cell(self, value: Any) -> str:
        if value is None:
            return ""
        if isinstance(value, bool):
            return ("não", "sim")[value] if self.comma else ("false", "true")[value]
        if isinstance(value, date):
            return f"{value.day:02}/{value.month:02}/{value.year}" if self.comma else str(value)
        if isinstance(value, float):
            return repr(value).replace(".", ",") if self.comma else repr(value)
        return str(value)

    def write(self, names: list[str], rows: list[tuple[Any, ...]]) -> bytes:
        out = io.StringIO()
        writer = csv.writer(out, delimiter=self.separator)
        writer.writerow(names)
        writer.writerows([self.cell(v) for v in row] for row in rows)
        return out.getvalue().encode(self.encoding)


STYLES = (
    Style("utf-8", ",", comma=False, date="iso"),
    Style("cp1252", ";", comma=True, date="dmy"),
    Style("utf-16", "\t", comma=False, date="iso"),
)
LETTERS = "abcdefghijklmnopqrstuvwxyzçãéõÁ ,;'\"-.|"
WORDS = st.text(LETTERS, min_size=1, max_size=12).map(lambda s: f"w{s}w")
ROW = st.tuples(
    st.integers(-(2**62), 2**62),
    st.floats(-1e12, 1e12, allow_nan=False).map(lambda x: round(x, 3) + 0.25),
    st.none() | st.booleans(),
    st.dates(date(1900, 1, 1), date(2100, 12, 31)),
    st.none() | WORDS,
)


@pytest.mark.parametrize("style", STYLES, ids=lambda s: s.encoding)
@settings(max_examples=30, deadline=None)
@given(rows=st.lists(ROW, min_size=1, max_size=12))
def test_comes_back(style: Style, rows: list[tuple[Any, ...]]) -> None:
    # values that leave no doubt in each column, so that types are known
    rows = [*rows, (7, 0.125, True, date(2001, 2, 28), "fim")]
    rows = [*rows, (8, -0.5, False, date(2001, 12, 31), "x")]
    names = ["número", "valor", "ativo", "dia", "texto livre"]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "upload")
        path.write_bytes(style.write(names, rows))
        made = read_table(path, "t.csv", Path(folder))
        table = made.reader.read_all()
    assert [c.type.value for c in made.columns] == ["integer", "decimal", "boolean", "date", "text"]
    assert table.schema.names == names
    assert list(zip(*(c.to_pylist() for c in table.columns), strict=True)) == rows


@pytest.mark.parametrize("key", [s.key for s in SAMPLES])
def test_samples_are_as_they_say_and_the_same_each_time(key: str, tmp_path: Path) -> None:
    sample = next(s for s in SAMPLES if s.key == key)
    write_sample(key, tmp_path / "a.csv")
    write_sample(key, tmp_path / "b.csv")
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    made = read_table(tmp_path / "a.csv", "a.csv", tmp_path)
    assert sample.target in [c.name for c in made.columns]
    assert made.reader.read_all().num_rows == sample.rows
    assert [n.code for n in made.notes if n.code.startswith(("ragged", "header"))] == []
