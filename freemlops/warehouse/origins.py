"""What is known about a dataset version beside its rows, and what people say about a dataset."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import msgspec

from freemlops.domain.errors import ConflictError, NotFoundError
from freemlops.domain.reading import Origin, Question, ReadOptions, Source
from freemlops.warehouse.database import Database
from freemlops.warehouse.records import from_json, record, to_json
from freemlops.warehouse.sql import queries


class OriginStore:
    """Thread-safe; what is asked for and not there is `NotFoundError`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sql = queries("datasets")

    def get(self, dataset: str, version: int) -> Origin:
        key = {"dataset": dataset, "version": version}
        with self._database.reader() as cursor:
            row = record(cursor, self._sql["origin"], key)
        if row is None:
            raise NotFoundError(
                "The dataset “{dataset}” has no version {version}.",
                dataset=dataset,
                version=version,
            )
        return Origin(
            source=Source(row["source"]),
            added_by=row["added_by"],
            options=from_json(row["options"], ReadOptions),
            questions=from_json(row["questions"], tuple[Question, ...]),
            original=row["original"],
            rejects=row["rejects"],
            rejected=row["rejected"],
        )

    def settle(self, dataset: str, version: int, option: str) -> None:
        """The questions about this option are answered as the version was read."""
        left = [q for q in self.get(dataset, version).questions if q.option != option]
        row = {"dataset": dataset, "version": version, "questions": to_json(left)}
        self._database.write(
            lambda cursor: cursor.execute(self._sql["set_questions"], row) and None
        )

    def describe(
        self,
        dataset: str,
        *,
        name: str | None = None,
        description: str | None = None,
        tags: Sequence[str] | None = None,
    ) -> None:
        """Change what is given. Raises `ConflictError` when another dataset has that name."""
        row = {
            "dataset": dataset,
            "name": name,
            "description": description,
            "tags": None if tags is None else list(tags),
        }

        def work(cursor: Any) -> None:
            key = {"name": name, "dataset": dataset}
            if name is not None and record(cursor, self._sql["name_taken"], key):
                raise ConflictError(
                    "Another dataset is called “{name}” already. Choose another name.", name=name
                )
            cursor.execute(self._sql["describe"], row)

        self._database.write(work)


def dump_options(options: ReadOptions) -> str:
    """What was decided, as text that is equal for equal decisions."""
    given = {f.name: getattr(options, f.name) for f in fields(options)}
    kept = {k: v for k, v in given.items() if v is not None and v != {}}
    return msgspec.json.encode(kept, order="sorted").decode()
