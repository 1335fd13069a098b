"""How data comes in: a file or a sample becomes a version, and can be read anew later."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa

from freemlops.domain.dataset import Column, DatasetVersion, Note
from freemlops.domain.errors import CancelledError, ConflictError, InvalidError, NotFoundError
from freemlops.domain.reading import Origin, ReadOptions, Source
from freemlops.engine.ingest import read_table
from freemlops.engine.ingest.ingested import Ingested
from freemlops.engine.ingest.original import pack, unpack_original
from freemlops.engine.samples import SAMPLES, write_sample
from freemlops.services.changes import Changes
from freemlops.services.names import clean_name
from freemlops.services.scratch import Scratch
from freemlops.services.turns import Turns
from freemlops.warehouse.warehouse import Warehouse


@dataclass(slots=True)
class Watch:
    """Follows a reading from outside: `rows` stored so far; `cancel` ends it at the next batch."""

    rows: int = 0
    _cancelled: threading.Event = field(default_factory=threading.Event)

    def cancel(self) -> None:
        self._cancelled.set()

    def step(self, rows: int) -> None:
        """Count a batch. Raises `CancelledError` once somebody has cancelled."""
        if self._cancelled.is_set():
            raise CancelledError("The reading was cancelled. Nothing was saved.")
        self.rows += rows


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    name: str
    filename: str
    sha256: str
    size: int
    synthetic: bool = False
    dataset: str | None = None


class IntakeService:
    """Blocking and thread-safe. A version is there whole or not at all."""

    def __init__(self, warehouse: Warehouse, scratch: Scratch, changes: Changes) -> None:
        self._datasets = warehouse.datasets
        self._origins = warehouse.origins
        self._artifacts = warehouse.artifacts
        self._changes = changes
        self.scratch = scratch
        self._turns = Turns()

    def add_sample(self, key: str) -> DatasetVersion:
        """The sample as a dataset; the version that is there already when it was added before."""
        sample = next((s for s in SAMPLES if s.key == key), None)
        if sample is None:
            raise NotFoundError("There is no sample called “{name}”.", name=key)
        with self.scratch.folder() as folder:
            path = folder / f"{key}.csv"
            write_sample(key, path)
            version, _ = self.add_file(
                path, key, path.name, Origin(Source.SAMPLE), synthetic=sample.synthetic
            )
        return version

    def add_file(
        self,
        path: Path,
        name: str,
        filename: str,
        origin: Origin | None = None,
        *,
        synthetic: bool = False,
        watch: Watch | None = None,
    ) -> tuple[DatasetVersion, bool]:
        """Read the file into a new version of the dataset called `name`.

        Returns the version, and whether it is new: the same bytes read in the same way under
        the same name are the same version. `origin` has the source, who sends it and the
        options. Raises `UnreadableFileError`, `TooLargeError`, `StorageFullError`,
        `CancelledError`.
        """
        origin = origin or Origin()
        name = clean_name(name or Path(filename).stem)
        digest, size = _digest(path)
        # equal files sent at once: the first is read, the others find what it made
        with self._turns.of((name, digest)):
            if (known := self._datasets.find(name, digest, origin.options)) is not None:
                return known, False
            self.scratch.check_space(size * 3)
            file = _File(path, name, filename, digest, size, synthetic)
            return self._read(file, origin, watch or Watch()), True

    def read_anew(
        self, dataset: str, version: int, changes: dict[str, Any], added_by: str = ""
    ) -> DatasetVersion:
        """The file of a version read with other options: a new version, or the one that is there.

        `changes` are fields of `ReadOptions`; those that are not in it stay as they were.
        Raises `InvalidError` for what is no option, `ConflictError` when the file is not kept.
        """
        known = self._datasets.get(dataset, version)
        origin = self._origins.get(dataset, version)
        options = merge_options(origin.options, changes)
        if (same := self._datasets.find(known.name, known.sha256, options)) is not None:
            return same
        with self.scratch.folder() as folder:
            path = folder / "file"
            self._fetch(origin, folder, path)
            file = _File(
                path,
                known.name,
                known.filename,
                known.sha256,
                known.size_bytes,
                known.synthetic,
                dataset,
            )
            return self._read(file, Origin(Source.READING, added_by, options), Watch())

    def answer(
        self, dataset: str, version: int, option: str, value: str, added_by: str = ""
    ) -> DatasetVersion:
        """Answer what the file left open. The version itself when it was read like that."""
        asked = [q for q in self._origins.get(dataset, version).questions if q.option == option]
        if not asked:
            raise InvalidError("This version does not ask about “{option}”.", option=option)
        if value == asked[0].choices[0].value:
            self._origins.settle(dataset, version, option)
            self._changes.bump("datasets")
            return self._datasets.get(dataset, version)
        return self.read_anew(dataset, version, {option: value}, added_by)

    def origin(self, dataset: str, version: int | None = None) -> Origin:
        return self._origins.get(dataset, self._datasets.get(dataset, version).version)

    def rejects(self, dataset: str, version: int | None = None) -> Iterator[bytes]:
        """A CSV of the lines that did not fit, in pieces."""
        stored = self.origin(dataset, version).rejects
        if stored is None:
            raise NotFoundError("No line of this version was left out.")
        return self._artifacts.stream(stored)

    def _fetch(self, origin: Origin, folder: Path, target: Path) -> None:
        if origin.original is None:
            raise ConflictError(
                "The file of this version was not kept, so it can't be read anew. Send it again."
            )
        stored = self._artifacts.get(origin.original)
        self.scratch.check_space(stored.size_bytes * 3)
        with (folder / "packed").open("wb") as packed:
            for piece in self._artifacts.stream(origin.original):
                packed.write(piece)
        unpack_original(folder / "packed", stored.format, target)

    def _read(self, file: _File, origin: Origin, watch: Watch) -> DatasetVersion:
        """The file into a version, with its bytes kept beside it."""
        with self.scratch.folder() as folder, ThreadPoolExecutor(1, "original") as beside:
            packing = beside.submit(self._keep, file.path, folder / "original")
            table = read_table(file.path, file.filename, folder, origin.options)

            def finished() -> Origin:
                rejects = self._artifacts.put(table.rejects, "rejects") if table.rejects else None
                return replace(
                    origin,
                    questions=tuple(table.questions),
                    original=packing.result(),
                    rejects=rejects.sha256 if rejects else None,
                    rejected=table.rejected,
                )

            version = self._datasets.add(
                name=file.name,
                filename=file.filename,
                sha256=file.sha256,
                size_bytes=file.size,
                table=_Watched(table, watch),
                synthetic=file.synthetic,
                origin=finished,
                dataset=file.dataset,
            )
        self._changes.bump("datasets")
        return version

    def _keep(self, path: Path, target: Path) -> str:
        return self._artifacts.put(target, pack(path, target)).sha256


class _Watched:
    """The table, with each batch counted as it goes by."""

    def __init__(self, table: Ingested, watch: Watch) -> None:
        self._table = table
        self._watch = watch

    @property
    def reader(self) -> pa.RecordBatchReader:
        source = self._table.reader
        return pa.RecordBatchReader.from_batches(source.schema, self._batches(source))

    def _batches(self, source: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
        for batch in source:
            self._watch.step(batch.num_rows)
            yield batch

    @property
    def columns(self) -> tuple[Column, ...]:
        return self._table.columns

    @property
    def notes(self) -> tuple[Note, ...]:
        return self._table.notes


def merge_options(before: ReadOptions, changes: dict[str, Any]) -> ReadOptions:
    """`before` with some fields changed. Raises `InvalidError` for what is no option."""
    kept = {k: v for k, v in msgspec.to_builtins(before).items() if k not in changes}
    unknown = sorted(set(changes) - set(msgspec.to_builtins(before)))
    if unknown:
        raise InvalidError("“{option}” is no option of reading a file.", option=unknown[0])
    try:
        return msgspec.convert({**kept, **changes}, ReadOptions)
    except msgspec.ValidationError as error:
        named = re.search(r"\$\.(\w+)", str(error))
        raise InvalidError(
            "The value of the reading option “{option}” does not fit.",
            option=named.group(1) if named else "?",
        ) from error


def _digest(path: Path) -> tuple[str, int]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return digest, path.stat().st_size
