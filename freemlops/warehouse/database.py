"""The open file: one writer thread, and a cursor for each thread that reads."""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from freemlops.warehouse.connection import Cursor, connect, explain
from freemlops.warehouse.writer import Writer, closing

CLOSING_S = 10.0


class Database:
    """Thread-safe. A connection shared by threads gave wrong results: nobody shares one here."""

    def __init__(self, path: Path, memory_limit: str) -> None:
        self._connection = connect(path, memory_limit)
        self._local = threading.local()
        self._cursors: weakref.WeakSet[Any] = weakref.WeakSet()
        self._lock = threading.Lock()
        self._writer: Writer | None = None
        self._closed = False

    def start(self) -> None:
        """Begin to take writes; migrations run before, on the bare connection."""
        self._writer = Writer(self.cursor())

    @property
    def connection(self) -> Cursor:
        return self._connection

    def cursor(self) -> Cursor:
        """A new cursor with its own transaction, for long work off the writer thread.

        The caller closes it.
        """
        with self._lock:
            if self._closed:
                raise closing()
            made = self._connection.cursor()
            self._cursors.add(made)
        return made

    @contextmanager
    def reader(self) -> Iterator[Cursor]:
        """This thread's own cursor. Fetch a result before the next query in the same thread."""
        cursor = getattr(self._local, "cursor", None)
        if cursor is None:
            cursor = self._local.cursor = self.cursor()
        try:
            yield cursor
        except duckdb.Error as error:
            raise (closing() if self._closed else explain(error)) from error

    def write[T](self, work: Callable[[Any], T]) -> T:
        return self._running().run(work)

    def write_soon[T](self, work: Callable[[Any], T]) -> Future[T]:
        return self._running().submit(work)

    def _running(self) -> Writer:
        if self._writer is None:
            raise RuntimeError("the database has not been started")
        return self._writer

    def close(self) -> None:
        """Commit what waits, break off what is still being read, close. Safe to call twice."""
        if self._writer is not None:
            self._writer.close()
        with self._lock:
            self._closed = True
            for cursor in [*self._cursors, self._connection]:
                _close(cursor)


def _close(cursor: Cursor) -> None:
    """DuckDB refuses to close a cursor that another thread is using: interrupt it first."""
    until = time.monotonic() + CLOSING_S
    while True:
        try:
            cursor.close()
        except duckdb.Error:
            if time.monotonic() > until:
                raise
            cursor.interrupt()
            time.sleep(0.01)
        else:
            return
