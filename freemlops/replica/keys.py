"""Who may ask a replica: whoever shows one of its keys, or everybody when it has none."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

from freemlops.domain.errors import UnauthorizedError, UsageError
from freemlops.serving.asgi import Scope

SHORTEST = 16
"""Characters. A plain sha256 guards what can't be guessed, and nothing else."""
_DIGEST = re.compile(r"[0-9a-f]{64}")


class Keys:
    """The sha256 of each key. Asking costs one hash, and nothing is looked up elsewhere."""

    def __init__(self, digests: Iterable[str] = ()) -> None:
        self._digests = frozenset(digests)

    def check(self, scope: Scope) -> None:
        """Raises `UnauthorizedError` unless the request carries a key."""
        if not self._digests:
            return
        for name, value in scope["headers"]:
            scheme, _, text = value.partition(b" ")
            if name == b"authorization" and scheme.lower() == b"bearer":
                if hashlib.sha256(text.strip()).hexdigest() in self._digests:
                    return
                raise UnauthorizedError("This key does not open this server. Ask for another one.")
        raise UnauthorizedError(
            "This endpoint is answered to holders of a key. Send one as Authorization: Bearer KEY."
        )


def digests_of(text: str, path: Path | None) -> tuple[str, ...]:
    """Of the keys in `text`, separated by spaces, and of those in a file, one a line.

    A key is given as it is or by its sha256 in hexadecimal. Raises `UsageError` for a file that
    can't be read or has no key, and for a key that is too short to be secret.
    """
    words = text.split()
    if path is not None:
        found = [line for line in map(str.strip, _lines(path)) if line and line[0] != "#"]
        if not found:  # an empty file would leave everything open
            raise UsageError("There is no key in “{file}”.", file=str(path))
        words += found
    return tuple(dict.fromkeys(map(_digest, words)))


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        problem = getattr(error, "strerror", None) or str(error)
        raise UsageError(
            "The file “{file}” can't be read: {problem}.", file=str(path), problem=problem
        ) from error


def _digest(word: str) -> str:
    if _DIGEST.fullmatch(word):
        return word
    if len(word) < SHORTEST:
        raise UsageError("A key needs {count} characters or more.", count=SHORTEST)
    return hashlib.sha256(word.encode()).hexdigest()
