"""The single writer: order, groups, failures."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager

import duckdb
import pytest

from freemlops.domain.errors import ConflictError, UnavailableError, WarehouseError
from freemlops.warehouse.warehouse import Warehouse


@pytest.fixture
def counted(warehouse: Warehouse) -> Warehouse:
    warehouse.write(lambda c: c.execute("CREATE TABLE app.t (i INTEGER PRIMARY KEY)") and None)
    return warehouse


def values(warehouse: Warehouse) -> list[int]:
    with warehouse.reader() as cursor:
        return [r[0] for r in cursor.execute("SELECT i FROM app.t ORDER BY i").fetchall()]


def insert(i: int):
    return lambda c: c.execute("INSERT INTO app.t VALUES (?)", [i]) and i


def test_returns_the_result_once_it_is_committed(counted: Warehouse) -> None:
    assert counted.write(lambda c: insert(1)(c) and "done") == "done"
    assert values(counted) == [1]


def test_a_failing_write_does_not_spoil_its_neighbours(counted: Warehouse) -> None:
    held, go = threading.Event(), threading.Event()
    blocker = counted.write_soon(lambda c: held.set() or go.wait(10))
    held.wait(10)  # what is queued now becomes one group
    futures = [counted.write_soon(insert(i)) for i in (1, 2, 2, 3)]
    go.set()
    wait([blocker, *futures])
    assert [f.exception() is None for f in futures] == [True, True, False, True]
    assert values(counted) == [1, 2, 3]


def test_a_group_is_one_transaction(counted: Warehouse) -> None:
    held, go = threading.Event(), threading.Event()
    blocker = counted.write_soon(lambda c: held.set() or go.wait(10))
    held.wait(10)
    ids = [
        counted.write_soon(lambda c: c.execute("SELECT txid_current()").fetchone()[0])
        for _ in range(20)
    ]
    go.set()
    wait([blocker, *ids])
    assert len({f.result() for f in ids}) == 1


def insert_all(cursor, numbers):
    """All of them in one statement; what comes out is their doubles, in order."""
    cursor.execute("INSERT INTO app.t SELECT unnest(?::INTEGER[])", [list(numbers)])
    CALLS.append(list(numbers))
    return [2 * n for n in numbers]


CALLS: list[list[int]] = []


@contextmanager
def waiting(warehouse: Warehouse) -> Iterator[None]:
    """Whatever is written inside waits, and is one group at the end."""
    held, go = threading.Event(), threading.Event()
    blocker = warehouse.write_soon(lambda c: held.set() or go.wait(10))
    held.wait(10)
    try:
        yield
    finally:
        go.set()
        blocker.result(10)


def test_neighbours_of_one_kind_become_one_call_with_their_results_in_order(
    counted: Warehouse,
) -> None:
    CALLS.clear()
    writer = counted._database._writer
    with waiting(counted):
        first = [writer.submit_item(insert_all, n) for n in (5, 3, 4)]
        between = counted.write_soon(lambda c: len(CALLS))
        second = [writer.submit_item(insert_all, n) for n in (1, 2)]
    assert [f.result(10) for f in (*first, *second)] == [10, 6, 8, 2, 4]
    assert between.result(10) == 1
    assert CALLS == [[5, 3, 4], [1, 2]]
    assert values(counted) == [1, 2, 3, 4, 5]


def test_one_that_fails_among_those_written_together_fails_alone(counted: Warehouse) -> None:
    writer = counted._database._writer
    counted.write(insert(3))
    with waiting(counted):
        futures = [writer.submit_item(insert_all, n) for n in (1, 3, 2)]
    wait(futures)
    assert isinstance(futures[1].exception(), WarehouseError)
    assert [futures[0].result(), futures[2].result()] == [2, 4]
    assert values(counted) == [1, 2, 3]


def test_nobody_reads_a_group_before_it_is_committed(counted: Warehouse) -> None:
    writer, held, go = counted._database._writer, threading.Event(), threading.Event()
    with waiting(counted):
        done = writer.submit_item(insert_all, 1)
        slow = counted.write_soon(lambda c: held.set() or go.wait(10))
    held.wait(10)
    assert values(counted) == []
    assert not done.done()
    go.set()
    assert slow.result(10) and done.result(10) == 2
    assert values(counted) == [1]


def test_domain_errors_come_out_as_they_are_and_change_nothing(counted: Warehouse) -> None:
    def work(cursor):
        insert(1)(cursor)
        raise ConflictError("no")

    with pytest.raises(ConflictError):
        counted.write(work)
    assert values(counted) == []


def test_duckdb_errors_come_out_as_ours_with_their_cause(counted: Warehouse) -> None:
    with pytest.raises(WarehouseError) as caught:
        counted.write(lambda c: c.execute("SELECT * FROM nowhere"))
    assert isinstance(caught.value.__cause__, duckdb.Error)
    with pytest.raises(WarehouseError), counted.reader() as cursor:
        cursor.execute("SELECT * FROM nowhere")


def test_many_threads_write_and_read_at_once_without_loss(counted: Warehouse) -> None:
    def both(i: int) -> bool:
        counted.write(insert(i))
        return i in values(counted)

    with ThreadPoolExecutor(16) as pool:
        assert all(pool.map(both, range(300)))
    assert values(counted) == list(range(300))


def test_commits_what_waits_before_it_closes_and_takes_nothing_after(
    warehouse: Warehouse,
) -> None:
    futures = [warehouse.write_soon(lambda c: 1) for _ in range(50)]
    warehouse.close()
    assert [f.result(0) for f in futures] == [1] * 50
    with pytest.raises(UnavailableError):
        warehouse.write(lambda c: 1)


def test_a_write_inside_a_write_is_an_error_and_no_deadlock(warehouse: Warehouse) -> None:
    with pytest.raises(RuntimeError, match="inside"):
        warehouse.write(lambda c: warehouse.write(lambda d: 1))
