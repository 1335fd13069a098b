"""What people type as names, tags and descriptions, made fit to be kept and shown."""

from __future__ import annotations

import re
from collections.abc import Sequence

from freemlops.domain.errors import InvalidError

MOST_NAME = 120
MOST_TAG = 40
MOST_TAGS = 20


def clean_name(name: str) -> str:
    """No control characters, single blanks, 1 to 120 characters. Raises `InvalidError`."""
    name = re.sub(r"\s+", " ", re.sub(r"[\x00-\x1f\x7f]", " ", name)).strip()
    if not name:
        raise InvalidError("A name is missing. Give the dataset a name.")
    return name[:MOST_NAME]


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
