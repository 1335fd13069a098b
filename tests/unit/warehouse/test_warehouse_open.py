"""Opening: settings, ownership, migrations."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import duckdb
import pytest

from freemlops.domain.errors import WarehouseError, WarehouseHeldError
from freemlops.resources import resource
from freemlops.warehouse.owner import Owner, read_owner
from freemlops.warehouse.warehouse import Warehouse

OPEN = """
import sys
from pathlib import Path
from freemlops.warehouse.owner import read_owner
from freemlops.warehouse.warehouse import Warehouse
"""


def child(code: str, home: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", OPEN + code, str(home)], capture_output=True, text=True, timeout=60
    )


TRY = """
try:
    Warehouse.open(Path(sys.argv[1])).close(); print("opened")
except Exception as error:
    print(type(error).__name__, error, error.message.params)
"""


def test_makes_the_home_and_a_second_start_finds_everything(home: Path) -> None:
    first = Warehouse.open(home)
    first.settings.set("k", "v")
    first.close()
    second = Warehouse.open(home)
    assert second.settings.get("k") == "v"
    second.close()


def test_a_second_process_is_told_who_holds_it_and_where(warehouse: Warehouse, home: Path) -> None:
    warehouse.announce("http://127.0.0.1:5006")
    said = child(TRY, home).stdout
    assert said.startswith("WarehouseHeldError")
    assert str(os.getpid()) in said
    assert "http://127.0.0.1:5006" in said


def test_the_lock_survives_a_look_at_the_file_by_the_owner(
    warehouse: Warehouse, home: Path
) -> None:
    (home / "freemlops.duckdb").read_bytes()  # drops DuckDB's own lock
    assert child(TRY, home).stdout.startswith("WarehouseHeldError")


def test_the_same_process_cannot_open_it_twice(warehouse: Warehouse, home: Path) -> None:
    with pytest.raises(WarehouseHeldError) as caught:
        Warehouse.open(home)
    assert caught.value.message.params["pid"] == str(os.getpid())


def test_another_program_with_the_file_open_is_named_by_its_pid(home: Path) -> None:
    Warehouse.open(home).close()
    code = (
        "import duckdb; c = duckdb.connect(str(Path(sys.argv[1]) / 'freemlops.duckdb'));"
        "print('ready', flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", OPEN + code, str(home)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout.readline() == "ready\n"
        with pytest.raises(WarehouseHeldError) as caught:
            Warehouse.open(home)
        assert caught.value.message.params["pid"] == str(other.pid)
        other.communicate("\n")
    Warehouse.open(home).close()


def test_says_who_owns_it_while_it_is_open_and_nobody_after(home: Path) -> None:
    assert read_owner(home) is None
    opened = Warehouse.open(home, owner_url="http://x:1")
    assert read_owner(home) == Owner(os.getpid(), "http://x:1")
    opened.close()
    assert read_owner(home) is None
    assert not (home / "owner.json").exists()


@pytest.mark.parametrize("pid", [2**22 + 12345, os.getpid()], ids=["dead", "reused"])
def test_a_note_left_by_a_dead_process_is_ignored(home: Path, pid: int) -> None:
    Warehouse.open(home).close()
    (home / "owner.json").write_text(json.dumps({"pid": pid, "url": "http://x:1"}))
    assert read_owner(home) is None
    Warehouse.open(home).close()


def test_a_file_that_is_no_database_is_refused_in_words(home: Path) -> None:
    home.mkdir()
    (home / "freemlops.duckdb").write_text("not a database" * 1000)
    with pytest.raises(WarehouseError, match="can't be opened"):
        Warehouse.open(home)
    assert read_owner(home) is None


def test_a_home_that_cannot_be_made_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(WarehouseError, match="Choose another"):
        Warehouse.open(tmp_path / "file" / "home")


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "COPY (SELECT 1) TO '/tmp/never'",
        "ATTACH '/tmp/never.duckdb'",
        "INSTALL httpfs",
        "SET enable_external_access = true",
        "SET memory_limit = '100GB'",
    ],
)
def test_sql_reaches_nothing_outside_the_file(warehouse: Warehouse, sql: str) -> None:
    with pytest.raises(WarehouseError), warehouse.reader() as cursor:
        cursor.execute(sql)


def test_python_variables_are_no_tables(warehouse: Warehouse) -> None:
    import pyarrow as pa

    secret = pa.table({"a": [1]})
    with pytest.raises(WarehouseError), warehouse.reader() as cursor:
        cursor.execute("SELECT * FROM secret")
    assert secret.num_rows == 1


def test_closes_while_others_are_reading(home: Path) -> None:
    opened = Warehouse.open(home)
    said: list[str] = []

    def read() -> None:
        try:
            while True:
                with opened.reader() as cursor:
                    cursor.execute("SELECT sum(i) FROM range(100000000) t(i)").fetchall()
        except Exception as error:
            said.append(type(error).__name__)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for thread in readers:
        thread.start()
    time.sleep(0.2)
    opened.close()
    for thread in readers:
        thread.join(20)
    assert said == ["UnavailableError"] * 4
    Warehouse.open(home).close()


def steps(folder: Path, *sql: str) -> Path:
    folder.mkdir(exist_ok=True)
    for path in (resource("store") / "migrations").glob("*.sql"):
        (folder / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    last = len(list(folder.glob("*.sql")))
    for number, text in enumerate(sql, start=last + 1):
        (folder / f"{number:04}_more.sql").write_text(text, encoding="utf-8")
    return folder


def test_records_every_migration_with_its_hash(warehouse: Warehouse) -> None:
    with warehouse.reader() as cursor:
        rows = cursor.execute("SELECT number, sha256 FROM app.migration ORDER BY 1").fetchall()
    files = list((resource("store") / "migrations").glob("*.sql"))
    assert [n for n, _ in rows] == list(range(1, len(files) + 1))
    assert all(len(sha256) == 64 for _, sha256 in rows)


def test_an_upgrade_copies_the_file_first_and_keeps_the_data(home: Path, tmp_path: Path) -> None:
    old = Warehouse.open(home)
    old.settings.set("k", "v")
    old.close()
    folder = steps(tmp_path / "sql", "CREATE TABLE app.extra (i INTEGER);")
    number = len(list(folder.glob("*.sql")))
    new = Warehouse.open(home, migrations=folder)
    with new.reader() as cursor:
        assert cursor.execute("SELECT count(*) FROM app.extra").fetchone() == (0,)
    assert new.settings.get("k") == "v"
    new.close()
    copy = duckdb.connect(str(home / f"freemlops.before-{number:04}.duckdb"), read_only=True)
    assert copy.execute("SELECT value FROM app.setting").fetchall() == [("v",)]
    copy.close()


def test_a_new_file_is_not_copied(warehouse: Warehouse, home: Path) -> None:
    assert list(home.glob("*before*")) == []


def test_a_failing_migration_leaves_the_file_as_it_was(home: Path, tmp_path: Path) -> None:
    Warehouse.open(home).close()
    folder = steps(tmp_path / "sql", "CREATE TABLE app.half (i INTEGER); SELECT * FROM nowhere;")
    with pytest.raises(WarehouseError, match="Nothing was changed"):
        Warehouse.open(home, migrations=folder)
    again = Warehouse.open(home)
    with again.reader() as cursor:
        found = cursor.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'half'")
        assert found.fetchone() == (0,)
    again.close()


def test_a_file_of_a_newer_version_is_refused(home: Path, tmp_path: Path) -> None:
    Warehouse.open(home, migrations=steps(tmp_path / "sql", "SELECT 1;")).close()
    with pytest.raises(WarehouseError, match="newer version"):
        Warehouse.open(home)


def test_a_changed_migration_is_refused(home: Path, tmp_path: Path) -> None:
    folder = steps(tmp_path / "sql", "SELECT 1;")
    Warehouse.open(home, migrations=folder).close()
    changed = max(folder.glob("*.sql"))
    changed.write_text("SELECT 2;", encoding="utf-8")
    with pytest.raises(WarehouseError, match="not the one"):
        Warehouse.open(home, migrations=folder)


def test_every_lab_view_and_column_is_documented(warehouse: Warehouse) -> None:
    with warehouse.reader() as cursor:
        views = cursor.execute(
            "SELECT view_name, comment FROM duckdb_views() WHERE schema_name = 'lab'"
        ).fetchall()
        columns = cursor.execute(
            "SELECT table_name, column_name, comment FROM duckdb_columns() "
            "WHERE schema_name = 'lab'"
        ).fetchall()
    names = {"runs", "trials", "candidates", "leaderboard", "datasets", "models", "deployments"}
    assert names <= {name for name, _ in views}
    assert [name for name, comment in views if not comment] == []
    assert [(t, c) for t, c, comment in columns if not comment] == []


def test_every_named_query_is_understood_by_duckdb(warehouse: Warehouse, home: Path) -> None:
    from freemlops.warehouse.sql import queries

    with warehouse.reader() as cursor:  # what the publisher of the SQL lab attaches and makes
        cursor.execute(f"ATTACH '{home / 'other.duckdb'}' AS live")
        cursor.execute(queries("lab")["prepare"])
        cursor.execute("CREATE TEMP TABLE prediction_entries AS FROM app.prediction LIMIT 0")
        cursor.execute("CREATE SCHEMA IF NOT EXISTS live.lab")
        cursor.execute("CREATE TABLE live.lab.predictions AS FROM lab.predictions LIMIT 0")
        cursor.execute("CREATE TEMP TABLE marks (run VARCHAR, mark UBIGINT, moving BOOLEAN)")
    for path in (resource("store") / "queries").glob("*.sql"):
        for name, sql in queries(path.stem).items():
            sql = sql.replace("$here.", "")  # the name of the warehouse, put in as text
            with warehouse.reader() as cursor:
                try:
                    cursor.execute(f"EXPLAIN {sql}")
                except duckdb.Error as error:
                    assert (
                        "Values were not provided" in str(error)
                        or "parameter" in str(error).lower()
                    ), (path.stem, name, error)
