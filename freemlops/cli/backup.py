"""`freemlops backup`: everything into a folder."""

from __future__ import annotations

from pathlib import Path

import click

from freemlops.cli.app import Shell, common
from freemlops.cli.connection import connected


@click.command("backup")
@click.argument("folder", type=click.Path(path_type=Path))
@common
@click.pass_context
def command(ctx: click.Context, folder: Path) -> None:
    """Copy everything into FOLDER, which is new, empty, or holds an earlier backup."""
    shell: Shell = ctx.obj
    with connected(shell) as client:
        done = client.call("POST", "/storage/backup", json={"folder": str(folder.resolve())})
    click.echo(done["folder"])
    shell.say("{size} copied and checked.", size=shell.t.bytes(done["size_bytes"]))
