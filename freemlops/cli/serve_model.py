"""`freemlops serve-model`: a replica that serves one model and nothing else."""

from __future__ import annotations

import os
from pathlib import Path

import click

from freemlops.cli.app import Shell, common


@click.command("serve-model")
@click.argument("target", metavar="BUNDLE|URL")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=5006, show_default=True, help="Port."
)
@click.option(
    "--workers", type=click.IntRange(1, 64), default=1, show_default=True,
    help="Processes that share the port.",
)  # fmt: skip
@click.option("--name", help="Name of the endpoint (the model's own by default).")
@click.option(
    "--every", type=click.FloatRange(0.2, 3600), default=5.0, show_default=True,
    help="Seconds between two looks for another model.",
)  # fmt: skip
@click.option(
    "--keys", type=click.Path(path_type=Path, dir_okay=False),
    help="File of the keys that open it, one a line (or their sha256).",
)  # fmt: skip
@common
@click.pass_context
def command(
    ctx: click.Context,
    target: str,
    host: str,
    port: int,
    workers: int,
    name: str | None,
    every: float,
    keys: Path | None,
) -> None:
    """Serve the model of a BUNDLE file, or of the endpoint URL of another Free MLOps.

    Needs neither warehouse nor training libraries. A hub that asks for a key gets the one in
    FREEMLOPS_KEY. Anybody who reaches the port may ask, unless --keys or FREEMLOPS_KEYS names
    keys: the keys of a hub open its own endpoints alone.
    """
    from freemlops.replica.keys import digests_of
    from freemlops.replica.serve import bind, serve

    shell: Shell = ctx.obj
    known = digests_of(os.environ.get("FREEMLOPS_KEYS", ""), keys)
    bound = bind(host, port)
    shown = f"[{host}]" if ":" in host else host
    url = f"http://{shown}:{bound.getsockname()[1]}"

    def ready() -> None:
        shell.say("The model is ready at {url} (Ctrl+C stops it).", url=url)

    key = os.environ.get("FREEMLOPS_KEY")
    serve(
        target, bound, workers=workers, key=key, keys=known, name=name, every_s=every, ready=ready
    )
    shell.say("Stopped.")
