"""A sheet of a workbook, written out as a plain separated file; needs the extra `excel`."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Any, Final

import polars as pl

from freemlops.domain.dataset import Note
from freemlops.domain.errors import TooLargeError, UnreadableFileError
from freemlops.domain.words import say
from freemlops.engine.ingest.archive import check_member
from freemlops.engine.ingest.ingested import check_width

MOST_BYTES: Final = 200 * 1024**2
MOST_CELLS: Final = 20_000_000
PIECE_BYTES: Final = 1024**2
_PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')


def flatten_sheet(path: Path, scratch: Path, member: str | None) -> tuple[Path, tuple[Note, ...]]:
    """A CSV in `scratch` of the sheet called `member`, or of the only one.

    Raises `ChoiceNeededError` when there are several, `TooLargeError` before a bomb unpacks.
    """
    _check_size(path)
    book = _open(path)
    name = check_member(book.sheet_names, member)
    try:
        sheet = book.load_sheet(name, header_row=None, dtypes="string", skip_rows=0)
        check_width(sheet.width)
        frame: Any = pl.from_arrow(sheet.to_arrow())
    except TooLargeError:
        raise
    except Exception as error:  # fastexcel has no one base for what Rust raises
        raise _broken() from error
    midnight = " 00:00:00"
    tidy = [_without_midnight(frame.get_column(c), midnight) for c in frame.columns]
    target = scratch / "sheet.csv"
    pl.DataFrame(tidy).write_csv(target, include_header=False, quote_style="always", null_value="")
    return target, (Note("read.excel", say("Read the sheet “{name}”.", name=name)),)


def sheets(path: Path) -> tuple[str, ...]:
    _check_size(path)
    return tuple(_open(path).sheet_names)


def _without_midnight(cells: pl.Series, midnight: str) -> pl.Series:
    """Days without the time that a spreadsheet stores with them."""
    dated = cells.drop_nulls().filter(cells.drop_nulls().str.contains(r"^\d{4}-\d\d-\d\d \d\d:"))
    if dated.len() and dated.str.ends_with(midnight).all():
        return cells.str.strip_suffix(midnight)
    return cells


def _open(path: Path) -> Any:
    try:
        import fastexcel
    except ImportError as error:
        raise UnreadableFileError(
            "This is a spreadsheet, and reading those needs the extra freemlops[excel]. Open it, "
            "choose “Save as” and the format CSV (UTF-8), and send that file."
        ) from error
    try:
        return fastexcel.read_excel(path.read_bytes())
    except Exception as error:  # fastexcel has no one base for what Rust raises
        raise _broken() from error


def _check_size(path: Path) -> None:
    """Count what really unpacks, and the area the cells span: one far cell fills memory too."""
    if path.stat().st_size > MOST_BYTES:
        raise _too_large()
    if not zipfile.is_zipfile(path):
        return
    size = 0
    try:
        with zipfile.ZipFile(path) as archive:
            for entry in archive.infolist():
                wide, high, rest = 1, 1, b""
                with archive.open(entry) as source:
                    while piece := source.read(PIECE_BYTES):
                        size += len(piece)
                        for letters, row in _PLACE.findall(rest + piece):
                            wide, high = max(wide, _column(letters)), max(high, int(row))
                        rest = piece[-32:]
                        if size > MOST_BYTES or wide * high > MOST_CELLS:
                            raise _too_large()
    except (zipfile.BadZipFile, EOFError, OSError, RuntimeError, ValueError) as error:
        raise _broken() from error


def _column(letters: bytes) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + letter - 64
    return place


def _too_large() -> TooLargeError:
    return TooLargeError(
        "The spreadsheet is too large to be read as one (over {limit} MB unpacked, or cells far "
        "apart). Save the sheet as CSV (UTF-8) and send that file.",
        limit=round(MOST_BYTES / 1e6),
    )


def _broken() -> UnreadableFileError:
    return UnreadableFileError(
        "This spreadsheet is damaged or has a password. Open it, choose “Save as” and the format "
        "CSV (UTF-8), and send that file."
    )
