"""The open file: one writer thread, and a cursor for each thread that reads."""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from typing import Any

import duckdb
import structlog

from freemlops.domain.errors import FreeMLOpsError, UnavailableError
from freemlops.warehouse.connection import Cursor, explain
from freemlops.warehouse.gate import Gate
from freemlops.warehouse.writer import Together, Writer, closing

log = structlog.get_logger(__name__)

CLOSING_S = 10.0
PATIENCE_S = 20.0
"""How long those who need the file for themselves wait for those who are using it."""


class Database:
    """Thread-safe. A connection shared by threads gave wrong results: nobody shares one here.

    `open` gives a migrated connection to the file; it is called again after the file was
    replaced. Two gates keep the file still: through one goes whoever commits, through the other
    whoever holds a cursor.
    """

    def __init__(self, open: Callable[[], Cursor]) -> None:
        self._open = open
        self._connection = open()
        self._generation = 0
        self._beside = 0
        self._local = threading.local()
        self._cursors: weakref.WeakSet[Any] = weakref.WeakSet()
        self._lock = threading.Lock()
        self._closed = False
        self._commits = Gate()
        self._readers = Gate()
        self._reviving = threading.Lock()
        self._writer = Writer(self._cursor(), self._commits, self._revive_after)

    def _cursor(self) -> Cursor:
        with self._lock:
            if self._closed:
                raise closing()
            made = self._connection.cursor()
            self._cursors.add(made)
        return made

    @contextmanager
    def session(self) -> Iterator[Cursor]:
        """A cursor with its own transaction, for long work off the writer thread.

        Commit through `commit`; what is open at the end is rolled back.
        """
        with self._readers.shared():
            cursor = self._cursor()
            try:
                yield cursor
            except duckdb.Error as error:
                raise self._explained(error) from error
            finally:
                cursor.close()

    def commit(self, cursor: Cursor) -> None:
        """Commit the transaction of a `session`, unless the file has to be still just now."""
        with self._commits.shared():
            cursor.execute("COMMIT")
            self._beside += 1

    @contextmanager
    def reader(self) -> Iterator[Cursor]:
        """This thread's own cursor. Fetch a result before the next query in the same thread."""
        with self._reading():
            kept = getattr(self._local, "kept", None)
            if kept is None or kept[0] != self._generation:
                kept = self._local.kept = (self._generation, self._cursor())
            try:
                yield kept[1]
            except duckdb.Error as error:
                raise self._explained(error) from error

    def _explained(self, error: duckdb.Error) -> FreeMLOpsError:
        self._revive_after(error)
        return closing() if self._closed else explain(error)

    def _revive_after(self, error: duckdb.Error) -> None:
        """A checkpoint on a full disk stops DuckDB for good, reading too; the file is sound.

        Open it again, on a thread of its own: whoever saw the error may be inside a gate.
        """
        dead = isinstance(error, (duckdb.FatalException, duckdb.ConnectionException))
        if dead and not self._closed and self._reviving.acquire(blocking=False):
            threading.Thread(target=self._revive, name="warehouse-revive", daemon=True).start()

    def _revive(self) -> None:
        try:
            with self.still():
                self.reopen(lambda: None, lambda: None)
        except (FreeMLOpsError, duckdb.Error):
            log.exception("warehouse_not_reopened")
        finally:
            self._reviving.release()

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Through the gate, once for a thread however often its calls nest."""
        depth = getattr(self._local, "depth", 0)
        if depth == 0:
            self._readers.enter()
        self._local.depth = depth + 1
        try:
            yield
        finally:
            self._local.depth = depth
            if depth == 0:
                self._readers.leave()

    @property
    def state(self) -> object:
        """Equal to an earlier one when nothing has been committed since."""
        return self._generation, self._writer.commits, self._beside

    def write[T](self, work: Callable[[Any], T]) -> T:
        return self._writer.run(work)

    def write_item(self, together: Together, item: Any) -> Any:
        """`write` for an item that `together` writes along with those of other threads."""
        return self._writer.run_item(together, item)

    def write_soon[T](self, work: Callable[[Any], T]) -> Future[T]:
        return self._writer.submit(work)

    @contextmanager
    def still(self) -> Iterator[None]:
        """Nothing is committed meanwhile; reading goes on.

        Raises `UnavailableError` when somebody commits for too long.
        """
        with ExitStack() as stack:
            try:
                stack.enter_context(self._commits.alone(PATIENCE_S))
            except TimeoutError as error:
                raise _busy() from error
            yield

    def reopen(self, change: Callable[[], None], undo: Callable[[], None]) -> None:
        """Close the file, let `change` put another in its place, open that. Only while `still`.

        `undo` puts the first one back when the other cannot be opened; that error is raised
        then. Raises `UnavailableError`, with nothing changed, when a long reading goes on.
        """
        with ExitStack() as stack:
            try:
                stack.enter_context(self._readers.alone(PATIENCE_S))
            except TimeoutError as error:
                raise _busy() from error
            with self._lock:
                self._close_all()
                try:
                    change()
                    self._connection = self._open()
                except BaseException:
                    undo()
                    self._connection = self._open()
                    raise
                finally:
                    self._generation += 1
                    cursor = self._connection.cursor()
                    self._cursors.add(cursor)
                    self._writer.use(cursor)

    def close(self) -> None:
        """Commit what waits, break off what is still being read, close. Safe to call twice."""
        self._writer.close()
        with self._lock:
            self._closed = True
            self._close_all()

    def _close_all(self) -> None:
        for cursor in [*self._cursors, self._connection]:
            close(cursor)


def close(cursor: Cursor) -> None:
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


def _busy() -> UnavailableError:
    return UnavailableError(
        "The warehouse is being read or written at this moment, by an upload or a download. Try "
        "again when that is done."
    )
