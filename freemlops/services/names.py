"""What people type as names, tags and descriptions, made fit to be kept and shown."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from pathlib import PurePosixPath

from freemlops.domain.errors import InvalidError

MOST_NAME = 120
MOST_TAG = 40
MOST_TAGS = 20


_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_HIDDEN = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
"""Characters that cannot be seen, but turn the direction of what is read or tell equals apart.
The joiners U+200C and U+200D stay: some scripts and emoji are written with them."""


def _plain(text: str) -> str:
    """One spelling for what looks the same (NFC), nothing hidden, single blanks."""
    text = _HIDDEN.sub("", _CONTROL.sub(" ", unicodedata.normalize("NFC", text)))
    return re.sub(r"\s+", " ", text).strip()


def clean_name(name: str) -> str:
    """No control or hidden characters, NFC, single blanks, 1 to 120 characters.

    Raises `InvalidError`.
    """
    name = _plain(name)
    if not name:
        raise InvalidError("A name is missing. Give the dataset a name.")
    return name[:MOST_NAME]


def clean_filename(filename: str, default: str) -> str:
    """The last part of a path as any system writes it, cleaned like a name; else `default`."""
    return PurePosixPath(_plain(filename.replace("\\", "/"))).name or default


def clean_text(text: str, most: int) -> str:
    """Lines of text without control characters. Raises `InvalidError` over `most` characters."""
    text = re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", "", text.replace("\r\n", "\n")).strip()
    if len(text) > most:
        raise InvalidError("The text is longer than {limit} characters. Shorten it.", limit=most)
    return text


def clean_tags(tags: Sequence[str]) -> tuple[str, ...]:
    """Each once, in the order given, in lower case. Raises `InvalidError` for too many."""
    made = dict.fromkeys(clean_name(tag)[:MOST_TAG].lower() for tag in tags if tag.strip())
    if len(made) > MOST_TAGS:
        raise InvalidError("There are more than {limit} tags. Leave some out.", limit=MOST_TAGS)
    return tuple(made)
