"""Profiles, counted in a real warehouse and kept."""

from __future__ import annotations

import math
import random
from datetime import date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from freemlops.domain.dataset import Column, ColumnType
from freemlops.domain.profile import QUANTILES
from freemlops.services.profiles import ProfileService
from freemlops.warehouse import profiles
from freemlops.warehouse.warehouse import Warehouse
from tests.unit.services.tables import Incoming, store

DICE = random.Random(0)
X = [DICE.gauss(10, 3) for _ in range(1000)]
TABLE = {
    "n": [None if i % 10 == 0 else i % 7 for i in range(1000)],
    "x": X,
    "twice": [2 * x + DICE.gauss(0, 0.1) for x in X],
    'a "quoted" name': [f"value {i % 3}" for i in range(1000)],
    "yes": [i % 4 == 0 for i in range(1000)],
    "day": [date(1850, 6, 3) + timedelta(days=i) for i in range(1000)],
    "at": [datetime(2024, 1, 1) + timedelta(hours=i) for i in range(1000)],  # noqa: DTZ001
}


def test_every_value_is_counted_once(warehouse: Warehouse) -> None:
    made = store(warehouse, TABLE)
    profile = ProfileService(warehouse).get(made.dataset)
    assert [p.name for p in profile.columns] == list(TABLE)
    for column, one in zip(made.columns, profile.columns, strict=True):
        counted = sum(b.count for b in one.histogram) + sum(t.count for t in one.top)
        assert counted == made.rows - column.missing
    assert ProfileService(warehouse).get(made.dataset, 1) == profile  # the kept one


def test_the_numbers_are_those_of_numpy(warehouse: Warehouse) -> None:
    made = store(warehouse, TABLE)
    profile = ProfileService(warehouse).get(made.dataset)
    x = profile.by_name()["x"]
    assert (x.low, x.high) == (min(X), max(X))
    assert x.mean == pytest.approx(np.mean(X))
    assert x.std == pytest.approx(np.std(X, ddof=1))
    assert x.quantiles == pytest.approx(np.quantile(X, QUANTILES))
    n = profile.by_name()["n"]
    zeros = sum(1 for v in TABLE["n"] if v == 0)
    assert (n.missing, n.distinct, n.zeros, n.negatives) == (100, 7, zeros, 0)
    (strongest,) = [c for c in profile.correlations if {c.first, c.second} == {"x", "twice"}]
    assert strongest.r == pytest.approx(np.corrcoef(X, TABLE["twice"])[0, 1], abs=1e-5)


def test_text_dates_and_booleans_have_what_fits_them(warehouse: Warehouse) -> None:
    made = store(warehouse, TABLE)
    known = ProfileService(warehouse).get(made.dataset).by_name()
    name = known['a "quoted" name']
    assert name.lengths is not None
    assert (name.lengths.least, name.lengths.most, name.lengths.spaced) == (7, 7, 1000)
    assert [(t.value, t.count) for t in name.top] == [
        ("value 0", 334), ("value 1", 333), ("value 2", 333),
    ]  # fmt: skip
    assert name.examples == ("value 0", "value 1", "value 2")
    assert known["yes"].top[0].value is False
    assert (known["day"].low, known["day"].rising) == ("1850-06-03", 1.0)
    assert known["at"].high == "2024-02-11T15:00:00"
    assert known["day"].quantiles[0] > known["day"].low


def test_correlations_use_the_rows_that_have_both_values(warehouse: Warehouse) -> None:
    a = [float(i) if i % 3 else None for i in range(300)]
    b = [float(-i) if i % 2 else None for i in range(300)]
    made = store(warehouse, {"a": a, "b": b, "c": [DICE.gauss(0, 1) for _ in a]})
    (one,) = ProfileService(warehouse).get(made.dataset).correlations
    assert (one.first, one.second, one.r) == ("a", "b", -1.0)


def test_a_long_table_is_sampled_and_says_so(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(profiles, "SAMPLE_ROWS", 1000)
    made = store(warehouse, {"i": list(range(5000)), "j": [i % 5 for i in range(5000)]})
    profile = ProfileService(warehouse).get(made.dataset)
    assert (profile.rows, profile.sampled_rows) == (5000, 1000)
    i = profile.by_name()["i"]
    assert (i.low, i.high, i.distinct, i.rising) == (0, 4999, 5000, 1.0)
    assert i.quantiles[3] == pytest.approx(2500, abs=10)


@pytest.mark.parametrize(
    "values",
    [[1e308, -1e308, 0.0], [5e-324, 0.0], [7.0, 7.0], [None, None], [1e308] * 40 + [-1e308] * 40],
)
def test_extreme_columns_are_profiled(warehouse: Warehouse, values: list[float | None]) -> None:
    schema = pa.schema([("x", pa.float64()), ("y", pa.float64())])
    array = pa.array(values, pa.float64())
    reader = pa.RecordBatchReader.from_batches(
        schema, [pa.record_batch([array, array], schema=schema)]
    )
    columns = (Column("x", ColumnType.DECIMAL), Column("y", ColumnType.DECIMAL))
    made = warehouse.datasets.add(
        name="e", filename="e", sha256="e", size_bytes=1, table=Incoming(reader, columns)
    )
    profile = ProfileService(warehouse).get(made.dataset)
    x = profile.by_name()["x"]
    assert sum(b.count for b in x.histogram) == len([v for v in values if v is not None])
    assert x.std is None or math.isfinite(x.std)
    assert ProfileService(warehouse).get(made.dataset) == profile
    ProfileService(warehouse).advice(made.dataset, 1, "x")


def test_a_wide_table_fits_in_the_memory_limit(warehouse: Warehouse) -> None:
    names = [f"c{n}" for n in range(600)]
    made = store(warehouse, {c: [n * 0.1 + i for i in range(80)] for n, c in enumerate(names)})
    assert {c.distinct for c in made.columns} == {80}
    assert len(ProfileService(warehouse).get(made.dataset).columns) == 600
    ProfileService(warehouse).advice(made.dataset, 1, "c3")


def test_a_table_without_rows_or_values_has_a_profile(warehouse: Warehouse) -> None:
    made = store(warehouse, {"a": [None, None], "b": [None, None]})
    profile = ProfileService(warehouse).get(made.dataset)
    assert [p.distinct for p in profile.columns] == [0, 0]
    ProfileService(warehouse).advice(made.dataset, 1, "a")
