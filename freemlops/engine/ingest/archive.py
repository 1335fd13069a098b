"""What kind of file this is by its bytes, and the one table inside a compressed one."""

from __future__ import annotations

import gzip
import re
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import IO, NoReturn

from freemlops.domain.errors import (
    ChoiceNeededError,
    Detail,
    InvalidError,
    TooLargeError,
    UnreadableFileError,
)
from freemlops.domain.words import N_, say

MOST_UNPACKED_BYTES = 64 * 1024**3
FREE_RATIO_BYTES = 256 * 1024**2
MOST_RATIO = 200
"""Text packs about ten times, very dull text a hundred times; a bomb a thousand times. Below
`FREE_RATIO_BYTES` nobody is hurt, so nothing is refused."""
PIECE_BYTES = 1024**2
HEAD_BYTES = 4096
MOST_OFFERED = 200

PARQUET = b"PAR1"
ARROW_FILE = b"ARROW1\x00\x00"
ARROW_STREAM = b"\xff\xff\xff\xff"
_JSON = re.compile(rb'\s*(\{\s*"|\[\s*\{)')
GZIP = b"\x1f\x8b"
ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")

_FOREIGN = (
    (b"\x89PNG\r\n\x1a\n", N_("an image")),
    (b"\xff\xd8\xff", N_("an image")),
    (b"GIF8", N_("an image")),
    (b"%PDF-", N_("a PDF document")),
    (b"\x7fELF", N_("a program")),
    (b"MZ\x90", N_("a program")),
    (b"SQLite format 3\x00", N_("a database")),
    (b"7z\xbc\xaf\x27\x1c", N_("a 7-Zip archive")),
    (b"Rar!\x1a\x07", N_("a RAR archive")),
    (b"BZh", N_("a bzip2 archive")),
    (b"\xfd7zXZ\x00", N_("an xz archive")),
    (b"\x28\xb5\x2f\xfd", N_("a Zstandard archive")),
    (b"\x80\x04\x95", N_("a Python pickle")),
    (b"{\\rtf", N_("a text document")),
)
_EXCEL_97 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HTML = re.compile(rb"\s*(<!doctype html|<html|<head|<body|<table|<\?xml)", re.IGNORECASE)


def unpack(path: Path, scratch: Path, member: str | None = None) -> Path:
    """The file itself, or the table inside a gzip or zip file, written to `scratch`.

    Raises `ChoiceNeededError` when there are several and no `member` is named, and
    `UnreadableFileError` for whatever is no table, with what to do about it.
    """
    head = _head(path)
    if head.startswith(GZIP):
        unpacked = _gunzip(path, scratch / "unpacked")
    elif head.startswith(ZIP):
        unpacked = _unzip(path, scratch / "unpacked", member)
    else:
        _refuse_foreign(head)
        return path
    if unpacked == path:
        return path
    inner = _head(unpacked)
    if inner.startswith((GZIP, *ZIP)):
        raise UnreadableFileError(
            "There is another archive inside this archive. Unpack it, and send the table itself."
        )
    _refuse_foreign(inner)
    return unpacked


def kind_of(path: Path) -> str:
    """parquet, arrow, excel, json, or else text."""
    head = _head(path)
    if head.startswith(PARQUET):
        return "parquet"
    if head.startswith((ARROW_FILE, ARROW_STREAM)):
        return "arrow"
    if head.startswith((*ZIP, _EXCEL_97)):
        return "excel"
    return "json" if _JSON.match(head.removeprefix(b"\xef\xbb\xbf")) else "text"


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if not head:
        raise UnreadableFileError(
            "The file is empty. Choose a file with a header line and at least one row."
        )
    return head


def _refuse_foreign(head: bytes) -> None:
    for magic, what in _FOREIGN:
        if head.startswith(magic):
            raise UnreadableFileError(
                "This is {what}, not a table. Save the data as CSV and try again.", what=what
            )
    if _HTML.match(head.removeprefix(b"\xef\xbb\xbf")):
        raise UnreadableFileError(
            "This is a web page (HTML or XML), not a table. Often it is the page on which the "
            "download button is: press that, and send the file you get."
        )


def excel() -> UnreadableFileError:
    return UnreadableFileError(
        "This is a spreadsheet. Open it, choose “Save as” and the format CSV (UTF-8), and send "
        "that file."
    )


def _gunzip(path: Path, target: Path) -> Path:
    try:
        with gzip.open(path, "rb") as source:
            _copy(source, target, path.stat().st_size)
    except (OSError, EOFError, zlib.error) as error:
        raise _broken() from error
    return target


def _unzip(path: Path, target: Path, wanted: str | None) -> Path:
    try:
        with zipfile.ZipFile(path) as archive:
            if is_workbook(archive):
                return path
            member = _table(archive, wanted)
            with archive.open(member) as source:
                _copy(source, target, max(1, member.compress_size))
    except (zipfile.BadZipFile, EOFError, zlib.error, NotImplementedError, OSError) as error:
        raise _broken() from error
    except RuntimeError as error:  # zipfile's way to say that a password is needed
        raise UnreadableFileError(
            "The archive has a password. Unpack it, and send the table itself."
        ) from error
    return target


def is_workbook(archive: zipfile.ZipFile) -> bool:
    return "xl/workbook.xml" in archive.namelist()


def members(path: Path) -> tuple[str, ...]:
    """The files of a zip archive, in its order; empty when this is none."""
    try:
        with zipfile.ZipFile(path) as archive:
            return tuple(m.filename for m in _files(archive))
    except (zipfile.BadZipFile, OSError, NotImplementedError):
        return ()


def _files(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    return [m for m in archive.infolist() if not m.is_dir() and not _is_clutter(m.filename)]


def _table(archive: zipfile.ZipFile, wanted: str | None) -> zipfile.ZipInfo:
    names = {m.filename for m in archive.infolist()}
    if "[Content_Types].xml" in names or "mimetype" in names:
        raise excel()
    files = _files(archive)
    if not files:
        raise UnreadableFileError("The archive is empty. Put one table into it.")
    if wanted is not None:
        return next((m for m in files if m.filename == wanted), None) or _raise_missing(wanted)
    if len(files) > 1:
        raise choice_needed([m.filename for m in files])
    return files[0]


def _raise_missing(wanted: str) -> NoReturn:
    raise InvalidError("There is nothing called “{name}” in this file.", name=wanted[:200])


def check_member(names: Sequence[str], wanted: str | None) -> str:
    """The one to read; raises `InvalidError` or `ChoiceNeededError`."""
    if wanted is not None:
        return wanted if wanted in names else _raise_missing(wanted)
    if len(names) > 1:
        raise choice_needed(names)
    return names[0]


def choice_needed(names: Sequence[str]) -> ChoiceNeededError:
    return ChoiceNeededError(
        "This file holds {count} tables. Choose the one to read.",
        details=[Detail(say("{name}", name=name)) for name in names[:MOST_OFFERED]],
        count=len(names),
    )


def _is_clutter(name: str) -> bool:
    """What macOS and Windows slip into archives."""
    path = PurePosixPath(name)
    return path.parts[0] == "__MACOSX" or path.name in (".DS_Store", "Thumbs.db", "desktop.ini")


def _copy(source: IO[bytes] | gzip.GzipFile, target: Path, packed_bytes: int) -> None:
    """Count what really comes out: the sizes that an archive states may be lies."""
    most = min(MOST_UNPACKED_BYTES, max(FREE_RATIO_BYTES, packed_bytes * MOST_RATIO))
    size = 0
    with target.open("wb") as out:
        while piece := source.read(PIECE_BYTES):
            size += len(piece)
            if size > most:
                raise TooLargeError(
                    "The archive unpacks to more than {limit} MB, far more than a table of its "
                    "size would. Unpack it, and send the table itself.",
                    limit=round(most / 1e6),
                )
            out.write(piece)


def _broken() -> UnreadableFileError:
    return UnreadableFileError(
        "The archive is damaged or was cut off. Make it again, or download it once more."
    )
