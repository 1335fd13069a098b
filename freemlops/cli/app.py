"""The `freemlops` command and what its subcommands share."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import click

from freemlops import __version__
from freemlops.domain.errors import FreeMLOpsError, UsageError, WarehouseHeldError
from freemlops.i18n import LANGUAGES, Translator, negotiate, translator

EXIT_FAILED, EXIT_USAGE, EXIT_HELD = 1, 2, 3
COMMANDS: Final = {
    "serve": "Open the app: pages and API on one port (what `freemlops` alone does).",
    "train": "Train models on a file or a sample and register the best.",
    "predict": "Answer every row of a file with a registered model.",
    "score": "Answer every row of a file with an endpoint or a bundle.",
    "export": "Save a registered model as a file.",
    "import": "Take in a model that another Free MLOps exported as a bundle.",
    "serve-model": "Serve one model, of a bundle or of another Free MLOps, and nothing else.",
    "sql": "Ask the history of all trainings in SQL.",
    "snapshot": "Save the history as a DuckDB file of its own.",
    "samples": "List the data sets that ship with the product.",
    "backup": "Copy everything into a folder, while the app runs.",
    "restore": "Put a backup in the place of everything.",
    "compact": "Give the room of what was deleted back to the disk.",
    "doctor": "Say what is wrong with this machine and home, if anything.",
    "version": "Print the version.",
}

MODULES: Final = {"import": "import_bundle", "serve-model": "serve_model"}


@dataclass(frozen=True, slots=True)
class Shell:
    """What every command knows: the home to work in and the language to speak."""

    home: Path | None
    t: Translator

    def say(self, text: str, /, **params: Any) -> None:
        """A sentence for the person, on stderr."""
        click.echo(self.t.text(text, **params), err=True)


class LazyCommands(click.Group):
    """Loads a subcommand's module when it is called: `version` must not wait for a server."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        import importlib

        if name not in COMMANDS:
            return None
        module = importlib.import_module(f"freemlops.cli.{MODULES.get(name, name)}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyCommands, invoke_without_command=True)
@click.option("--home", type=click.Path(path_type=Path, file_okay=False), help="Data directory.")
@click.option("--lang", type=click.Choice(list(LANGUAGES)), help="Language of the words.")
@click.pass_context
def cli(ctx: click.Context, home: Path | None, lang: str | None) -> None:
    """Free MLOps: drop a CSV, say what to predict, get models and a live endpoint."""
    ctx.obj = Shell(home, translator(lang or _language(os.environ)))
    if ctx.invoked_subcommand is None:
        from freemlops.cli.serve import command

        ctx.invoke(command)


def common(command: Any) -> Any:
    """`--home` and `--lang` after the subcommand too, where people type them."""

    def moved(ctx: click.Context, option: click.Parameter, value: Any) -> Any:
        if value is not None:
            shell: Shell = ctx.obj
            ctx.obj = (
                Shell(value, shell.t)
                if option.name == "home"
                else Shell(shell.home, translator(value))
            )
        return value

    for option in (
        click.option(
            "--home",
            type=click.Path(path_type=Path, file_okay=False),
            callback=moved,
            expose_value=False,
            help="Data directory.",
        ),
        click.option(
            "--lang",
            type=click.Choice(list(LANGUAGES)),
            callback=moved,
            expose_value=False,
            help="Language of the words.",
        ),
    ):
        command = option(command)
    return command


def _language(env: Any) -> str:
    wanted = env.get("LC_ALL") or env.get("LC_MESSAGES") or env.get("LANG") or ""
    return negotiate(wanted.split(".")[0])


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit: an error becomes a sentence and a code, no traceback."""
    shell = Shell(None, translator(_spoken(sys.argv if arguments is None else arguments)))
    try:
        code = cli.main(arguments, prog_name="freemlops", standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except FreeMLOpsError as error:
        _explain(shell, error)
        sys.exit(_exit_code(error))
    except BrokenPipeError:
        # Whoever read our output has gone (`freemlops … | head`): nothing is wrong.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    sys.exit(code if isinstance(code, int) else 0)


def _spoken(arguments: list[str]) -> str:
    """The language asked for anywhere on the line, so that even its errors are in it."""
    for before, after in zip(arguments, [*arguments[1:], ""], strict=True):
        if before == "--lang" and after in LANGUAGES:
            return after
        if before.startswith("--lang=") and before[7:] in LANGUAGES:
            return before[7:]
    return _language(os.environ)


def _explain(shell: Shell, error: FreeMLOpsError) -> None:
    shell.say(error.message.template, **error.message.params)
    for detail in error.details:
        parts = []
        if detail.line is not None:
            parts.append(shell.t.text("line {line}", line=str(detail.line)))
        if detail.row is not None:
            parts.append(shell.t.text("row {row}", row=str(detail.row + 1)))
        if detail.column is not None:
            parts.append(shell.t.text("column “{column}”", column=detail.column))
        click.echo(f"  {', '.join(parts)}: {shell.t.text(detail.message)}", err=True)


def _exit_code(error: FreeMLOpsError) -> int:
    if isinstance(error, WarehouseHeldError):
        return EXIT_HELD
    return EXIT_USAGE if isinstance(error, UsageError) else EXIT_FAILED


def version_text() -> str:
    return f"freemlops {__version__}"
