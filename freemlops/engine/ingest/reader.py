"""A file of whatever kind becomes a typed table: `read_table`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from freemlops.domain.errors import InvalidError
from freemlops.domain.reading import AS_FOUND, ReadOptions
from freemlops.engine.ingest import archive, excel
from freemlops.engine.ingest.arrow import read_arrow
from freemlops.engine.ingest.encoding import Text, to_utf8
from freemlops.engine.ingest.ingested import Ingested
from freemlops.engine.ingest.json_lines import flatten_json
from freemlops.engine.ingest.options import check_options, codec_name
from freemlops.engine.ingest.parquet import read_parquet
from freemlops.engine.ingest.text import read_text


def read_table(
    path: Path, filename: str, scratch: Path, options: ReadOptions = AS_FOUND
) -> Ingested:
    """The table in a CSV, TSV or other separated text file, JSON, Parquet, Arrow or a workbook,
    also in gzip or zip.

    Reads text once to decide the types; the reader of the result reads it once more. `scratch`
    is an empty folder for copies, which the caller removes when the reader is done. Raises
    `UnreadableFileError` (with lines where they are known; `ChoiceNeededError` when there are
    several tables), `TooLargeError`, and `InvalidError` for options that make no sense.
    """
    check_options(options)
    unpacked = archive.unpack(path, scratch, options.member)
    kind = archive.kind_of(unpacked)
    if kind in ("parquet", "arrow"):
        if options.types:
            raise InvalidError("This file says its own types; they can't be changed here.")
        return read_parquet(unpacked) if kind == "parquet" else read_arrow(unpacked)
    if kind in ("json", "excel"):
        if kind == "excel":
            flat, notes = excel.flatten_sheet(unpacked, scratch, options.member)
        else:
            flat, notes = flatten_json(unpacked, scratch)
        # written by us: its separators are known, its header only in JSON
        plain = replace(options, separator=",", quote='"', encoding=None)
        made = read_text(to_utf8(flat, scratch), filename, scratch, plain)
        rest = tuple(n for n in made.notes if n.code != "read.text")
        return replace(made, notes=(*notes, *rest))
    name = filename.lower().removesuffix(".gz").removesuffix(".zip")
    encoding = codec_name(options.encoding) if options.encoding else None
    text: Text = to_utf8(unpacked, scratch, encoding)
    return read_text(text, name, scratch, options)


def members(path: Path) -> tuple[str, ...]:
    """The tables in a zip archive or the sheets of a workbook; empty for other files."""
    if archive.kind_of(path) != "excel":
        return ()
    names = archive.members(path)
    if names and "xl/workbook.xml" not in names:
        return names
    return excel.sheets(path)
