"""The one thread that writes: functions queue up and are committed together."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import duckdb

from freemlops.domain.errors import UnavailableError
from freemlops.warehouse.connection import Cursor, explain
from freemlops.warehouse.gate import Gate

MOST_IN_GROUP = 256


type Together = Callable[[Any, Sequence[Any]], Sequence[Any]]
"""Does the work for several items in a cursor's transaction; a result for each, in order."""


@dataclass(slots=True)
class _Job:
    together: Together
    item: Any
    future: Future[Any] = field(default_factory=Future)


class Writer:
    """Runs functions in order, in one transaction for all that wait at the time.

    What is the same for many items can be given as one function and an item: neighbours with the
    same function become one call of it. A statement costs as much for a hundred rows as for one.

    A function may be run twice: when a neighbour of its group fails, the group is rolled back
    and each of them gets a transaction of its own. So it must change nothing but the database,
    and must not begin or commit itself.
    """

    def __init__(
        self, cursor: Cursor, commits: Gate, on_error: Callable[[duckdb.Error], None]
    ) -> None:
        self._cursor = cursor
        self._commits = commits
        self._on_error = on_error
        self.commits = 0
        """Groups committed so far."""
        self._queue: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._closing = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._loop, name="warehouse-writer", daemon=True)
        self._thread.start()

    def submit[T](self, work: Callable[[Any], T]) -> Future[T]:
        """The future is done when the result is committed, or failed and rolled back."""
        return self.submit_item(_one_by_one, work)

    def submit_item(self, together: Together, item: Any) -> Future[Any]:
        """`submit` for an item that `together` writes along with its neighbours."""
        job = _Job(together, item)
        with self._closing:
            if self._closed:
                raise closing()
            self._queue.put(job)
        return job.future

    def run[T](self, work: Callable[[Any], T]) -> T:
        result: T = self.run_item(_one_by_one, work)
        return result

    def run_item(self, together: Together, item: Any) -> Any:
        if threading.current_thread() is self._thread:
            raise RuntimeError("a write inside a write would wait for itself")
        return self.submit_item(together, item).result()

    def use(self, cursor: Cursor) -> None:
        """Go on with this cursor. Only while the gate of the commits is held alone."""
        self._cursor = cursor

    def close(self) -> None:
        """Commit what waits, then end the thread. Safe to call twice."""
        with self._closing:
            if not self._closed:
                self._closed = True
                self._queue.put(None)
        self._thread.join()

    def _loop(self) -> None:
        while True:
            group, more = self._next_group()
            if group:
                self._commit(group)
            if not more:
                return

    def _next_group(self) -> tuple[list[_Job], bool]:
        """Whatever waits now, at least one job; False when the writer is to end after it."""
        group: list[_Job] = []
        while len(group) < MOST_IN_GROUP:
            try:
                job = self._queue.get(block=not group)
            except queue.Empty:
                break
            if job is None:
                return group, False
            if job.future.set_running_or_notify_cancel():
                group.append(job)
        return group, True

    def _commit(self, group: list[_Job]) -> None:
        try:
            with self._commits.shared():
                results = self._transact(group)
        except BaseException as error:  # whatever it is, it belongs to the waiting caller
            if isinstance(error, duckdb.Error):
                self._on_error(error)
            if len(group) == 1:
                group[0].future.set_exception(_own(error))
                return
            for job in group:
                self._commit([job])
            return
        for job, result in zip(group, results, strict=True):
            job.future.set_result(result)

    def _transact(self, group: list[_Job]) -> list[Any]:
        self._cursor.execute("BEGIN TRANSACTION")
        try:
            results = [
                result
                for together, jobs in groupby(group, lambda job: job.together)
                for result in together(self._cursor, [job.item for job in jobs])
            ]
            self._cursor.execute("COMMIT")
            self.commits += 1
        except BaseException:
            self._rollback()
            raise
        return results

    def _rollback(self) -> None:
        # a failed COMMIT has ended the transaction already, a fatal error everything
        with contextlib.suppress(duckdb.TransactionException, duckdb.FatalException):
            self._cursor.execute("ROLLBACK")


def _one_by_one(cursor: Any, works: Sequence[Callable[[Any], Any]]) -> list[Any]:
    return [work(cursor) for work in works]


def closing() -> UnavailableError:
    return UnavailableError("Free MLOps is closing. Try again when it has started.")


def _own(error: BaseException) -> BaseException:
    if not isinstance(error, duckdb.Error):
        return error
    own = explain(error)
    own.__cause__ = error
    return own
