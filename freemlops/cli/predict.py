"""`freemlops predict`: a file in, the same file with its predictions out."""

from __future__ import annotations

import csv
import io
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import IO, Any

import click

from freemlops.cli.app import Shell, common
from freemlops.cli.connection import connected
from freemlops.cli.output import opened
from freemlops.cli.target import parse_model
from freemlops.client import ApiError, Client
from freemlops.domain.dataset import ColumnType
from freemlops.domain.errors import UsageError
from freemlops.domain.reading import AS_FOUND
from freemlops.services.learnt_reading import Learnt

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
    with connected(shell) as client, opened(output) as out:
        version = name.find(client)
        types = {c["name"]: ColumnType(c["type"]) for c in version["columns"]}
        data = _data(client, version["run"])
        learnt = Learnt(types, {note["code"] for note in data["notes"]} if data else ())
        rows, warnings = _write(client, version, batches(file, learnt), out)
    shell.say("{rows} rows answered.", rows=rows)
    for text, count in warnings.most_common(5):
        shell.say("{count} times: {warning}", count=count, warning=text)


def _data(client: Client, run: str) -> dict[str, Any] | None:
    """The dataset version behind a run, None when one of them is gone."""
    try:
        made = client.run(run)
        path = f"/datasets/{made['dataset']}/versions/{made['version']}"
        return dict(client.call("GET", path))
    except ApiError:
        return None


def _write(
    client: Client,
    version: dict[str, Any],
    parts: Iterator[tuple[dict[str, list[Any]], int]],
    out: IO[bytes],
) -> tuple[int, Counter[str]]:
    text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
    writer, total, classes = csv.writer(text), 0, None
    warnings: Counter[str] = Counter()
    for columns, count in parts:
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
            warnings.update(made.get("warnings", ()))
        total += count
    text.detach()
    return total, warnings


def batches(file: Path, learnt: Learnt) -> Iterator[tuple[dict[str, list[Any]], int]]:
    """The file's rows column by column, read as the model's own data was."""
    from freemlops.engine.ingest import read_table

    with tempfile.TemporaryDirectory() as first, tempfile.TemporaryDirectory() as second:
        table = read_table(file, file.name, Path(first))
        asked = {q.option for q in table.questions}
        options = learnt.options({c.name: c.type for c in table.columns}, asked)
        if options != AS_FOUND:
            table = read_table(file, file.name, Path(second), options)
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
