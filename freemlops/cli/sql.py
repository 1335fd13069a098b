"""`freemlops sql`: a question to the history, in SQL."""

from __future__ import annotations

import json
import sys
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from freemlops.cli.app import Shell, common
from freemlops.cli.connection import connected


@click.command("sql")
@click.argument("query")
@click.option(
    "--format", "kind", type=click.Choice(["table", "csv", "json"]), default="table",
    show_default=True,
)  # fmt: skip
@click.option("--limit", type=click.IntRange(1), help="Most rows.")
@common
@click.pass_context
def command(ctx: click.Context, query: str, kind: str, limit: int | None) -> None:
    """Answer QUERY, one SELECT over lab.runs, lab.trials, …; `-` reads it from standard input."""
    shell: Shell = ctx.obj
    if query == "-":
        query = sys.stdin.read()
    with connected(shell) as client:
        if kind == "csv":
            click.echo(client.sql_text(query, limit, kind="text/csv"), nl=False)
            return
        answer = json.loads(client.sql_text(query, limit))
    if kind == "json":
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
    else:
        Console(width=None if sys.stdout.isatty() else 10_000).print(_table(answer))
    shell.say("{rows} rows.", rows=answer["row_count"])
    if answer["truncated"]:
        shell.say("There were more rows. Ask for more with --limit, or for less with WHERE.")


def _table(answer: dict[str, Any]) -> Table:
    """Texts as they are: no markup of the terminal's is read in them."""
    table = Table()
    for column in answer["columns"]:
        table.add_column(Text(column["name"]))
    for row in answer["rows"]:
        table.add_row(*(Text(_cell(value)) for value in row))
    return table


def _cell(value: Any) -> str:
    if value is None:
        return "NULL"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
