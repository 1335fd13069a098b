"""`freemlops restore`: a backup takes the place of everything."""

from __future__ import annotations

from pathlib import Path

import click

from freemlops.cli.app import Shell, common
from freemlops.cli.connection import connected
from freemlops.settings import from_environment
from freemlops.warehouse.owner import read_owner
from freemlops.warehouse.upkeep import restore_closed
from freemlops.warehouse.warehouse import FILE


@click.command("restore")
@click.argument("folder", type=click.Path(path_type=Path))
@common
@click.pass_context
def command(ctx: click.Context, folder: Path) -> None:
    """Put the backup in FOLDER in the place of everything; what was is kept as a file."""
    shell: Shell = ctx.obj
    home = from_environment(home=shell.home).home
    former = _running(shell, folder) if read_owner(home) else _closed(home, folder)
    if former:
        click.echo(former)
        shell.say("Restored. What was there before is kept in that file; delete it when you like.")
    else:
        shell.say("Restored.")


def _running(shell: Shell, folder: Path) -> str | None:
    with connected(shell) as client:
        done = client.call("POST", "/storage/restore", json={"folder": str(folder.resolve())})
    former: str | None = done["former"]
    return former


def _closed(home: Path, folder: Path) -> str | None:
    """Not through a server of our own: the warehouse may be too damaged to open."""
    former = restore_closed(home / FILE, folder.resolve()).former
    return str(former) if former else None
