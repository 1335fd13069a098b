"""The SQL lab's state: which chart fits, what is drawn, what a file holds."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pytest

from freemlops.ui.state.sql_lab import Kind, Plan, as_file, pages, plan, points


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ({"family": ["a", "b"], "score": [1.0, 2.0]}, Plan(Kind.BARS, "family", "score")),
        ({"day": [date(2024, 1, 1)], "n": [1]}, Plan(Kind.LINE, "day", "n")),
        ({"x": [1, 2], "y": [1.5, 2.5]}, Plan(Kind.POINTS, "x", "y")),
        ({"only": [1, 2]}, None),
        ({"text": ["a"]}, None),
        ({"family": [], "score": pa.array([], pa.float64())}, None),
    ],
)
def test_the_chart_fits_the_columns(table: dict, expected: Plan | None) -> None:
    assert plan(pa.table(table)) == expected


def test_columns_of_the_same_name_are_not_drawn() -> None:
    twice = pa.Table.from_arrays([pa.array(["a"]), pa.array([1])], names=["x", "x"])
    assert plan(twice) is None


def test_what_is_left_out_of_the_chart_is_counted() -> None:
    table = pa.table({"name": [f"n{i}" for i in range(100)], "n": [None, *range(99)]})
    x, y, left_out = points(table, Plan(Kind.BARS, "name", "n"))
    assert (len(x), len(y), left_out) == (40, 40, 60)


def test_lines_go_from_left_to_right() -> None:
    table = pa.table({"day": [date(2024, 3, 1), date(2024, 1, 1)], "n": [3, 1]})
    assert points(table, Plan(Kind.LINE, "day", "n"))[1] == [1, 3]


def test_files_hold_the_whole_answer_and_no_formula() -> None:
    table = pa.table({"t": ["=1+1", "ok", None], "n": [-1, 2, 3]})
    assert pq.read_table(as_file(table, "parquet")) == table
    assert pa.ipc.open_stream(as_file(table, "arrow")).read_all() == table
    read = pacsv.read_csv(as_file(table, "csv"))
    assert read["t"].to_pylist()[:2] == ["'=1+1", "ok"]
    assert read["n"].to_pylist() == [-1, 2, 3]


def test_pages_are_counted_up() -> None:
    assert [pages(n) for n in (0, 50, 51, 100_000)] == [1, 1, 2, 2000]
