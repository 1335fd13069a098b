"""`freemlops import`: a bundle of another machine becomes a model version."""

from __future__ import annotations

from pathlib import Path

import click

from freemlops.cli.app import Shell, common
from freemlops.cli.connection import connected
from freemlops.domain.errors import UsageError


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--name", help="Name of the model (its own name by default).")
@common
@click.pass_context
def command(ctx: click.Context, file: Path, name: str | None) -> None:
    """Take in the bundle FILE, once it has answered its own sample rows as it should."""
    shell: Shell = ctx.obj
    if not file.is_file():
        raise UsageError("There is no file “{file}”.", file=str(file))
    with connected(shell) as client:
        made, is_new = client.import_bundle(file, name)
    click.echo(f"{made['model']}:{made['version']}")
    if not is_new:
        shell.say("This bundle was imported before.")
    else:
        shell.say(
            "Its sample rows are answered as they should be (max difference {difference}).",
            difference=f"{made['imported']['max_difference']:.1e}",
        )
