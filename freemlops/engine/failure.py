"""Why a family is not in the result, as a sentence by kind; what a library said stands apart."""

from __future__ import annotations

import re
from typing import Final

from freemlops.domain.errors import ExportError
from freemlops.domain.words import Message, say

MOST_DETAIL: Final = 300
_MEMORY: Final = re.compile(r"bad_alloc|out of memory|unable to allocate|cannot allocate", re.I)
_CLASSES: Final = re.compile(
    r"least populated class|at least (2|two) classes|only (1|one) class|(1|one) class only", re.I
)


def failed(family: str, error: BaseException) -> Message:
    """`family` could not be fitted; `error` is whatever its library raised."""
    text = str(error)
    if isinstance(error, MemoryError) or _MEMORY.search(text):
        return say("{family} is left out: it needed more memory than there is.", family=family)
    if isinstance(error, TimeoutError):
        return say("{family} is left out: its time was over.", family=family)
    if _CLASSES.search(text):
        return say("{family} is left out: a class has too few rows for it.", family=family)
    return say(
        "{family} is left out: it failed on this data. Technical detail: {detail}",
        family=family,
        detail=_detail(error),
    )


def refused(family: str, error: ExportError) -> Message:
    """`family` was fitted, but its exported file could not be made or does not answer alike."""
    cause = error.__cause__
    if cause is not None and (isinstance(cause, MemoryError) or _MEMORY.search(str(cause))):
        return say(
            "{family} is left out: exporting it needed more memory than there is.", family=family
        )
    difference = error.message.params.get("difference")
    if difference is not None:
        return say(
            "{family} is left out: its exported file answered differently by up to {difference}.",
            family=family,
            difference=difference,
        )
    return say(
        "{family} is left out: it could not be exported. Technical detail: {detail}",
        family=family,
        detail=_detail(cause or error),
    )


def _detail(error: BaseException) -> str:
    """The library's own words, in one line: for whoever looks for the cause."""
    text = " ".join(f"{type(error).__name__}: {error}".split())
    return text if len(text) <= MOST_DETAIL else text[: MOST_DETAIL - 1] + "…"
