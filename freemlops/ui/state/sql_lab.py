"""What the SQL lab does with an answer: its pages, its file, its chart. No panel in here."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

PAGE_ROWS: Final = 50
MOST_SHOWN_COLUMNS: Final = 60
MOST_POINTS: Final = 5000
MOST_BARS: Final = 40
FORMATS: Final = {"csv": "CSV", "parquet": "Parquet", "arrow": "Arrow"}
_RISKY = ("=", "+", "-", "@", "\t", "\r")


class Kind(StrEnum):
    """How an answer is drawn."""

    BARS = "bars"
    LINE = "line"
    POINTS = "points"


@dataclass(frozen=True, slots=True)
class Plan:
    """A chart of column `y` over column `x`."""

    kind: Kind
    x: str
    y: str


def pages(rows: int) -> int:
    return max(1, -(-rows // PAGE_ROWS))


def numbers(table: pa.Table) -> list[str]:
    """Columns that can stand on a vertical axis."""
    return [f.name for f in table.schema if _is_number(f.type)]


def plan(table: pa.Table) -> Plan | None:
    """The chart that fits the first columns best; None when there is nothing to draw."""
    names = table.schema.names
    values = numbers(table)
    if not values or not table.num_rows or len(set(names)) < len(names):
        return None
    others = [n for n in names if n not in values]
    if others:
        moments = [n for n in others if pa.types.is_temporal(table.schema.field(n).type)]
        return Plan(Kind.LINE, moments[0], values[0]) if moments else _bars(others[0], values)
    if len(values) > 1:
        return Plan(Kind.POINTS, values[0], values[1])
    return None


def _bars(x: str, values: Sequence[str]) -> Plan:
    return Plan(Kind.BARS, x, values[0])


def points(table: pa.Table, chart: Plan) -> tuple[list[Any], list[Any], int]:
    """The x and y values that are drawn, and how many rows were left out of the chart."""
    pairs = table.select([chart.x, chart.y]).drop_null()
    most = MOST_BARS if chart.kind is Kind.BARS else MOST_POINTS
    left_out = table.num_rows - min(pairs.num_rows, most)
    if chart.kind is Kind.LINE:
        pairs = pairs.sort_by(chart.x)
    shown = pairs.slice(0, most)
    x = shown.column(0).to_pylist()
    return ([str(v) for v in x] if chart.kind is Kind.BARS else x, shown.column(1).to_pylist(),
            left_out)  # fmt: skip


def as_file(table: pa.Table, format: str) -> io.BytesIO:
    """The whole answer as a file. In CSV, text that a spreadsheet would run as a formula gets an
    apostrophe before it."""
    out = io.BytesIO()
    if format == "parquet":
        pq.write_table(table, out)
    elif format == "arrow":
        with pa.ipc.new_stream(out, table.schema) as stream:
            stream.write_table(table)
    else:
        pacsv.write_csv(_harmless(table), out)
    out.seek(0)
    return out


def _harmless(table: pa.Table) -> pa.Table:
    columns = []
    for column in table.columns:
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            risky = pa.chunked_array([pa.array([False] * len(column))])
            for start in _RISKY:
                risky = pc.or_(risky, pc.fill_null(pc.starts_with(column, start), False))
            column = pc.if_else(risky, pc.binary_join_element_wise("'", column, ""), column)
        columns.append(column)
    return pa.table(columns, names=table.schema.names)


def _is_number(type: pa.DataType) -> bool:
    return pa.types.is_integer(type) or pa.types.is_floating(type) or pa.types.is_decimal(type)
