"""`freemlops samples`."""

from __future__ import annotations

import click

from freemlops.cli.app import Shell, common


@click.command("samples")
@common
@click.pass_context
def command(ctx: click.Context) -> None:
    """List the data sets that ship with the product (train on one with `sample:NAME`)."""
    from freemlops.engine.samples import SAMPLES

    shell: Shell = ctx.obj
    for sample in SAMPLES:
        click.echo(f"sample:{sample.key}\t{sample.rows}\t{shell.t.text(sample.title)}")
