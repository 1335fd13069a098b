"""Datasets as people use them: add a file or a sample, look at it, delete it."""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from freemlops.domain.dataset import DatasetVersion, Sample
from freemlops.domain.errors import ConflictError, InvalidError, NotFoundError, StorageFullError
from freemlops.domain.goal import Suggestion, suggest_target, suggest_task
from freemlops.domain.page import Page
from freemlops.domain.profile import ColumnProfile
from freemlops.domain.run import Task
from freemlops.domain.words import Message
from freemlops.engine.ingest import read_table
from freemlops.engine.samples import SAMPLES, write_sample
from freemlops.services.changes import Changes
from freemlops.warehouse import Warehouse

SPARE_BYTES = 256 * 1024**2
"""Kept free on the disk whatever is uploaded: the warehouse needs room for its own log."""


class DatasetService:
    """Blocking and thread-safe; every method may raise `NotFoundError`."""

    def __init__(self, warehouse: Warehouse, scratch: Path, changes: Changes) -> None:
        self._warehouse = warehouse
        self._store = warehouse.datasets
        self._scratch = scratch
        self._changes = changes
        shutil.rmtree(scratch, ignore_errors=True)  # what a crash left of half uploads

    def samples(self) -> tuple[Sample, ...]:
        return SAMPLES

    def add_sample(self, key: str) -> DatasetVersion:
        """The sample as a dataset; the version that is there already when it was added before."""
        sample = next((s for s in SAMPLES if s.key == key), None)
        if sample is None:
            raise NotFoundError("There is no sample called “{name}”.", name=key)
        with self.scratch() as folder:
            path = folder / f"{key}.csv"
            write_sample(key, path)
            version, _ = self.add_file(path, key, path.name, synthetic=sample.synthetic)
        return version

    def add_file(
        self, path: Path, name: str, filename: str, *, synthetic: bool = False
    ) -> tuple[DatasetVersion, bool]:
        """Read the file into a new version of the dataset called `name`.

        Returns the version, and whether it is new: the same bytes under the same name are the
        same version. Raises `UnreadableFileError`, `TooLargeError`, `StorageFullError`.
        """
        name = clean_name(name or Path(filename).stem)
        digest, size = _digest(path)
        if (known := self._store.find(name, digest)) is not None:
            return known, False
        self.check_space(size * 2)
        with self.scratch() as folder:
            table = read_table(path, filename, folder)
            version = self._store.add(
                name=name,
                filename=filename,
                sha256=digest,
                size_bytes=size,
                table=table,
                synthetic=synthetic,
            )
        self._changes.bump("datasets")
        return version, True

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """A folder that is gone afterwards, on the disk of the warehouse."""
        self._scratch.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self._scratch) as folder:
            yield Path(folder)

    def check_space(self, needed_bytes: int) -> None:
        """Raise `StorageFullError` when writing `needed_bytes` would fill the disk."""
        free = shutil.disk_usage(self._scratch.parent).free
        if free < needed_bytes + SPARE_BYTES:
            raise StorageFullError(
                "This needs about {needed} MB and the disk has {free} MB left. Delete datasets "
                "that you no longer need, or make room on the disk, and try again.",
                needed=round(needed_bytes / 1e6),
                free=round(free / 1e6),
            )

    def latest(self, limit: int = 50, cursor: str | None = None) -> Page[DatasetVersion]:
        return self._store.latest(limit, cursor)

    def get(self, dataset: str, version: int | None = None) -> DatasetVersion:
        return self._store.get(dataset, version)

    def versions(self, dataset: str) -> tuple[DatasetVersion, ...]:
        return self._store.versions(dataset)

    def preview(
        self, dataset: str, version: int | None = None, limit: int = 20, offset: int = 0
    ) -> list[dict[str, Any]]:
        """Some rows as dictionaries of plain Python values."""
        known = self._store.get(dataset, version)
        rows: list[dict[str, Any]] = self._store.rows(
            dataset, known.version, limit, offset
        ).to_pylist()
        return rows

    def profile(self, dataset: str, version: int | None = None) -> dict[str, ColumnProfile]:
        known = self._store.get(dataset, version)
        return self._store.profile(dataset, known.version)

    def suggest_goal(self, dataset: str, version: int | None = None) -> Suggestion | None:
        """The column that people most likely want to predict, with the reason."""
        known = self._store.get(dataset, version)
        sample = next((s for s in SAMPLES if s.key == known.name), None)
        return suggest_target(
            known.columns, known.rows, preferred=sample.target if sample else None
        )

    def suggest_task(self, dataset: str, version: int | None, target: str) -> tuple[Task, Message]:
        known = self._store.get(dataset, version)
        column = known.column(target)
        if column is None:
            raise InvalidError("There is no column called “{column}”.", column=target)
        return suggest_task(column, known.rows)

    def delete(self, dataset: str) -> None:
        """Drop every version and its rows. Runs and models made from it stay.

        Raises `ConflictError` while a deployment serves a model trained on it.
        """
        self._store.get(dataset)
        users = self._warehouse.deployments.depends_on_dataset(dataset)
        if users:
            raise ConflictError(
                "The deployment “{name}” serves a model trained on this dataset. "
                "Delete the deployment first.",
                name=users[0],
            )
        self._store.delete(dataset)
        self._changes.bump("datasets")


def clean_name(name: str) -> str:
    """A name fit to be shown and typed: no control characters, single blanks, 1 to 120 long."""
    name = re.sub(r"\s+", " ", re.sub(r"[\x00-\x1f\x7f]", " ", name)).strip()
    if not name:
        raise InvalidError("A name is missing. Give the dataset a name.")
    return name[:120]


def _digest(path: Path) -> tuple[str, int]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return digest, path.stat().st_size
