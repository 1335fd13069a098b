"""Care of the file while it is in use: its space, a smaller copy of it, backups, restoring."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

import duckdb

from freemlops.domain.errors import ConflictError, WarehouseError
from freemlops.domain.space import BackupNote, Restored, Space
from freemlops.warehouse import backup
from freemlops.warehouse.connection import Cursor
from freemlops.warehouse.database import Database
from freemlops.warehouse.owner import Ownership
from freemlops.warehouse.records import record, records
from freemlops.warehouse.sql import queries, quoted

SMALL = "compacting.duckdb"
BEFORE = "before-restore"


class Upkeep:
    """Thread-safe, one work at a time. Whatever fails leaves the file as it was."""

    def __init__(self, database: Database, path: Path) -> None:
        self._database = database
        self._path = path
        self._copier = backup.Copier(path)
        self._sql = queries("upkeep")
        self._working = threading.Lock()

    def space(self) -> Space:
        """Bytes of the file and of what it holds, and free bytes on its disk."""
        with self._database.reader() as cursor:
            row = record(cursor, self._sql["space"])
        assert row is not None
        return Space(
            file_bytes=self._size(),
            free_in_file_bytes=row["block_size"] * row["free_blocks"],
            free_on_disk_bytes=shutil.disk_usage(self._path.parent).free,
        )

    def _size(self) -> int:
        log = _log(self._path)
        return self._path.stat().st_size + (log.stat().st_size if log.exists() else 0)

    def settle(self) -> None:
        """Write what waits in the log into the file, so that deleted blocks count as free. When
        somebody else is writing it is left for later."""
        with self._database.session() as cursor, contextlib.suppress(duckdb.Error):
            cursor.execute("CHECKPOINT")

    def compact(self, watch: Callable[[float], None] = lambda _share: None) -> Space:
        """Write the file anew without its empty blocks, while reading goes on; writes wait.

        `watch` hears how much is done, from 0 to 1. Raises `StorageFullError` when there is no
        room for the copy, `ConflictError` while an upload is being read.
        """
        space = self.space()
        backup.check_room(self._path.parent, space.file_bytes - space.free_in_file_bytes)
        small = self._path.with_name(SMALL)
        with self._working:
            try:
                with self._database.still():
                    with self._database.session() as cursor:
                        _checkpoint(cursor)
                        self._copy_all(cursor, small, watch)
                    self._database.reopen(lambda: self._take(small), lambda: None)
            finally:
                sweep(self._path)
        return self.space()

    def _copy_all(self, cursor: Cursor, small: Path, watch: Callable[[float], None]) -> None:
        """Table by table, so that there is something to tell; each counted."""
        here = quoted(str(cursor.execute("SELECT current_database()").fetchall()[0][0]))
        tables = records(cursor, self._sql["tables"])
        whole = sum(t["estimated_size"] + 1 for t in tables)
        done = 0
        path = str(small).replace("'", "''")
        cursor.execute(f"ATTACH '{path}' AS small")
        try:
            cursor.execute(f"COPY FROM DATABASE {here} TO small (SCHEMA)")
            for table in tables:
                name = f"{quoted(table['schema_name'])}.{quoted(table['table_name'])}"
                copy = f"INSERT INTO small.{name} FROM {here}.{name}"
                copied = cursor.execute(copy).fetchall()[0][0]
                count = f"SELECT count(*) FROM {here}.{name}"  # noqa: S608 - quoted names
                if copied != cursor.execute(count).fetchall()[0][0]:
                    raise WarehouseError("The copy is not whole. Nothing was changed.")
                done += table["estimated_size"] + 1
                watch(done / whole)
            cursor.execute("CHECKPOINT small")
        finally:
            cursor.execute("DETACH small")

    def _take(self, small: Path) -> None:
        if _log(self._path).exists() or _log(small).exists():
            raise ConflictError("Something was written at this moment. Try again.")
        small.replace(self._path)

    def backup(self, folder: Path) -> BackupNote:
        """The warehouse as it is now, into `folder`; an earlier backup there is replaced last."""
        backup.mend(folder)
        backup.check_target(folder)
        backup.check_room(folder, self._size())
        folder.parent.mkdir(parents=True, exist_ok=True)
        beside = tempfile.TemporaryDirectory(dir=folder.parent, prefix=backup.begun_prefix(folder))
        with self._working, beside as scratch:
            made = Path(scratch) / "backup"
            made.mkdir()
            with self._database.still(), self._database.session() as cursor:
                # while an upload is being read this fails; the log then goes along
                with contextlib.suppress(duckdb.Error):
                    cursor.execute("CHECKPOINT")
                self._copier.copy(made / self._path.name)
                if _log(self._path).exists():
                    shutil.copyfile(_log(self._path), _log(made / self._path.name))
                row = record(cursor, self._sql["migration"])
            assert row is not None
            note = backup.seal(made, row["number"])
            backup.take_place(made, folder)
        return note

    def restore(self, folder: Path) -> Restored:
        """Put the backup in the place of the file; the former file is kept beside it.

        Raises `NotFoundError` and `WarehouseError` for what is no sound backup, with nothing
        changed.
        """
        note = backup.verify(folder)
        backup.check_room(self._path.parent, note.size_bytes)
        exchange = Exchange(self._path, folder, note)
        with self._working:
            try:
                exchange.fetch()
                with self._database.still():
                    self._database.reopen(exchange.swap, exchange.back)
            finally:
                exchange.tidy()
        return Restored(note, exchange.kept())


class Exchange:
    """Two files change places: the warehouse's and one from a backup."""

    def __init__(self, path: Path, folder: Path, note: BackupNote) -> None:
        self._path = path
        self._folder = folder
        self._note = note
        self._new = path.with_name("restoring.duckdb")
        self.former = path.with_name(f"{path.stem}.{BEFORE}{path.suffix}")

    def fetch(self) -> None:
        """Copy the backup's files beside the warehouse, and look at each byte once more."""
        for name, sha256 in self._note.files.items():
            target = _log(self._new) if name.endswith(".wal") else self._new
            shutil.copyfile(self._folder / Path(name).name, target)
            if backup.digest(target) != sha256:
                raise WarehouseError("The backup changed while it was read. Try again.")

    def swap(self) -> None:
        _move(self._path, self.former)
        _move(self._new, self._path)

    def back(self) -> None:
        """Undo `swap`, as far as it came."""
        if self.former.exists() and not self._new.exists():
            _move(self._path, self._new)
        if self.former.exists() and not self._path.exists():
            _move(self.former, self._path)

    def kept(self) -> Path | None:
        """The former file, if there was one."""
        return self.former if self.former.exists() else None

    def tidy(self) -> None:
        self._new.unlink(missing_ok=True)
        _log(self._new).unlink(missing_ok=True)


def restore_closed(path: Path, folder: Path) -> Restored:
    """`Upkeep.restore` when nobody runs, also over a file that can no longer be opened.

    Raises `WarehouseHeldError` when somebody does.
    """
    note = backup.verify(folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    ownership = Ownership.take(path.parent, None)
    try:
        backup.check_room(path.parent, note.size_bytes)
        exchange = Exchange(path, folder, note)
        try:
            exchange.fetch()
            exchange.swap()
        finally:
            exchange.tidy()
    finally:
        ownership.release()
    return Restored(note, exchange.kept())


def sweep(path: Path) -> None:
    """Remove what a crash left of a compaction or a restore."""
    for name in (SMALL, "restoring.duckdb"):
        left = path.with_name(name)
        left.unlink(missing_ok=True)
        _log(left).unlink(missing_ok=True)


def _checkpoint(cursor: Cursor) -> None:
    try:
        cursor.execute("CHECKPOINT")
    except duckdb.TransactionException as error:
        raise ConflictError(
            "An upload is being read at this moment. Try again when it is done."
        ) from error


def _log(path: Path) -> Path:
    return path.with_name(f"{path.name}.wal")


def _move(source: Path, target: Path) -> None:
    """The file with its log; what was at the target is gone."""
    for a, b in ((source, target), (_log(source), _log(target))):
        b.unlink(missing_ok=True)
        if a.exists():
            a.replace(b)
