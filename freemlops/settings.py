"""What can be set from outside, read once at start. Every variable is documented in README.md."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from freemlops.domain.errors import UsageError

LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one process. `password` None means: generate one if the door needs it."""

    home: Path
    """Where everything lives: the warehouse, scratch space, the owner's note."""
    host: str = "127.0.0.1"
    port: int = 5006
    password: str | None = None
    allowed_hosts: tuple[str, ...] = ()
    """Further names under which browsers may reach the server, such as `nas.local`."""
    threads: int = 2
    """Most threads that one training uses."""
    memory_limit_bytes: int | None = None
    """Most resident memory of one training; None is three quarters of what is free at start."""
    executor: str = "local"
    """Where trainings run: `local`, or the address of a Dask scheduler."""

    sql_seconds: int = 10
    """Most seconds that one query of the SQL lab takes."""
    sql_memory_mb: int = 512
    """Most memory that one query of the SQL lab uses."""
    sql_rows: int = 100_000
    """Most rows that one query of the SQL lab gives."""

    max_rows: int = 100_000
    """Most rows that one prediction request may hold."""
    batch_rows: int = 20_000_000
    """Most rows of a file that is scored."""
    batch_mb: int = 16_384
    """Most megabytes of a file that is scored."""
    batch_files: int = 20
    """Most files that wait to be scored, or are, at a time."""
    batch_minutes: int = 60
    """How long the answers of a scored file can be fetched."""
    keys_only: bool = False
    """Whether every endpoint is answered to holders of an API key alone."""

    @property
    def is_local(self) -> bool:
        """True when only this machine can reach the server, so that nobody needs to log in."""
        return self.host in LOOPBACK


def default_home() -> Path:
    return Path(platformdirs.user_data_dir("freemlops", appauthor=False))


def from_environment(env: Mapping[str, str] | None = None, **given: object) -> Settings:
    """Settings from `FREEMLOPS_*` variables; what is `given` (and not None) wins.

    Raises `UsageError` when a variable cannot be read.
    """
    env = os.environ if env is None else env
    values: dict[str, object] = {
        "home": Path(env["FREEMLOPS_HOME"]) if env.get("FREEMLOPS_HOME") else default_home(),
        "host": env.get("FREEMLOPS_HOST", "127.0.0.1"),
        "port": _integer(env, "FREEMLOPS_PORT", 5006, low=1, high=65535),
        "password": env.get("FREEMLOPS_PASSWORD") or None,
        "allowed_hosts": tuple(
            h.strip() for h in env.get("FREEMLOPS_ALLOWED_HOSTS", "").split(",") if h.strip()
        ),
        "sql_seconds": _integer(env, "FREEMLOPS_SQL_SECONDS", 10, low=1, high=3600),
        "sql_memory_mb": _integer(env, "FREEMLOPS_SQL_MEMORY_MB", 512, low=64, high=1_000_000),
        "sql_rows": _integer(env, "FREEMLOPS_SQL_ROWS", 100_000, low=1, high=10_000_000),
        "max_rows": _integer(env, "FREEMLOPS_MAX_ROWS", 100_000, low=1, high=10_000_000),
        "batch_rows": _integer(env, "FREEMLOPS_BATCH_ROWS", 20_000_000, low=1, high=10**10),
        "batch_mb": _integer(env, "FREEMLOPS_BATCH_MB", 16_384, low=1, high=10**8),
        "batch_files": _integer(env, "FREEMLOPS_BATCH_FILES", 20, low=1, high=1000),
        "batch_minutes": _integer(env, "FREEMLOPS_BATCH_MINUTES", 60, low=1, high=30 * 24 * 60),
        "keys_only": bool(_integer(env, "FREEMLOPS_KEYS_ONLY", 0, low=0, high=1)),
        "executor": _executor(env.get("FREEMLOPS_EXECUTOR", "").strip() or "local"),
        "threads": _integer(env, "FREEMLOPS_THREADS", os.cpu_count() or 1, low=1, high=1024),
    }
    if env.get("FREEMLOPS_MEMORY_MB"):
        values["memory_limit_bytes"] = (
            _integer(env, "FREEMLOPS_MEMORY_MB", 0, low=200, high=10_000_000) * 1024**2
        )
    values |= {k: v for k, v in given.items() if v is not None}
    return Settings(**values)  # type: ignore[arg-type]  # each value was read above by its type


def _executor(text: str) -> str:
    if text == "local" or text.startswith(("tcp://", "tls://")):
        return text
    raise UsageError(
        "FREEMLOPS_EXECUTOR must be “local” or the address of a Dask scheduler such as "
        "tcp://machine:8786, and is “{text}”.",
        text=text,
    )


def _integer(env: Mapping[str, str], name: str, default: int, *, low: int, high: int) -> int:
    text = env.get(name, "").strip()
    if not text:
        return default
    if not text.isdecimal() or not low <= int(text) <= high:
        raise UsageError(
            "{name} must be a whole number from {low} to {high}, and is “{text}”.",
            name=name,
            low=str(low),
            high=str(high),
            text=text,
        )
    return int(text)
