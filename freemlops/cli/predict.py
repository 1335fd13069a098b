"""`freemlops predict`: a file in, the same file with its predictions out."""

from __future__ import annotations

import csv
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, TextIO

import click

from freemlops.cli.app import Shell, common
from freemlops.cli.connection import connected
from freemlops.cli.target import parse_model
from freemlops.client import Client
from freemlops.domain.errors import UsageError

ROWS_A_CALL = 2000


@click.command("predict")
@click.argument("model")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), help="CSV to write (stdout).")
@common
@click.pass_context
def command(ctx: click.Context, model: str, file: Path, output: Path | None) -> None:
    """Answer every row of FILE with MODEL (name, name@alias or name:version)."""
    shell: Shell = ctx.obj
    name = parse_model(model)
    if not file.is_file():
        raise UsageError("There is no file “{file}”.", file=str(file))
    with connected(shell) as client:
        version = name.find(client)
        with _opened(output) as out:
            rows = _write(client, version, file, out)
    shell.say("{rows} rows answered.", rows=rows)


def _write(client: Client, version: dict[str, Any], file: Path, out: TextIO) -> int:
    writer, total, classes = csv.writer(out), 0, None
    for columns, count in batches(file):
        answer = client.call(
            "POST",
            f"/models/{version['model']}/predict",
            params={"version": version["version"]},
            json={"columns": columns},
        )
        predictions = answer["predictions"]
        if classes is None:
            classes = list(predictions[0].get("probabilities") or ())
            probabilities = [f"probability_{c}" for c in classes]
            writer.writerow([*columns, "prediction", *probabilities])
        for i, made in enumerate(predictions):
            chances = made.get("probabilities") or {}
            cells = [values[i] for values in columns.values()]
            writer.writerow([*cells, made["prediction"], *(chances[c] for c in classes)])
        total += count
    return total


def batches(file: Path) -> Iterator[tuple[dict[str, list[Any]], int]]:
    """The file's rows column by column, read with the same rules as an upload."""
    from freemlops.engine.ingest import read_table

    with tempfile.TemporaryDirectory() as scratch:
        table = read_table(file, file.name, Path(scratch))
        for batch in table.reader:
            for start in range(0, batch.num_rows, ROWS_A_CALL):
                part = batch.slice(start, ROWS_A_CALL)
                yield (
                    {
                        name: [_plain(v) for v in column.to_pylist()]
                        for name, column in zip(part.schema.names, part.columns, strict=True)
                    },
                    part.num_rows,
                )


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


@contextmanager
def _opened(output: Path | None) -> Iterator[TextIO]:
    """Standard output, or a file that appears whole or not at all."""
    if output is None:
        yield sys.stdout
        return
    if not output.parent.is_dir():
        raise UsageError("There is no folder “{folder}”.", folder=str(output.parent))
    part = output.with_name(output.name + ".part")
    try:
        with part.open("w", encoding="utf-8", newline="") as file:
            yield file
        part.replace(output)
    finally:
        part.unlink(missing_ok=True)
