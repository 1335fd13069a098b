"""The dataset store: versions, rows, profiles, all or nothing."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pytest

from freemlops.domain.dataset import Column, ColumnType, DatasetVersion
from freemlops.domain.errors import InvalidError, NotFoundError, UnreadableFileError
from freemlops.domain.profile import TableProfile
from freemlops.domain.reading import DateOrder, Origin, ReadOptions
from freemlops.warehouse.warehouse import Warehouse

from .conftest import COLUMNS, ROWS, SCHEMA, Incoming, batch

type Make = Callable[[], Incoming]


def add(w: Warehouse, incoming: Incoming, name: str = "clientes", sha: str = "a") -> DatasetVersion:
    return w.datasets.add(
        name=name, filename="clientes.csv", sha256=sha, size_bytes=99, table=incoming
    )


def tables(w: Warehouse, schema: str = "data") -> int:
    with w.reader() as cursor:
        sql = "SELECT count(*) FROM duckdb_tables() WHERE schema_name = ?"
        return cursor.execute(sql, [schema]).fetchone()[0]


def test_what_goes_in_comes_out_with_its_counts(warehouse: Warehouse, incoming: Make) -> None:
    made = add(warehouse, incoming())
    assert made == warehouse.datasets.get(made.dataset, 1)
    assert (made.version, made.rows, made.size_bytes) == (1, 4, 99)
    assert [(c.missing, c.distinct) for c in made.columns] == [
        (1, 2), (1, 3), (1, 2), (1, 2), (1, 3), (1, 3),
    ]  # fmt: skip
    assert made.notes == incoming().notes
    rows = warehouse.datasets.rows(made.dataset, 1, 10, 0).to_pylist()
    assert [tuple(r.values()) for r in rows] == list(ROWS)


def test_rows_come_in_the_order_of_the_file_and_by_slice(warehouse: Warehouse) -> None:
    schema = pa.schema([("i", pa.int64())])
    batches = [
        pa.record_batch([pa.array(range(k * 50_000, (k + 1) * 50_000))], schema=schema)
        for k in range(8)
    ]
    table = Incoming(
        pa.RecordBatchReader.from_batches(schema, batches), (Column("i", ColumnType.INTEGER),)
    )
    made = add(warehouse, table)
    got = warehouse.datasets.rows(made.dataset, None, 3, 250_000).column("i").to_pylist()
    assert got == [250_000, 250_001, 250_002]
    assert made.columns[0].distinct == 400_000


def test_the_same_name_gets_the_next_version_and_find_knows_the_bytes(
    warehouse: Warehouse, incoming: Make
) -> None:
    one, two = add(warehouse, incoming(), sha="a"), add(warehouse, incoming(), sha="b")
    other = add(warehouse, incoming(), name="outro", sha="a")
    assert (two.dataset, two.version) == (one.dataset, 2)
    assert other.dataset != one.dataset
    assert warehouse.datasets.find("clientes", "a", ReadOptions()) == one
    assert warehouse.datasets.find("clientes", "c", ReadOptions()) is None
    assert warehouse.datasets.versions(one.dataset) == (two, one)
    assert warehouse.datasets.get(one.dataset) == two


def test_the_same_bytes_at_the_same_time_are_one_version(
    warehouse: Warehouse, incoming: Make
) -> None:
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: add(warehouse, incoming()), range(4)))
    assert len(set(map(repr, made))) == 1
    assert tables(warehouse) == 1


def test_an_error_in_the_middle_of_the_rows_leaves_nothing(warehouse: Warehouse) -> None:
    def broken():
        yield batch()
        raise UnreadableFileError("line {line} is broken", line=7)

    with pytest.raises(UnreadableFileError, match="line 7"):
        add(warehouse, Incoming(pa.RecordBatchReader.from_batches(SCHEMA, broken())))
    assert tables(warehouse) == 0
    assert warehouse.datasets.latest().items == ()


def test_an_error_while_registering_leaves_nothing(warehouse: Warehouse, incoming: Make) -> None:
    twice = Incoming(incoming().reader, COLUMNS)
    twice.notes = ("no note",)  # type: ignore[assignment]
    warehouse.datasets._sql = {**warehouse.datasets._sql, "add_version": "SELECT nothing"}
    with pytest.raises(Exception, match="could not do this"):
        add(warehouse, twice)
    assert tables(warehouse) == 0


def test_orphans_of_a_crash_are_swept_at_the_next_start(home: Path, incoming: Make) -> None:
    first = Warehouse.open(home)
    kept = add(first, incoming())
    first.write(lambda c: c.execute("CREATE TABLE data.t_orphan (i INTEGER)") and None)
    first.write(lambda c: c.execute("CREATE TABLE blob.b_orphan (i INTEGER)") and None)
    first.close()
    second = Warehouse.open(home)
    assert (tables(second), tables(second, "blob")) == (1, 0)
    assert second.datasets.rows(kept.dataset, 1, 10).num_rows == 4
    second.close()


def test_delete_drops_every_table_and_row(warehouse: Warehouse, incoming: Make) -> None:
    one = add(warehouse, incoming(), sha="a")
    add(warehouse, incoming(), sha="b")
    warehouse.profiles.keep(one.dataset, 1, TableProfile(4, 4, ()))
    warehouse.datasets.delete(one.dataset)
    assert tables(warehouse) == 0
    with pytest.raises(NotFoundError):
        warehouse.datasets.get(one.dataset)
    with warehouse.reader() as cursor:
        for table in ("dataset", "dataset_version", "dataset_column", "dataset_profile"):
            assert cursor.execute(f"SELECT count(*) FROM app.{table}").fetchone() == (0,)


def test_what_is_not_there_is_said_by_name(warehouse: Warehouse, incoming: Make) -> None:
    made = add(warehouse, incoming())
    for ask in (
        lambda: warehouse.datasets.get("ds_none"),
        lambda: warehouse.datasets.get(made.dataset, 2),
        lambda: warehouse.datasets.versions("ds_none"),
        lambda: warehouse.datasets.rows("ds_none", 1, 1),
    ):
        with pytest.raises(NotFoundError):
            ask()


def test_pages_are_stable_newest_first_and_meet_without_gap(
    warehouse: Warehouse, incoming: Make
) -> None:
    made = [add(warehouse, incoming(), name=f"d{i}").dataset for i in range(5)]
    seen, cursor = [], None
    for _ in range(3):
        page = warehouse.datasets.latest(2, cursor)
        seen += [v.dataset for v in page.items]
        cursor = page.cursor
        add(warehouse, incoming(), name=f"later {len(seen)}")  # arrives while somebody turns pages
    assert seen == made[::-1]
    assert cursor is None


@pytest.mark.parametrize("cursor", ["x", "W10=", "é", "bnVsbA==", "WyIyMDI0IiwgMV0="])
def test_a_cursor_that_we_did_not_give_out_is_refused(warehouse: Warehouse, cursor: str) -> None:
    with pytest.raises(InvalidError):
        warehouse.datasets.latest(2, cursor)


def test_the_ipc_file_can_be_memory_mapped_with_the_stored_types(
    warehouse: Warehouse, incoming: Make, tmp_path: Path
) -> None:
    made = add(warehouse, incoming())
    warehouse.datasets.write_ipc(made.dataset, 1, tmp_path / "x.arrow")
    table = pa.ipc.open_file(pa.memory_map(str(tmp_path / "x.arrow"))).read_all()
    assert table.schema.types == SCHEMA.types
    assert table.column(0).to_pylist() == [1, 2, None, 2]


def test_a_version_for_a_dataset_that_was_deleted_meanwhile_is_refused_and_leaves_nothing(
    warehouse: Warehouse, incoming: Make
) -> None:
    made = add(warehouse, incoming())
    warehouse.datasets.delete(made.dataset)
    with pytest.raises(NotFoundError):
        warehouse.datasets.add(
            name="clientes",
            filename="f.csv",
            sha256="later",
            size_bytes=1,
            table=incoming(),
            dataset=made.dataset,
        )
    with warehouse.reader() as cursor:
        left = cursor.execute(
            "SELECT count(*) FROM duckdb_tables() WHERE schema_name = 'data'"
        ).fetchone()
    assert left == (0,)


def test_the_same_bytes_read_in_another_way_are_another_version(
    warehouse: Warehouse, incoming: Make
) -> None:

    first = add(warehouse, incoming(), sha="x")
    options = ReadOptions(date_order=DateOrder.MDY, types={"b": ColumnType.TEXT})
    second = warehouse.datasets.add(
        name=first.name,
        filename="f.csv",
        sha256="x",
        size_bytes=1,
        table=incoming(),
        origin=lambda: Origin(options=options, rejected=2),
    )
    assert second.version == 2
    assert second.rejected == 2
    assert warehouse.datasets.find(first.name, "x", options) == second
    assert warehouse.datasets.find(first.name, "x", ReadOptions()) == first
    assert warehouse.origins.get(second.dataset, 2).options == options
