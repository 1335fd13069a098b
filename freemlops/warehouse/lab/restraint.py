"""What the system itself holds a query's process to, beside what DuckDB promises."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

NICENESS = 10
HEADROOM = 768 * 1024**2
"""Address space beyond DuckDB's own limit: threads, Arrow, the answer on its way out."""


def restrain(memory: int, cpu_seconds: float) -> None:
    """Hold this process to bytes of memory beyond what it has now, and to seconds of its cores."""
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    try:
        import resource
    except ImportError:  # Windows
        return
    most = memory + _address_space() + HEADROOM
    seconds = int(cpu_seconds) + 5
    for what, value in (
        (resource.RLIMIT_AS, most),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 2 * 1024**3),
        (resource.RLIMIT_CORE, 0),
    ):
        # a system that knows no such limit refuses to set it
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (value, value))


def _address_space() -> int:
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    except (OSError, ValueError):
        return 8 * 1024**3
    return pages * os.sysconf("SC_PAGE_SIZE")
