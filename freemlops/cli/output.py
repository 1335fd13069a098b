"""Where a command writes: a file that appears whole or not at all, or whatever is there."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from freemlops.domain.errors import UsageError


@contextmanager
def opened(output: Path | None) -> Iterator[IO[bytes]]:
    """Standard output for None; a device or a pipe is written to and never replaced.

    Raises `UsageError` for what cannot be written to.
    """
    if output is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    if output.is_dir():
        raise UsageError("“{file}” is a folder. Name a file.", file=str(output))
    if not output.parent.is_dir():
        raise UsageError("There is no folder “{folder}”.", folder=str(output.parent))
    try:
        if output.exists() and not output.is_file():
            with output.open("wb") as file:
                yield file
            return
        yield from _whole(output)
    except OSError as error:
        problem = error.strerror or str(error)
        raise UsageError(
            "“{file}” can't be written: {problem}.", file=str(output), problem=problem
        ) from error


def _whole(output: Path) -> Iterator[IO[bytes]]:
    part = output.with_name(output.name + ".part")
    try:
        with part.open("wb") as file:
            yield file
        part.replace(output)
    finally:
        part.unlink(missing_ok=True)
