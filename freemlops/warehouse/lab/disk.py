"""A disk that is full or read-only, in words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from freemlops.domain.errors import StorageFullError


@contextmanager
def writing() -> Iterator[None]:
    """Around files that the lab writes beside the warehouse. Raises `StorageFullError`."""
    try:
        yield
    except OSError as error:
        raise StorageFullError(
            "The SQL lab can't write its copy of the history ({problem}). Make room on the disk "
            "and try again.",
            problem=error.strerror or str(error),
        ) from error
