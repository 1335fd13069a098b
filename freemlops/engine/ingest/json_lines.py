"""JSON objects, one a line or in one list, written out as a plain separated file."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from freemlops.domain.dataset import Note
from freemlops.domain.errors import Detail, UnreadableFileError
from freemlops.domain.words import say
from freemlops.engine.ingest.ingested import check_width
from freemlops.engine.ingest.repair import giant_cell

PIECE_CHARS: Final = 1024**2
MOST_OBJECT_CHARS: Final = 32 * 1024**2
_BLANK: Final = " \t\r\n,"


def flatten_json(path: Path, scratch: Path) -> tuple[Path, tuple[Note, ...]]:
    """A CSV in `scratch` with every key as a column; numbers stay as they are written.

    Raises `UnreadableFileError` with the line of what is no JSON object.
    """
    names: dict[str, int] = {}
    nested: set[str] = set()
    for record in _objects(path):
        for key, value in record.items():
            names.setdefault(key, len(names))
            if isinstance(value, dict | list):
                nested.add(key)
        check_width(len(names))
    target = scratch / "flat.csv"
    with target.open("w", encoding="utf-8", errors="replace", newline="") as out:
        writer = csv.writer(out, quoting=csv.QUOTE_ALL)
        writer.writerow(names)
        for record in _objects(path):
            writer.writerow([_text(record.get(name)) for name in names])
    notes = [Note("read.json", say("Read as JSON."))]
    if nested:
        shown = ", ".join(sorted(nested)[:5])
        message = say("Nested values were kept as JSON text: {columns}.", columns=shown)
        notes.append(Note("json.nested", message))
    return target, tuple(notes)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _objects(path: Path) -> Iterator[dict[str, Any]]:
    """Every object of the file in turn, holding no more than one piece of it and one object."""
    decoder = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=lambda _: "")
    buffer, line, is_list = "", 1, False
    with path.open(encoding="utf-8-sig", errors="strict", newline="") as file:
        while True:
            rest = buffer.lstrip(_BLANK)
            line += buffer.count("\n", 0, len(buffer) - len(rest))
            buffer = rest
            if buffer.startswith("[") and not is_list:
                buffer, is_list = buffer[1:], True
                continue
            if is_list and buffer.startswith("]"):
                return
            found, used = _decode(decoder, buffer, line)
            if used:
                yield found
                line += buffer.count("\n", 0, used)
                buffer = buffer[used:]
                continue
            piece = file.read(max(PIECE_CHARS, len(buffer)))
            if not piece:
                if buffer or is_list:
                    raise _broken(line)
                return
            buffer += piece


def _decode(decoder: json.JSONDecoder, text: str, line: int) -> tuple[dict[str, Any], int]:
    """The object at the beginning and where it ends; 0 when more text is needed."""
    try:
        found, used = decoder.raw_decode(text)
    except (ValueError, RecursionError) as error:
        if len(text) > MOST_OBJECT_CHARS:
            raise giant_cell(line) from error
        return {}, 0
    if not isinstance(found, dict):
        raise _broken(line)
    return found, used


def _broken(line: int) -> UnreadableFileError:
    return UnreadableFileError(
        "What begins in line {line} is no JSON object, so this can't be read as a table. A file "
        "of JSON has one object a line, or one list of objects.",
        details=[Detail(say("Here the JSON can't be read."), line=line)],
        line=line,
    )
