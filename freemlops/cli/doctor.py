"""`freemlops doctor`: what is wrong with this machine and home, if anything."""

from __future__ import annotations

import importlib
import os
import shutil
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import psutil

from freemlops.cli.app import EXIT_FAILED, Shell, common, version_text
from freemlops.domain.words import Message, say
from freemlops.settings import Settings, from_environment

LIBRARIES = (
    "panel", "panel_material_ui", "duckdb", "polars", "sklearn", "flaml.automl", "lightgbm",
    "onnxruntime", "skl2onnx", "onnxmltools", "litestar", "swagger_ui",
)  # fmt: skip
LOW_DISK, LOW_MEMORY = 2 * 1024**3, 1024**3


@dataclass(frozen=True, slots=True)
class Finding:
    """`ok` False makes the command fail; the message says what to do then."""

    ok: bool
    message: Message


@click.command("doctor")
@common
@click.pass_context
def command(ctx: click.Context) -> Any:
    """Say what is wrong with this machine and home, if anything."""
    shell: Shell = ctx.obj
    settings = from_environment(home=shell.home)
    click.echo(version_text())
    failed = False
    for finding in check(settings):
        failed = failed or not finding.ok
        click.echo(f"{'✓' if finding.ok else '✗'} {shell.t.text(finding.message)}")
    if failed:
        ctx.exit(EXIT_FAILED)


def check(settings: Settings) -> Iterator[Finding]:
    """Every check, good or bad, in the order in which a person should mend them."""
    ok = sys.version_info >= (3, 12)
    yield Finding(ok, say("Python {version} (3.12 or newer is needed)", version=_python()))
    yield from _libraries()
    yield _home(settings.home)
    free = shutil.disk_usage(_existing(settings.home)).free
    yield Finding(free > LOW_DISK, say("{free} GB free on the disk", free=round(free / 1e9, 1)))
    memory = psutil.virtual_memory().available
    yield Finding(memory > LOW_MEMORY, say("{free} GB of memory free", free=round(memory / 1e9, 1)))
    yield from _warehouse(settings)


def _python() -> str:
    return ".".join(map(str, sys.version_info[:3]))


def _libraries() -> Iterator[Finding]:
    missing = []
    for name in LIBRARIES:
        try:
            importlib.import_module(name)
        except ImportError as error:
            missing.append(f"{name} ({error})")
    if missing:
        yield Finding(
            False,
            say(
                "These libraries can't be loaded: {names}. Install again.", names="; ".join(missing)
            ),
        )
    else:
        yield Finding(True, say("All libraries load"))


def _existing(path: Path) -> Path:
    return next(p for p in (path, *path.resolve().parents) if p.exists())


def _home(home: Path) -> Finding:
    folder = _existing(home)
    if os.access(folder, os.W_OK):
        return Finding(True, say("The data directory is {home}", home=str(home)))
    return Finding(
        False,
        say(
            "The data directory {home} can't be written. Choose another one with --home.",
            home=str(home),
        ),
    )


def _warehouse(settings: Settings) -> Iterator[Finding]:
    from freemlops.domain.errors import FreeMLOpsError
    from freemlops.warehouse.owner import read_owner
    from freemlops.warehouse.warehouse import Warehouse

    owner = read_owner(settings.home)
    if owner is not None:
        where = owner.url or "–"
        yield Finding(True, say("Free MLOps is running at {url}", url=where))
        return
    if (settings.home / "freemlops.duckdb").exists():
        try:
            Warehouse.open(settings.home).close()
            yield Finding(True, say("The warehouse opens"))
        except FreeMLOpsError as error:
            yield Finding(False, error.message)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
            yield Finding(True, say("Port {port} is free", port=str(settings.port)))
        except OSError:
            yield Finding(
                False,
                say(
                    "Port {port} is used by another program. Start with --port.",
                    port=str(settings.port),
                ),
            )
