"""`freemlops version`."""

from __future__ import annotations

import click

from freemlops.cli.app import common, version_text


@click.command("version")
@common
def command() -> None:
    """Print the version."""
    click.echo(version_text())
