"""`freemlops score`: a file of any size in, the same rows with their answers out."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from freemlops.cli.app import Shell, common
from freemlops.cli.connection import connected
from freemlops.cli.output import opened
from freemlops.domain.errors import UsageError


@click.command("score")
@click.argument("target", metavar="ENDPOINT|BUNDLE")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), help="CSV to write (stdout).")
@common
@click.pass_context
def command(ctx: click.Context, target: str, file: Path, output: Path | None) -> None:
    """Answer every row of FILE with an ENDPOINT, or with the BUNDLE file on this machine alone.

    The answer has the columns of FILE, the prediction, the probability of each class, the
    decision by the threshold and the warnings.
    """
    shell: Shell = ctx.obj
    if not file.is_file():
        raise UsageError("There is no file “{file}”.", file=str(file))
    is_bundle = target.endswith(".fmlops") or Path(target).is_file()
    with opened(output) as out:
        if is_bundle:
            rows, warned, notes = _by_bundle(shell, target, file, out)
        else:
            rows, warned, notes = _by_endpoint(shell, target, file, out)
    shell.say("{rows} rows answered.", rows=rows)
    if warned:
        shell.say("Rows with a warning: {count}.", count=warned)
    for note in notes:
        click.echo(note, err=True)


type Told = tuple[int, int, Sequence[str]]
"""Rows, rows with a warning, and what was left out."""


def _by_endpoint(shell: Shell, target: str, file: Path, out: IO[bytes]) -> Told:
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with (
        connected(shell) as client,
        Progress(*columns, console=Console(stderr=True), transient=True) as bar,
    ):
        task = bar.add_task(escape(file.name), total=None)
        made = client.score(
            target, file, out, lambda done, total: bar.update(task, completed=done, total=total)
        )
    return made["rows"], made["warned"], made["notes"]


def _by_bundle(shell: Shell, target: str, file: Path, out: IO[bytes]) -> Told:
    from freemlops.services import batch_scoring
    from freemlops.services.learnt_reading import Learnt
    from freemlops.serving.bundle import read_bundle
    from freemlops.serving.model import ServedModel
    from freemlops.serving.replay import replay

    path = Path(target)
    if not path.is_file():
        raise UsageError("There is no file “{file}”.", file=target)
    bundle = read_bundle(path)
    predictor, _ = replay(bundle)
    model = ServedModel(predictor, bundle.manifest.model or "model", bundle.manifest.version or 1)
    learnt = Learnt({c.name: c.type for c in bundle.signature.columns})
    progress = batch_scoring.Progress()
    with tempfile.TemporaryDirectory() as folder:
        rows = batch_scoring.RowFile(file, file.name, Path(folder))
        batch_scoring.score_file(model, rows, out, learnt, shell.t, progress)
    notes = [shell.t.text(note.message) for note in progress.notes]
    return progress.rows, progress.warned, notes
