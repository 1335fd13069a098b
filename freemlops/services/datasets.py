"""Datasets as people use them: look at them, describe them, delete them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from freemlops.domain.dataset import DatasetVersion, Sample
from freemlops.domain.errors import ConflictError, InvalidError
from freemlops.domain.goal import Suggestion, suggest_target, suggest_task
from freemlops.domain.page import Page
from freemlops.domain.run import Task
from freemlops.domain.space import Space
from freemlops.domain.words import Message
from freemlops.engine.samples import SAMPLES
from freemlops.services.changes import Changes
from freemlops.services.names import clean_name, clean_tags, clean_text
from freemlops.warehouse.warehouse import Warehouse

MOST_DESCRIPTION = 5000


@dataclass(frozen=True, slots=True)
class Freed:
    """The space before and after something was deleted. What is free inside the file is there
    for other data; only compacting gives it back to the disk."""

    before: Space
    after: Space


class DatasetService:
    """Blocking and thread-safe; every method may raise `NotFoundError`."""

    def __init__(self, warehouse: Warehouse, changes: Changes) -> None:
        self._warehouse = warehouse
        self._store = warehouse.datasets
        self._changes = changes

    def samples(self) -> tuple[Sample, ...]:
        return SAMPLES

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

    def describe(
        self,
        dataset: str,
        *,
        name: str | None = None,
        description: str | None = None,
        tags: Sequence[str] | None = None,
    ) -> DatasetVersion:
        """Change what is given; gives the latest version. Raises `InvalidError` for what is too
        long, `ConflictError` when the name is taken."""
        self._store.get(dataset)
        self._warehouse.origins.describe(
            dataset,
            name=None if name is None else clean_name(name),
            description=None if description is None else clean_text(description, MOST_DESCRIPTION),
            tags=None if tags is None else clean_tags(tags),
        )
        self._changes.bump("datasets")
        return self._store.get(dataset)

    def delete(self, dataset: str, version: int | None = None) -> Freed:
        """Drop one version or every one: rows, counts, and the file as it was sent. Runs and
        models made from it stay.

        Raises `ConflictError` while a deployment serves a model trained on it.
        """
        self._store.get(dataset, version)
        users = self._warehouse.deployments.depends_on_dataset(dataset)
        if users:
            raise ConflictError(
                "The deployment “{name}” serves a model trained on this dataset. "
                "Delete the deployment first.",
                name=users[0],
            )
        before = self._warehouse.upkeep.space()
        files = self._store.delete(dataset, version)
        self._warehouse.artifacts.drop_unused(files)
        self._warehouse.upkeep.settle()
        self._changes.bump("datasets")
        return Freed(before, self._warehouse.upkeep.space())
