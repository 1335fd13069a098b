"""Text in whatever encoding becomes UTF-8 without control characters."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from freemlops.domain.dataset import Note
from freemlops.domain.errors import UnreadableFileError
from freemlops.domain.words import say

PIECE_BYTES = 1024**2
HEAD_BYTES = 64 * 1024
MOST_CONTROL_SHARE = 0.02
FEW_BROKEN = 0.01
"""Broken characters among those beyond ASCII: with so few, the file is UTF-8 all the same."""
CONTROL: Final = bytes(b for b in range(32) if b not in b"\t\n\r") + b"\x7f"
TITLES: Final = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "utf-32": "UTF-32",
    "cp1252": "Windows-1252 (latin-1)",
    "latin-1": "ISO 8859-1 (latin-1)",
}


@dataclass(frozen=True, slots=True)
class Text:
    """A UTF-8 file without a byte order mark; `start` is the offset of its first character."""

    path: Path
    encoding: str
    start: int = 0
    notes: tuple[Note, ...] = ()


def to_utf8(path: Path, scratch: Path, asked: str | None = None) -> Text:
    """The file itself when it is clean UTF-8, else a clean copy of it in `scratch`.

    `asked` is the name of the codec that a person chose. Every byte is looked at: a bad one at
    the end of a large file counts too. Raises
    `UnreadableFileError` when this is no text.
    """
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if asked is not None:
        return _copy(path, scratch, asked, "strict")
    encoding = _wide(head)
    if encoding is not None:
        return _copy(path, scratch, encoding, "strict")
    _refuse_binary(head)
    survey = _survey(path)
    if survey.is_utf8 and not survey.controls:
        return Text(path, "utf-8", 3 if head.startswith(codecs.BOM_UTF8) else 0)
    if survey.is_utf8:
        return _copy(path, scratch, "utf-8-sig", "strict")
    if survey.broken <= FEW_BROKEN * survey.beyond_ascii:
        made = _copy(path, scratch, "utf-8-sig", "replace")
        broken = say(
            "Characters that could not be read and were replaced: {count}.", count=survey.broken
        )
        return Text(made.path, "utf-8", 0, (*made.notes, Note("encoding.broken", broken)))
    encoding = "cp1252" if _fits(path, "cp1252") else "latin-1"
    return _copy(path, scratch, encoding, "strict")


def _wide(head: bytes) -> str | None:
    """UTF-16 or UTF-32 by its mark, or by every second byte being zero."""
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = len(head) / 2
    if odd > 0.7 * half and even < 0.1 * half:
        return "utf-16-le"
    if even > 0.7 * half and odd < 0.1 * half:
        return "utf-16-be"
    return None


def _refuse_binary(head: bytes) -> None:
    controls = len(head) - len(head.translate(None, CONTROL))
    if controls > MOST_CONTROL_SHARE * len(head):
        raise UnreadableFileError(
            "This is no text, so it can't be read as a table. Save the data as CSV and try again."
        )


@dataclass(frozen=True, slots=True)
class _Survey:
    is_utf8: bool
    controls: int
    broken: int
    beyond_ascii: int


def _survey(path: Path) -> _Survey:
    """One pass over the bytes; the slow counting starts only at the first bad one."""
    strict = codecs.getincrementaldecoder("utf-8")("strict")
    lax = codecs.getincrementaldecoder("utf-8")("replace")
    is_utf8, controls, broken, beyond = True, 0, 0, 0
    with path.open("rb") as file:
        while True:
            piece = file.read(PIECE_BYTES)
            controls += len(piece) - len(piece.translate(None, CONTROL))
            if is_utf8:
                try:
                    strict.decode(piece, final=not piece)
                except UnicodeDecodeError:
                    is_utf8 = False
            if not is_utf8:
                text = lax.decode(piece, final=not piece)
                broken += text.count("\ufffd")
                beyond += len(text) - len(text.encode("ascii", "ignore"))
            if not piece:
                return _Survey(is_utf8, controls, broken, beyond - broken)


def _fits(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        while piece := file.read(PIECE_BYTES):
            try:
                decoder.decode(piece)
            except UnicodeDecodeError:
                return False
    return True


def _copy(path: Path, scratch: Path, encoding: str, errors: str) -> Text:
    target = scratch / "text.csv"
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    removed = 0
    with path.open("rb") as source, target.open("wb") as out:
        while True:
            piece = source.read(PIECE_BYTES)
            try:
                text = decoder.decode(piece, final=not piece)
            except UnicodeDecodeError as error:
                raise UnreadableFileError(
                    "The file can't be read as {encoding}: a character is not in it. Choose "
                    "another encoding, or save the data as CSV (UTF-8).",
                    encoding=TITLES.get(encoding, encoding),
                ) from error
            # in UTF-8 these bytes stand for nothing but themselves; str.translate was 20 s slower
            # for 200 MB
            made = text.removeprefix("\ufeff").encode("utf-8", "replace")
            clean = made.translate(None, CONTROL)
            removed += len(made) - len(clean)
            out.write(clean)
            if not piece:
                break
    found = say("Control characters left out: {count}.", count=removed)
    notes = (Note("encoding.control", found),) if removed else ()
    return Text(target, encoding.removesuffix("-sig"), 0, notes)
