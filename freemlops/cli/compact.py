"""`freemlops compact`: the room of what was deleted goes back to the disk."""

from __future__ import annotations

import click

from freemlops.cli.app import Shell, common
from freemlops.cli.connection import connected


@click.command("compact")
@common
@click.pass_context
def command(ctx: click.Context) -> None:
    """Write the warehouse anew without its empty parts, also while the app runs."""
    shell: Shell = ctx.obj
    with connected(shell) as client:
        done = client.call("POST", "/storage/compact")
    before, after = done["before"]["file_bytes"], done["after"]["file_bytes"]
    click.echo(f"{before}\t{after}")
    shell.say(
        "The warehouse took {before} and takes {after} now.",
        before=shell.t.bytes(before),
        after=shell.t.bytes(after),
    )
