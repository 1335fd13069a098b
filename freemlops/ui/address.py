"""Links between the pages, and the language that a request asks for: pure, no server needed."""

from __future__ import annotations

from urllib.parse import urlencode

from freemlops.i18n import LANGUAGES, negotiate


def choose_language(query: str | None, cookie: str | None, accept: str | None) -> str:
    """The reader's language: the URL wins over the cookie, the cookie over the browser."""
    for wish in (query, cookie):
        if wish in LANGUAGES:
            return str(wish)
    return negotiate(accept)


def link(page: str, **query: object) -> str:
    """A relative link to a page: right under our server and under `panel serve`."""
    given = {k: v for k, v in query.items() if v is not None and v != ""}
    return f"./{page}" + (f"?{urlencode(given)}" if given else "")
