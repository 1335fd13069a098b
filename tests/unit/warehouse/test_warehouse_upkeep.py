"""Care of the file while others use it: space, compaction, backup, restore."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import duckdb
import pytest

from freemlops.domain.errors import InvalidError, NotFoundError, WarehouseError
from freemlops.warehouse.upkeep import restore_closed
from freemlops.warehouse.warehouse import Warehouse
from tests.unit.warehouse.conftest import Incoming, batch

MEGABYTES = 1024**2


def put(warehouse: Warehouse, name: str, copies: int = 1) -> str:
    import pyarrow as pa

    one = batch()
    table = Incoming(pa.RecordBatchReader.from_batches(one.schema, [one] * copies))
    version = warehouse.datasets.add(
        name=name, filename="f.csv", sha256=name, size_bytes=1, table=table
    )
    return version.dataset


def put_blob(warehouse: Warehouse, tmp_path: Path, size: int) -> str:
    path = tmp_path / "blob"
    path.write_bytes(os.urandom(size))
    return warehouse.artifacts.put(path, "onnx").sha256


def test_compacting_gives_back_what_deleting_left(warehouse: Warehouse, tmp_path: Path) -> None:
    kept = put(warehouse, "kept")
    gone = [put_blob(warehouse, tmp_path, 12 * MEGABYTES) for _ in range(3)]
    stays = put_blob(warehouse, tmp_path, MEGABYTES)
    for sha256 in gone:
        warehouse.artifacts.drop(sha256)
    heard: list[float] = []
    before = warehouse.upkeep.space()
    after = warehouse.upkeep.compact(heard.append)
    assert before.file_bytes > 30 * MEGABYTES
    assert after.file_bytes < 8 * MEGABYTES
    assert heard == sorted(heard)
    assert heard[-1] == 1.0
    assert warehouse.datasets.get(kept).rows == 4
    assert len(warehouse.artifacts.read(stays)) == MEGABYTES
    again = put(warehouse, "after")
    assert warehouse.datasets.get(again).name == "after"


def test_the_documentation_of_the_views_survives_compacting(warehouse: Warehouse) -> None:
    def comments() -> list[tuple[object, ...]]:
        with warehouse.reader() as cursor:
            return cursor.execute(
                "SELECT table_name, column_name, comment FROM duckdb_columns() "
                "WHERE schema_name = 'lab' ORDER BY ALL"
            ).fetchall()

    before = comments()
    warehouse.upkeep.compact()
    assert before == comments()
    assert any(comment for *_, comment in before)


def test_reading_and_writing_go_on_around_a_compaction(warehouse: Warehouse) -> None:
    dataset = put(warehouse, "read", copies=2000)
    stop = threading.Event()
    failures: list[BaseException] = []

    def use(number: int) -> None:
        done = 0
        while not stop.is_set():
            try:
                assert warehouse.datasets.get(dataset).rows == 8000
                warehouse.settings.set(f"key{number}", str(done))
                assert warehouse.settings.get(f"key{number}") == str(done)
                done += 1
            except BaseException as error:
                failures.append(error)
                return

    threads = [threading.Thread(target=use, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(3):
        warehouse.upkeep.compact()
    stop.set()
    for thread in threads:
        thread.join()
    assert failures == []


def test_nothing_is_compacted_while_an_upload_is_read(warehouse: Warehouse) -> None:
    import pyarrow as pa

    go_on, reading = threading.Event(), threading.Event()
    one = batch()

    def slow():
        yield one
        reading.set()
        go_on.wait(30)
        yield one

    table = Incoming(pa.RecordBatchReader.from_batches(one.schema, slow()))
    adding = threading.Thread(
        target=lambda: warehouse.datasets.add(
            name="slow", filename="f", sha256="s", size_bytes=1, table=table
        )
    )
    adding.start()
    reading.wait(30)
    with pytest.raises(Exception, match="upload"):
        warehouse.upkeep.compact()
    go_on.set()
    adding.join()
    assert warehouse.datasets.latest().items[0].rows == 8


def test_a_backup_made_while_an_upload_is_read_has_all_that_was_committed(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    import pyarrow as pa

    put(warehouse, "whole")
    go_on, reading = threading.Event(), threading.Event()
    one = batch()

    def slow():
        yield one
        reading.set()
        go_on.wait(30)
        yield one

    table = Incoming(pa.RecordBatchReader.from_batches(one.schema, slow()))
    adding = threading.Thread(
        target=lambda: warehouse.datasets.add(
            name="slow", filename="f", sha256="s", size_bytes=1, table=table
        )
    )
    adding.start()
    reading.wait(30)
    warehouse.upkeep.backup(tmp_path / "backup")
    go_on.set()
    adding.join()
    restore_closed(tmp_path / "other" / "freemlops.duckdb", tmp_path / "backup")
    other = Warehouse.open(tmp_path / "other")
    assert [v.name for v in other.datasets.latest().items] == ["whole"]
    other.close()


def test_a_backup_opens_in_any_duckdb_and_names_what_is_in_it(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    put(warehouse, "one")
    note = warehouse.upkeep.backup(tmp_path / "backup")
    assert set(note.files) == {"freemlops.duckdb"}
    assert note.size_bytes == (tmp_path / "backup" / "freemlops.duckdb").stat().st_size
    stock = duckdb.connect(str(tmp_path / "backup" / "freemlops.duckdb"), read_only=True)
    assert stock.execute("SELECT name FROM lab.datasets").fetchall() == [("one",)]
    stock.close()
    put(warehouse, "two")
    warehouse.upkeep.backup(tmp_path / "backup")
    assert [p.name for p in tmp_path.iterdir() if "backup" in p.name] == ["backup"]


def test_a_backup_does_not_drop_the_lock_of_the_file(warehouse: Warehouse, tmp_path: Path) -> None:
    import subprocess
    import sys

    warehouse.upkeep.backup(tmp_path / "backup")
    path = next(p for p in tmp_path.rglob("freemlops.duckdb") if p.parent.name != "backup")
    code = f"import duckdb; duckdb.connect({str(path)!r})"
    tried = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "Could not set lock" in tried.stderr


def test_restoring_brings_back_what_was_and_keeps_what_is(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    put(warehouse, "before")
    warehouse.upkeep.backup(tmp_path / "backup")
    put(warehouse, "after")
    done = warehouse.upkeep.restore(tmp_path / "backup")
    assert [v.name for v in warehouse.datasets.latest().items] == ["before"]
    put(warehouse, "later")
    former = duckdb.connect(str(done.former), read_only=True)
    names = former.execute("SELECT name FROM app.dataset ORDER BY 1").fetchall()
    assert names == [("after",), ("before",)]
    former.close()


def test_a_damaged_backup_changes_nothing(warehouse: Warehouse, tmp_path: Path) -> None:
    put(warehouse, "here")
    warehouse.upkeep.backup(tmp_path / "backup")
    file = tmp_path / "backup" / "freemlops.duckdb"
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    with pytest.raises(WarehouseError, match="damaged"):
        warehouse.upkeep.restore(tmp_path / "backup")
    with pytest.raises(NotFoundError):
        warehouse.upkeep.restore(tmp_path / "nothing")
    assert [v.name for v in warehouse.datasets.latest().items] == ["here"]


def test_a_backup_of_a_newer_version_is_refused_and_the_file_put_back(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    put(warehouse, "here")
    warehouse.upkeep.backup(tmp_path / "backup")
    file = tmp_path / "backup" / "freemlops.duckdb"
    newer = duckdb.connect(str(file))
    newer.execute("INSERT INTO app.migration VALUES (9999, 'future', 'x', now()::TIMESTAMP)")
    newer.close()
    from freemlops.warehouse import backup

    backup.seal(tmp_path / "backup", 9999)
    with pytest.raises(WarehouseError, match="newer version"):
        warehouse.upkeep.restore(tmp_path / "backup")
    assert [v.name for v in warehouse.datasets.latest().items] == ["here"]
    put(warehouse, "still writable")


def test_a_backup_never_covers_a_folder_of_other_things(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.png").write_bytes(b"meow")
    with pytest.raises(InvalidError):
        warehouse.upkeep.backup(tmp_path / "photos")
    assert (tmp_path / "photos" / "cat.png").exists()
