"""Skops files, made from the stored pickle when somebody asks for one."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec

import structlog

from freemlops.domain.errors import ExportError, UnavailableError
from freemlops.services.scratch import Scratch

log = structlog.get_logger(__name__)
TIMEOUT_S = 120


def skops_file(pickle: bytes, recipe: bytes, scratch: Scratch) -> bytes:
    """In a child: the pickle is one that this warehouse trained itself, and yet it loads the
    learning libraries, which have no business in the server.

    Raises `UnavailableError` without the package skops, `ExportError` when the file does not give
    the pickle's answers bit for bit.
    """
    if find_spec("skops") is None:
        raise UnavailableError(
            "The skops format needs one more package: pip install 'freemlops[skops]'."
        )
    with scratch.folder() as folder:
        files = [folder / name for name in ("model.pkl", "recipe.json", "model.skops")]
        files[0].write_bytes(pickle)
        files[1].write_bytes(recipe)
        command = [sys.executable, "-m", "freemlops.engine.export.skops_file", *map(str, files)]
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=TIMEOUT_S, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise ExportError("The export took longer than {limit} seconds.",
                              limit=str(TIMEOUT_S)) from error  # fmt: skip
        if done.returncode != 0:
            log.error("skops_failed", stderr=done.stderr[-2000:])
            problem = done.stderr.strip().splitlines()[-1:] or [""]
            raise ExportError("The export stopped with “{problem}”.", problem=problem[0][:300])
        return files[2].read_bytes()
