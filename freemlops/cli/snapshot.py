"""`freemlops snapshot`: the history as a file that any DuckDB opens."""

from __future__ import annotations

from pathlib import Path

import click

from freemlops.cli.app import Shell, common
from freemlops.cli.connection import connected
from freemlops.domain.errors import UsageError


@click.command("snapshot")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--storage-version", help="For older DuckDB, such as v1.2.0.")
@click.option("--with-data", is_flag=True, help="The latest version of each dataset too.")
@common
@click.pass_context
def command(ctx: click.Context, file: Path, storage_version: str | None, with_data: bool) -> None:
    """Save the history of all trainings as the DuckDB file FILE."""
    shell: Shell = ctx.obj
    if not file.parent.is_dir():
        raise UsageError("There is no folder “{folder}”.", folder=str(file.parent))
    with connected(shell) as client:
        size = client.snapshot(file, storage_version, with_data)
    click.echo(str(file))
    shell.say("{size} written.", size=shell.t.bytes(size))
