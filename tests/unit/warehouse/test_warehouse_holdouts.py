"""What candidates answered on the holdout: stored, found again with its raw rows, and deleted."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from freemlops.domain.errors import NotFoundError, WarehouseError
from freemlops.domain.run import Run
from freemlops.warehouse.warehouse import Warehouse

from .conftest import ROWS, SCHEMA, Incoming


def write(path: Path, rows: list[int], truth: list[float], shares: list[list[float]]) -> Path:
    columns = {"row": pa.array(rows, pa.int64()), "truth": pa.array(truth, pa.float64())}
    for i, column in enumerate(zip(*shares, strict=True)):
        columns[f"share_{i}"] = pa.array(column, pa.float32())
    table = pa.table(columns, metadata={"classes": json.dumps(["no", "yes"])})
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as file:
        file.write_table(table, max_chunksize=2)
    return path


@pytest.fixture
def run(warehouse: Warehouse, incoming: Callable[[], Incoming], a_run: Callable[..., Run]) -> Run:
    made = warehouse.datasets.add(
        name="d", filename="d.csv", sha256="a" * 64, size_bytes=1, table=incoming()
    )
    run = a_run(dataset=made.dataset)
    warehouse.runs.add(run)
    return run


@pytest.fixture
def stored(warehouse: Warehouse, run: Run, tmp_path: Path) -> Run:
    for name, sure in (("linear", 0.25), ("constant", 0.5)):
        path = write(tmp_path / name, [3, 0, 2], [1, 0, 1], [[sure, 1 - sure]] * 3)
        warehouse.holdouts.put(run.id, name, path)
    return run


def test_answers_come_back_in_the_order_of_the_holdout(warehouse: Warehouse, stored: Run) -> None:
    found = warehouse.holdouts.get(stored.id)
    assert (found.rows, found.classes, found.version) == (3, ("no", "yes"), 1)
    assert sorted(warehouse.holdouts.candidates(stored.id)) == ["constant", "linear"]
    table = warehouse.holdouts.read(stored.id, "linear")
    assert table["row"].to_pylist() == [3, 0, 2]
    assert table["truth"].to_pylist() == [1, 0, 1]
    assert table["shares"].to_pylist() == [[0.25, 0.75]] * 3
    assert table["value"].null_count == 3


def test_the_rows_lead_to_the_raw_rows(warehouse: Warehouse, stored: Run) -> None:
    spec = stored.spec
    raw = warehouse.datasets.rows_at(spec.dataset, spec.version, [3, 0, 99, 2])
    assert raw["n"].to_pylist() == [2, 1, None]
    assert raw.to_pylist()[1] == dict(zip(SCHEMA.names, ROWS[0], strict=True))


def test_what_comes_again_replaces_itself(
    warehouse: Warehouse, stored: Run, tmp_path: Path
) -> None:
    path = write(tmp_path / "again", [1], [0], [[1.0, 0.0]])
    warehouse.holdouts.put(stored.id, "linear", path)
    assert warehouse.holdouts.read(stored.id, "linear")["row"].to_pylist() == [1]
    assert warehouse.holdouts.read(stored.id, "constant").num_rows == 3


def test_the_lab_shows_classes_by_their_labels(warehouse: Warehouse, stored: Run) -> None:
    with warehouse.reader() as cursor:
        got = cursor.execute(
            'SELECT "row", truth, prediction, probability, truth_probability '
            "FROM lab.predictions WHERE candidate = 'linear' ORDER BY \"row\""
        ).fetchall()
    assert got == [(0, "no", "yes", 0.75, 0.25), (2, "yes", "yes", 0.75, 0.75),
                   (3, "yes", "yes", 0.75, 0.75)]  # fmt: skip


def test_answers_go_with_the_data_they_tell_of(
    warehouse: Warehouse, stored: Run, tmp_path: Path
) -> None:
    warehouse.datasets.delete(stored.spec.dataset)
    with pytest.raises(NotFoundError, match="Train again"):
        warehouse.holdouts.get(stored.id)
    with pytest.raises(NotFoundError):
        warehouse.holdouts.read(stored.id, "linear")
    late = write(tmp_path / "late", [1], [0], [[1.0, 0.0]])
    warehouse.holdouts.put(stored.id, "late", late)
    assert warehouse.holdouts.candidates(stored.id) == ()


def test_a_damaged_file_is_refused_and_leaves_nothing(
    warehouse: Warehouse, run: Run, tmp_path: Path
) -> None:
    path = write(tmp_path / "cut", [3, 0, 2], [1, 0, 1], [[0.5, 0.5]] * 3)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(WarehouseError, match="could not be stored"):
        warehouse.holdouts.put(run.id, "cut", path)
    assert warehouse.holdouts.candidates(run.id) == ()


def test_a_million_rows_are_stored_in_moments_and_binned_at_once(
    warehouse: Warehouse, run: Run, tmp_path: Path
) -> None:
    random = np.random.default_rng(0)
    yes = random.random(1_000_000).astype(np.float32)
    table = pa.table(
        {
            "row": pa.array(np.arange(len(yes)), pa.int64()),
            "truth": pa.array((random.random(len(yes)) < yes).astype(float)),
            "share_0": pa.array(1 - yes),
            "share_1": pa.array(yes),
        },
        metadata={"classes": '["no", "yes"]'},
    )
    path = tmp_path / "big"
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as file:
        file.write_table(table, max_chunksize=65_536)
    warehouse.holdouts.put(run.id, "big", path)
    begun = time.monotonic()
    bins = warehouse.holdouts.query(
        run.id, "big", "SELECT floor(shares[2] * 10) AS bin, avg(truth) AS truth, count(*) AS n "
        "FROM answered GROUP BY bin ORDER BY bin",
    )  # fmt: skip
    assert time.monotonic() - begun < 2
    assert sum(b["n"] for b in bins) == len(yes)
    assert [round(b["truth"], 1) for b in bins[::4]] == pytest.approx([0.1, 0.4, 0.8], abs=0.1)
