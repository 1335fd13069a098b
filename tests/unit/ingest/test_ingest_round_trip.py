"""Any small table, written in any dialect, comes back with its values and types."""

from __future__ import annotations

import csv
import io
import tempfile
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from freemlops.engine.ingest import read_table
from freemlops.engine.samples import SAMPLES, write_sample


@dataclass(frozen=True)
class Style:
    """A dialect: how a table is written."""

    encoding: str
    separator: str
    comma: bool
    order: str
    end: str
    quote_all: bool
    missing: str

    def cell(self, value: Any) -> str:
        if value is None:
            return self.missing
        if isinstance(value, bool):
            return ("não", "sim")[value] if self.comma else ("false", "true")[value]
        if isinstance(value, datetime):
            return f"{self._day(value.date())} {value:%H:%M:%S}"
        if isinstance(value, date):
            return self._day(value)
        if isinstance(value, float):
            return repr(value).replace(".", ",") if self.comma else repr(value)
        return str(value)

    def _day(self, day: date) -> str:
        y, m, d = f"{day.year}", f"{day.month:02}", f"{day.day:02}"
        return {"iso": f"{y}-{m}-{d}", "dmy": f"{d}/{m}/{y}", "mdy": f"{m}/{d}/{y}"}[self.order]

    def write(self, names: list[str], rows: list[tuple[Any, ...]]) -> bytes:
        out = io.StringIO()
        quoting = csv.QUOTE_ALL if self.quote_all else csv.QUOTE_MINIMAL
        writer = csv.writer(out, delimiter=self.separator, lineterminator=self.end, quoting=quoting)
        writer.writerow(names)
        writer.writerows([self.cell(v) for v in row] for row in rows)
        return out.getvalue().encode(self.encoding)


STYLES = st.builds(
    Style,
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"]),
    separator=st.sampled_from([",", ";", "\t", "|"]),
    comma=st.booleans(),
    order=st.sampled_from(["iso", "dmy", "mdy"]),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    quote_all=st.booleans(),
    missing=st.sampled_from(["", "NA", "null", "#N/D"]),
).filter(lambda s: not (s.comma and s.separator == ",") or s.quote_all)
LETTERS = "abcdefghijklmnopqrstuvwxyzçãéõÁ ,;'\"-.|\n"
WORDS = st.text(LETTERS, min_size=1, max_size=12).map(lambda s: f"w{s}w")
ROW = st.tuples(
    st.none() | st.integers(-(2**62), 2**62),
    st.none() | st.floats(-1e12, 1e12, allow_nan=False).map(lambda x: round(x, 3) + 0.25),
    st.none() | st.booleans(),
    st.none() | st.dates(date(1900, 1, 1), date(2100, 12, 31)),
    st.none() | st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)),  # noqa: DTZ001
    st.none() | WORDS,
    st.integers(2**63, 2**80).map(str),
)
TYPES = ["integer", "decimal", "boolean", "date", "datetime", "text", "text"]


@settings(max_examples=150, deadline=None)
@given(style=STYLES, rows=st.lists(ROW, min_size=1, max_size=12))
def test_any_table_comes_back_from_any_dialect(style: Style, rows: list[tuple[Any, ...]]) -> None:
    # values that leave no doubt in each column, so that types are known
    sure: list[tuple[Any, ...]] = [
        (7, 0.125, True, date(2001, 2, 28), datetime(2001, 2, 28, 1, 2, 3), "fim", "9" * 20),  # noqa: DTZ001
        (8, -0.5, False, date(2001, 12, 31), datetime(2001, 12, 31), "x", "8" * 21),  # noqa: DTZ001
    ]
    rows = [tuple(_seconds(v) for v in row) for row in [*rows, *sure]]
    rows = [tuple(_line_ends(v, style.end) for v in row) for row in rows]
    names = ["número", "valor", "ativo", "dia", "quando", "texto livre", "enorme"]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "upload")
        path.write_bytes(style.write(names, rows))
        made = read_table(path, "t.csv", Path(folder))
        table = made.reader.read_all()
    assert [c.type.value for c in made.columns] == TYPES
    assert table.schema.names == names
    assert list(zip(*(c.to_pylist() for c in table.columns), strict=True)) == rows


def _seconds(value: Any) -> Any:
    return value.replace(microsecond=0) if isinstance(value, datetime) else value


def _line_ends(value: Any, end: str) -> Any:
    """Line ends inside of a text are those of the file."""
    return value.replace("\n", end) if isinstance(value, str) else value


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
