"""kill -9 in the middle of a work: nothing half remains, nothing whole is lost."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pyarrow as pa
import pytest

from freemlops.domain.dataset import Column, ColumnType
from freemlops.domain.errors import NotFoundError
from freemlops.domain.reading import Origin
from freemlops.resources import resource
from freemlops.warehouse import migrate
from freemlops.warehouse.backup import verify
from freemlops.warehouse.connection import connect
from freemlops.warehouse.upkeep import restore_closed
from freemlops.warehouse.warehouse import Warehouse

ATTEMPTS = 20
ROWS = 120_000
SCHEMA = pa.schema([("i", pa.int64()), ("s", pa.string())])
HEAD = """
import sys
from pathlib import Path
from freemlops.warehouse.warehouse import Warehouse
from tests.faults.test_warehouse_killed import add
home = Path(sys.argv[1])
w = Warehouse.open(home)
print("go", flush=True)
"""
WORKS = {
    "ingest": HEAD + "for n in range(1000): add(w, home, 100 + n); print(n, flush=True)",
    "delete": HEAD
    + """
for v in w.datasets.latest(200).items:
    files = w.datasets.delete(v.dataset); w.artifacts.drop_unused(files); w.upkeep.settle()
    print(v.name, flush=True)
""",
    "compact": HEAD + "for n in range(1000): w.upkeep.compact(); print(n, flush=True)",
    "backup": HEAD
    + "for n in range(1000): w.upkeep.backup(home.parent / 'safe'); print(n, flush=True)",
    "migration": """
import sys
from pathlib import Path
print("go", flush=True)
from freemlops.warehouse.warehouse import Warehouse
for n in range(1000):
    Warehouse.open(Path(sys.argv[1])).close(); print(n, flush=True)
""",
}


def add(warehouse: Warehouse, home: Path, number: int) -> None:
    """A dataset whose rows follow from its number, and a stored file that belongs to it."""

    def batches() -> Iterator[pa.RecordBatch]:
        for start in range(0, ROWS, 5000):
            i = pa.array(range(number + start, number + start + 5000))
            yield pa.record_batch([i, i.cast(pa.string())], schema=SCHEMA)

    def origin() -> Origin:
        blob = home / "blob"
        blob.write_bytes(number.to_bytes(4, "big") * 2_500_000)
        return Origin(original=warehouse.artifacts.put(blob, "original").sha256)

    warehouse.datasets.add(
        name=f"d{number}",
        filename="f",
        sha256=str(number),
        size_bytes=1,
        table=SimpleNamespace(
            reader=pa.RecordBatchReader.from_batches(SCHEMA, batches()),
            columns=(Column("i", ColumnType.INTEGER), Column("s", ColumnType.TEXT)),
            notes=(),
        ),
        origin=origin,
    )


def check(warehouse: Warehouse) -> set[str]:
    """Every version has all its rows and its file, every file its hash, and there is no more."""
    versions = warehouse.datasets.latest(200).items
    files = []
    for version in versions:
        number = int(version.name.removeprefix("d"))
        assert version.rows == ROWS
        last = warehouse.datasets.rows(version.dataset, 1, 5, ROWS - 1).to_pylist()
        assert last == [{"i": number + ROWS - 1, "s": str(number + ROWS - 1)}]
        original = warehouse.origins.get(version.dataset, 1).original
        if original is not None:
            files.append(original)
            assert warehouse.artifacts.read(original)[:4] == number.to_bytes(4, "big")
    with warehouse.reader() as cursor:
        tables = cursor.execute(
            "SELECT schema_name, count(*)::INTEGER FROM duckdb_tables() "
            "WHERE schema_name IN ('data', 'blob') GROUP BY ALL"
        ).fetchall()
        known = {r[0] for r in cursor.execute("SELECT sha256 FROM app.artifact").fetchall()}
    assert known == set(files)
    assert dict(tables) == {
        name: n for name, n in (("data", len(versions)), ("blob", len(files))) if n
    }
    return {v.name for v in versions}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with six datasets, to be copied."""
    home = tmp_path_factory.mktemp("filled") / "home"
    warehouse = Warehouse.open(home)
    for number in range(6):
        add(warehouse, home, number)
    warehouse.close()
    (home / "blob").unlink()
    return home


def kill(work: str, home: Path, seed: int, within_s: float) -> list[str]:
    """What the work had told when it was killed."""
    rng = random.Random(seed)
    with subprocess.Popen(
        [sys.executable, "-c", WORKS[work], str(home)],
        stdout=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": str(Path(__file__).parents[2])},
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "go\n"
        time.sleep(rng.uniform(0, within_s))
        child.send_signal(signal.SIGKILL)
        return child.stdout.read().split()


def strays(home: Path) -> set[str]:
    known = {"freemlops.duckdb", "freemlops.duckdb.wal", "owner.lock", "owner.json", "spill"}
    lab = {p.name for p in (home / "lab").rglob("*") if p.is_file()}
    return ({p.name for p in home.iterdir()} | lab) - known - {"blob", "lab"}


@pytest.mark.parametrize("attempt", range(ATTEMPTS))
def test_killed_while_data_comes_in(tmp_path: Path, filled: Path, attempt: int) -> None:
    home = shutil.copytree(filled, tmp_path / "home")
    done = kill("ingest", home, attempt, 0.8)
    warehouse = Warehouse.open(home)
    names = check(warehouse)
    assert names >= {f"d{n}" for n in range(6)} | {f"d{100 + int(n)}" for n in done}
    warehouse.close()
    assert strays(home) == set()


@pytest.mark.parametrize("attempt", range(ATTEMPTS))
def test_killed_while_data_is_deleted(tmp_path: Path, filled: Path, attempt: int) -> None:
    home = shutil.copytree(filled, tmp_path / "home")
    done = kill("delete", home, attempt, 0.2)
    warehouse = Warehouse.open(home)
    assert check(warehouse) <= {f"d{n}" for n in range(6)} - set(done)
    warehouse.close()


@pytest.mark.parametrize("attempt", range(ATTEMPTS))
def test_killed_while_compacting(tmp_path: Path, filled: Path, attempt: int) -> None:
    home = shutil.copytree(filled, tmp_path / "home")
    kill("compact", home, attempt, 1.0)
    warehouse = Warehouse.open(home)
    assert check(warehouse) == {f"d{n}" for n in range(6)}
    warehouse.close()
    assert strays(home) == set()


@pytest.mark.parametrize("attempt", range(ATTEMPTS))
def test_killed_while_backing_up(tmp_path: Path, filled: Path, attempt: int) -> None:
    home, safe = shutil.copytree(filled, tmp_path / "home"), tmp_path / "safe"
    done = kill("backup", home, attempt, 0.6)
    try:
        verify(safe)
    except NotFoundError:
        assert done == []  # it was the first one
    else:
        other = tmp_path / "other" / "freemlops.duckdb"
        restore_closed(other, safe)
        restored = Warehouse.open(other.parent)
        assert check(restored) == {f"d{n}" for n in range(6)}
        restored.close()
    warehouse = Warehouse.open(home)
    assert check(warehouse) == {f"d{n}" for n in range(6)}
    warehouse.upkeep.backup(safe)
    warehouse.close()
    assert {p.name for p in tmp_path.iterdir()} <= {"home", "safe", "other"}


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of an early version, with data."""
    folder = tmp_path_factory.mktemp("old")
    (folder / "migrations").mkdir()
    for path in sorted((resource("store") / "migrations").glob("000[12]_*.sql")):
        shutil.copy(path, folder / "migrations")
    home = folder / "home"
    home.mkdir()
    connection = connect(home / "freemlops.duckdb", "1GB")
    migrate.apply(connection, migrate.read_migrations(folder / "migrations"))
    connection.execute(
        f"""
        CREATE TABLE data.t_1 AS SELECT range i, range::VARCHAR s FROM range({ROWS});
        INSERT INTO app.dataset VALUES ('ds', 'd0', now()::TIMESTAMP);
        INSERT INTO app.dataset_version
        VALUES ('ds', 1, 'f', 'x', {ROWS}, 2, 1, false, 't_1', '[]', now()::TIMESTAMP);
        """
    )
    connection.close()
    return home


@pytest.mark.parametrize("attempt", range(ATTEMPTS))
def test_killed_while_the_schema_is_brought_up(tmp_path: Path, old: Path, attempt: int) -> None:
    home = shutil.copytree(old, tmp_path / "home")
    kill("migration", home, attempt, 0.9)
    warehouse = Warehouse.open(home)
    assert check(warehouse) == {"d0"}
    warehouse.close()
    assert {name.split("-")[0] for name in strays(home)} <= {"freemlops.before"}
