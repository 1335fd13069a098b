"""`freemlops export`: a registered model as a file."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import click

from freemlops.cli.app import Shell, common
from freemlops.cli.connection import CommandError, connected
from freemlops.cli.output import opened
from freemlops.cli.target import parse_model
from freemlops.client import Client, Fetched
from freemlops.domain.export import FORMATS


@click.command("export")
@click.argument("model")
@click.option(
    "--format", "kind", type=click.Choice(list(FORMATS)), default="onnx", show_default=True
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
        made = _fetched(client, version, kind)
        out.write(made.content)
        if kind == "pickle":
            needs = Path(f"{output}.requirements.txt")
            needs.write_bytes(_fetched(client, version, "requirements").content)
    click.echo(str(output))
    size = shell.t.bytes(len(made.content))
    shell.say("{size} written, sha256 {digest}.", size=size, digest=made.sha256)
    if kind == "pickle":
        shell.say("What the pickle needs is listed in {path}.", path=str(needs))
    if made.parity is not None:
        shell.say(
            "Identical within 1e-5 (max difference {difference}) on {rows} rows.",
            difference=f"{made.parity[0]:.1e}",
            rows=made.parity[1],
        )


def _fetched(client: Client, version: dict[str, Any], kind: str) -> Fetched:
    made = client.export(version["model"], version["version"], kind)
    if hashlib.sha256(made.content).hexdigest() != made.sha256:
        raise CommandError("The file arrived damaged. Try again.")
    return made
