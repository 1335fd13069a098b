"""`freemlops serve`: pages and API on one port, until Ctrl+C."""

from __future__ import annotations

import os
import sys
import webbrowser
from typing import Any

import click

from freemlops.cli.app import Shell, common


@click.command("serve")
@click.option("--host", help="Address to listen on (127.0.0.1; others ask for a password).")
@click.option("--port", type=click.IntRange(0, 65535), help="Port (5006).")
@click.option("--no-browser", is_flag=True, help="Do not open the browser.")
@common
@click.pass_context
def command(
    ctx: click.Context,
    /,
    host: str | None = None,
    port: int | None = None,
    no_browser: bool = False,
    **_: Any,
) -> None:
    """Open the app: pages and API on one port."""
    from freemlops.server.serve import create
    from freemlops.settings import from_environment

    shell: Shell = ctx.obj
    shell.say("Starting Free MLOps…")
    server = create(from_environment(home=shell.home, host=host, port=port))
    if server.generated_password:
        shell.say(
            "This server is open to the network, so it asks for a password. Write it down, it "
            "is shown only now: {password}",
            password=server.generated_password,
        )

    def ready() -> None:
        shell.say("Free MLOps is ready at {url} (Ctrl+C stops it).", url=server.url)
        server.platform.trainer.warm()
        if not no_browser and _has_screen():
            webbrowser.open(server.url)

    server.run(ready)
    shell.say("Stopped.")


def _has_screen() -> bool:
    """Without one, some systems would open a text browser right in this terminal."""
    return sys.platform in ("darwin", "win32") or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )
