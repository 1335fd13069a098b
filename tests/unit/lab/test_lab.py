"""What the lab offers: fresh answers, the cookbook, saved queries, snapshots."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import duckdb
import pytest

from freemlops.domain.errors import InvalidError, NotFoundError, UnavailableError
from freemlops.services.sql import SqlService
from freemlops.warehouse.warehouse import Warehouse
from tests.unit.lab.conftest import CANARY, add_dataset, add_run, fill


@pytest.fixture
def own(tmp_path: Path) -> Warehouse:
    opened = Warehouse.open(tmp_path / "own")
    fill(opened)
    yield opened  # type: ignore[misc]
    opened.close()


@pytest.fixture
def service(own: Warehouse) -> SqlService:
    from freemlops.services.sql import SqlLimits

    return SqlService(own, SqlLimits(seconds=5))


def test_a_finished_run_is_seen_by_the_next_query(own: Warehouse, service: SqlService) -> None:
    count = "SELECT count(*) AS n, count(best_score) AS scored FROM lab.runs"
    assert service.run(count).table.to_pylist() == [{"n": 5, "scored": 4}]
    add_run(own, "run_20", "ds", 20)
    assert service.run(count).table.to_pylist() == [{"n": 6, "scored": 5}]
    own.runs.update("run_20", best="c1")
    best = service.run("SELECT best_family FROM lab.runs WHERE run = 'run_20'")
    assert best.table.to_pylist() == [{"best_family": "xgboost"}]


def test_the_published_tables_are_the_views(own: Warehouse, service: SqlService) -> None:
    service.run("FROM lab.runs")
    add_run(own, "run_20", "ds", 20)
    for table in service.tables():
        if table.schema == "lab":
            with own.reader() as cursor:
                sql = f"SELECT count(*), sum(hash(t::VARCHAR)) FROM lab.{table.name} t"
                wanted = cursor.execute(sql).fetchall()
            got = service.run(f"SELECT count(*), sum(hash(t::VARCHAR)) FROM lab.{table.name} t")
            rows = [tuple(row.values()) for row in got.table.to_pylist()]
            same = [tuple(map(str, row)) for row in rows] == [tuple(map(str, r)) for r in wanted]
            assert same, table.name


def test_a_damaged_copy_is_made_anew(own: Warehouse, service: SqlService, tmp_path: Path) -> None:
    service.run("FROM lab.runs")
    (tmp_path / "own" / "lab" / "live.duckdb").write_bytes(b"no database at all")
    own.settings.set("anything", "x")
    assert service.run("FROM lab.runs").table.num_rows == 5


def test_datasets_come_and_go_with_their_versions(
    own: Warehouse, service: SqlService, tmp_path: Path
) -> None:
    dataset = add_dataset(own, "new", 7, "e" * 64)
    assert service.run("FROM data.new").table.num_rows == 7
    files = tmp_path / "own" / "lab" / "data"
    assert len(list(files.iterdir())) == 1
    own.datasets.delete(dataset)
    with pytest.raises(InvalidError):
        service.run("FROM data.new")
    assert not list(files.iterdir())


def test_every_recipe_gives_rows(sql: SqlService) -> None:
    recipes = sql.recipes()
    assert len(recipes) >= 15
    empty = [r.key for r in recipes if not sql.run(r.sql).table.num_rows]
    assert not empty


def test_tables_are_documented_column_by_column(sql: SqlService) -> None:
    lab = [t for t in sql.tables() if t.schema == "lab"]
    assert {"runs", "trials", "leaderboard", "datasets"} <= {t.name for t in lab}
    assert all(t.about and all(c.about for c in t.columns) for t in lab)
    data = {t.name: [c.name for c in t.columns] for t in sql.tables() if t.schema == "data"}
    assert data["churn"] == data["churn@1"] == ["income", "city"]


def test_the_limit_holds_and_tells(sql: SqlService) -> None:
    cut = sql.run("FROM range(10)", limit=3)
    assert (cut.table.num_rows, cut.truncated, cut.limit) == (3, True, 3)
    assert not sql.run("FROM range(3)", limit=3).truncated
    with pytest.raises(InvalidError):
        sql.run("SELECT 1", limit=0)


def test_an_error_names_the_line(sql: SqlService) -> None:
    with pytest.raises(InvalidError) as caught:
        sql.run("-- ação\nSELECT run,\n  nam FROM lab.runs")
    assert caught.value.message.params["line"] == 3
    assert caught.value.message.params["place"] == 3
    assert "name" in str(caught.value)


def test_a_query_can_be_cancelled(sql: SqlService) -> None:
    stop = threading.Event()
    threading.Timer(0.5, stop.set).start()
    began = time.monotonic()
    with pytest.raises(UnavailableError):
        sql.run("SELECT count(*) FROM range(1000000000) a, range(1000000) b", stop=stop)
    assert time.monotonic() - began < 5


def test_a_saved_query_is_kept_replaced_and_forgotten(sql: SqlService) -> None:
    first = sql.save("  My   question ", "SELECT 1", "why")
    again = sql.save("my question", "SELECT 2")
    assert (again.id, again.sql, again.about) == (first.id, "SELECT 2", "")
    assert [s.name for s in sql.saved()] == ["my question"]
    sql.forget(first.id)
    assert not sql.saved()
    with pytest.raises(NotFoundError):
        sql.forget(first.id)
    for name, text in (("", "SELECT 1"), ("x", " "), ("x" * 101, "SELECT 1")):
        with pytest.raises(InvalidError):
            sql.save(name, text)


@pytest.mark.parametrize("version", [None, "v1.2.0"])
def test_a_snapshot_opens_in_any_duckdb(
    sql: SqlService, tmp_path: Path, version: str | None
) -> None:
    path = tmp_path / "out.duckdb"
    assert sql.snapshot(path, storage_version=version, with_data=True) == path.stat().st_size
    assert CANARY.encode() not in path.read_bytes()
    with duckdb.connect(str(path), read_only=True) as stock:
        runs = stock.execute("SELECT count(*) FROM lab.runs").fetchall()
        data = stock.execute("SELECT count(*) FROM data.churn").fetchall()
        about = stock.execute(
            "SELECT comment FROM duckdb_tables() WHERE table_name = 'runs'"
        ).fetchall()
        tags = stock.execute("SELECT tags FROM duckdb_databases() WHERE database_name = 'out'")
        storage = str(tags.fetchall())
        tables = {r[0] for r in stock.execute("SELECT schema_name FROM duckdb_tables()").fetchall()}
    assert runs == [(5,)]
    assert data == [(50,)]
    assert about == [("Training runs, one row each",)]
    assert tables == {"lab", "data"}
    assert version is None or "v1.2" in storage
    assert [p.name for p in tmp_path.iterdir()] == ["out.duckdb"]


def test_a_snapshot_of_an_unknown_version_is_refused(sql: SqlService, tmp_path: Path) -> None:
    for version in ("v0.0.1", "1.2", "v1.2.0'; DROP"):
        with pytest.raises(InvalidError):
            sql.snapshot(tmp_path / "out.duckdb", storage_version=version)
    assert not list(tmp_path.iterdir())
