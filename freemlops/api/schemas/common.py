"""What several nouns share: page sizes and version numbers in a path."""

from __future__ import annotations

from typing import Annotated

from litestar.params import Parameter

from freemlops.domain.errors import NotFoundError
from freemlops.domain.page import MAX_LIMIT

Limit = Annotated[int, Parameter(ge=1, le=MAX_LIMIT)]


def version_number(text: int | str) -> int:
    """A version as it stands in a path or a body (`3` or `"3"`).

    Raises `NotFoundError`: what is no number names no version.
    """
    if isinstance(text, int) or (text.isdecimal() and len(text) < 10):
        return int(text)
    raise NotFoundError("There is no version “{version}”.", version=text)
