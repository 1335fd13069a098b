"""`freemlops export`: a registered model as a file."""

from __future__ import annotations

import hashlib
from pathlib import Path

import click

from freemlops.cli.app import Shell, common
from freemlops.cli.connection import CommandError, connected
from freemlops.cli.output import opened
from freemlops.cli.target import parse_model


@click.command("export")
@click.argument("model")
@click.option(
    "--format", "kind", type=click.Choice(["onnx", "pickle"]), default="onnx", show_default=True
)
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True)
@common
@click.pass_context
def command(ctx: click.Context, model: str, kind: str, output: Path) -> None:
    """Save MODEL (name, name@alias or name:version) as a file."""
    shell: Shell = ctx.obj
    name = parse_model(model)
    with opened(output) as out, connected(shell) as client:
        version = name.find(client)
        content, digest = client.artifact(version["model"], version["version"], kind)
        if hashlib.sha256(content).hexdigest() != digest:
            raise CommandError("The file arrived damaged. Try again.")
        out.write(content)
    click.echo(str(output))
    shell.say("{size} written, sha256 {digest}.", size=shell.t.bytes(len(content)), digest=digest)
